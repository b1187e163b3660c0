import type { Language } from '../press/index.ts'
import { monthsChart, originsChart, outlookChart, sectorsChart } from './charts.ts'
import { figure, plainText, say, type Block, type Note, type Text } from './document.ts'
import type { NoteFacts } from './facts.ts'
import { findingsOf } from './findings.ts'
import { highlights, keyPoints } from './key-points.ts'
import { printer } from './print.ts'
import { qualityTable } from './quality-table.ts'
import { onlineTable, outlookTable, paymentsTable, sectorsTable, sitesTable } from './tables.ts'
import { wordsOf, type Told } from './words/index.ts'
import type { Sentence } from './words/words.ts'

/** What is said of a month, in the words that its figures choose. Pure: the same facts, the same note. */
export function noteOf(facts: NoteFacts, language: Language): Note {
  const words = wordsOf[language]
  const told: Told = { facts, findings: findingsOf(facts), print: printer(language) }
  const marks = [
    ...(facts.released ? [] : [words.draft]),
    ...(facts.provisional ? [words.provisional] : []),
  ]
  return {
    language,
    centre: words.centre,
    kind: words.kind,
    title: words.title(told),
    dateLine: words.dateLine(told),
    mark: marks.length === 0 ? null : marks.join(' · '),
    blocks: blocksOf(told, language),
  }
}

function blocksOf(told: Told, language: Language): readonly Block[] {
  const words = wordsOf[language]
  const { facts, findings, print } = told
  const drawing = { facts, words, print, language }
  const opening = [
    ...sentences(words.notices, told).map((text): Block => ({ kind: 'notice', text })),
    ...sentences([words.lead], told).map((text): Block => ({ kind: 'lead', text })),
  ]
  if (findings.emptyYear) return opening
  const charts = [null, null, sectorsChart(drawing), originsChart(drawing)]
  const sections = words.sections.flatMap(({ heading, sentences: all }, i): readonly Block[] => [
    ...under(heading, sentences(all, told)),
    ...present([charts[i] ?? null]),
  ])
  return [
    ...opening,
    { kind: 'highlights', items: highlights(drawing) },
    ...present([monthsChart(drawing)]),
    keyPoints(drawing),
    ...sections,
    ...under(words.outlook.heading, sentences(words.outlook.sentences, told)),
    ...present([outlookChart(drawing), outlookTable(drawing)]),
    { kind: 'heading', text: words.labels.tables, apart: true },
    paymentsTable(drawing),
    onlineTable(drawing),
    sectorsTable(drawing),
    sitesTable(drawing),
    qualityTable(drawing),
    { kind: 'small', text: [words.method] },
    {
      kind: 'small',
      text: say`${words.labels.source}${words.labels.colon}${figure(facts.sources.join(' · '))}`,
    },
  ]
}

const present = (blocks: readonly (Block | null)[]): readonly Block[] =>
  blocks.flatMap((block) => block ?? [])

/** A heading stands over something or is not there. */
const under = (heading: string, texts: readonly Text[]): readonly Block[] =>
  texts.length === 0
    ? []
    : [
        { kind: 'heading', text: heading, apart: false },
        ...texts.map((text): Block => ({ kind: 'paragraph', text })),
      ]

/** A clause that was left out leaves no space behind. */
const sentences = (all: readonly Sentence[], told: Told): readonly Text[] =>
  all.flatMap((sentence) => {
    const text = sentence(told)
    if (text === null || plainText(text).trim() === '') return []
    const [first, ...rest] = text
    return [typeof first === 'string' ? [first.trimStart(), ...rest] : text]
  })
