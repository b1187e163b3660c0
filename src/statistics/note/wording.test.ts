/** Words are chosen by the figures: every branch is reached, and no number comes from elsewhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  factsOfMonth,
  factsOfSectors,
  factsOfYear,
  lineOf,
  septemberFacts,
  septemberMade,
  yearMade,
  type Made,
} from '../../../test/support/note-facts.ts'
import { languages } from '../press/index.ts'
import { plainText, type Block, type Note } from './document.ts'
import type { NoteFacts } from './facts.ts'
import { carriedBy, findingsOf, movementOf, sectorFindings, type Movement } from './findings.ts'
import { noteOf } from './note.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u2212', '-')

/** Every sentence of a note as one text. */
function proseOf(note: Note): string {
  const of = (block: Block): readonly string[] =>
    'text' in block && typeof block.text !== 'string' ? [plainText(block.text)] : []
  return plain([plainText(note.title), ...note.blocks.flatMap(of)].join('\n'))
}

const prose = (facts: NoteFacts, language: 'fr' | 'ar' | 'en' = 'fr'): string =>
  proseOf(noteOf(facts, language))

test('a movement has its word from its size and its way', () => {
  const words = ([pct, movement]: readonly [number | null, Movement]): void => {
    assert.equal(movementOf(pct), movement, String(pct))
  }
  const expected = [
    ...([
      [null, 'unknown'],
      [0, 'stable'],
      [0.99, 'stable'],
      [-0.99, 'stable'],
    ] as const),
    ...([
      [1, 'slight-rise'],
      [4.99, 'slight-rise'],
      [5, 'rise'],
      [24.99, 'rise'],
    ] as const),
    ...([
      [25, 'strong-rise'],
      [100, 'strong-rise'],
      [100.01, 'doubling'],
    ] as const),
    ...([
      [-1, 'slight-fall'],
      [-5, 'fall'],
      [-25, 'strong-fall'],
      [-100, 'strong-fall'],
    ] as const),
  ]
  expected.forEach(words)
})

test('each movement has a title of its own in each language', () => {
  const counts = [220_000, 150_000, 110_000, 103_000, 100_000, 98_000, 90_000, 60_000]
  for (const language of languages) {
    const titles = counts.map((count) => {
      const internet: Made = [
        [count, 70_000_000, 300],
        [100_000, 60_000_000, 200],
      ]
      return plainText(noteOf(factsOfMonth({ internet }), language).title)
    })
    const unknown = noteOf(factsOfMonth({ internet: [[100_000, 1, 1], null] }), language)
    const empty = noteOf(withoutData(), language)
    const all = [...titles, plainText(unknown.title), plainText(empty.title)]
    assert.equal(new Set(all).size, 10, all.join('\n'))
  }
})

function withoutData(): NoteFacts {
  const nothing: Made = [[0, 0], null]
  const facts = septemberFacts({ months: [], outlook: { kind: 'none', refusal: tooShort } })
  const line = lineOf('all', nothing)
  const empty = {
    ...{ all: line, internet: line, terminals: line, moroccan: line, foreign: line },
    online: { moroccan: line, foreign: line, gateways: [], sectors: [] },
    days: { held: 0, of: 30 },
  }
  const { month, ytd } = facts.periods
  return { ...facts, periods: { month: { ...month, ...empty }, ytd: { ...ytd, ...empty } } }
}

const tooShort = { kind: 'short', months: 2, needed: 13 } as const

test('what carries a growth', () => {
  const carried = (actorsPct: number | null, operationsPerActorPct: number | null): string =>
    carriedBy({ actorsPct, operationsPerActorPct })
  assert.deepEqual(
    [carried(59, -2), carried(0, 8), carried(12, 8), carried(-3, -1), carried(null, 2)],
    ['actors', 'use', 'both', 'neither', 'unknown'],
  )
  assert.match(
    prose(septemberFacts()),
    /c’est le nombre de sites qui porte la croissance : 411 sites/,
  )
  const sites = (now: number, before: number): NoteFacts =>
    factsOfYear({
      internet: [
        [1_300_000, 872_000_000, now],
        [833_000, 545_000_000, before],
      ],
    })
  assert.match(prose(sites(258, 258)), /les mêmes sites qui travaillent davantage : \+56,1%/)
  assert.match(prose(sites(300, 258)), /Deux moteurs à la fois/)
  const fewer: Made = [
    [700_000, 400_000_000, 250],
    [833_000, 545_000_000, 258],
  ]
  assert.match(prose(factsOfYear({ internet: fewer })), /ni plus nombreux ni plus fréquentés/)
})

const sector = (now: number, before: number | null): Made => [
  [1_000, now],
  before === null ? null : [1_000, before],
]

test('the sector that falls alone is said to be alone', () => {
  const one = prose(septemberFacts())
  assert.match(one, /Un seul secteur recule : les sites de deals \(-16%, à 52,7 MDH\)/)
  assert.match(one, /Meilleure progression : l’e-gouvernement, \+97,1%/)
  assert.match(one, /celui des grands facturiers \(270,3 MDH\) ; viennent ensuite les compagnies/)
  const two = factsOfSectors({
    deals: sector(80, 100),
    airlines: sector(90, 100),
    billers: sector(3, 2),
  })
  assert.match(prose(two), /Plusieurs secteurs reculent : les sites de deals .* et les compagnies/)
  const none = factsOfSectors({ deals: sector(120, 100), airlines: sector(100, 100) })
  assert.match(prose(none), /Aucun secteur ne recule/)
  const all = factsOfSectors({ deals: sector(80, 100), airlines: sector(90, 100) })
  assert.match(prose(all), /Tous les secteurs reculent/)
  assert.doesNotMatch(prose(all), /Meilleure progression/)
  assert.match(prose(septemberFacts(), 'ar'), /ولم يتراجع سوى قطاع واحد: قطاع مواقع العروض/)
  assert.match(prose(septemberFacts(), 'en'), /Only one sector falls: deals sites \(-16%, to MAD/)
})

test('what is left over neither leads nor falls, and a tiny sector is no headline', () => {
  const facts = factsOfSectors({
    other: sector(300_000_000, 100),
    billers: sector(500_000_000, 400_000_000),
    deals: sector(200, 10),
  })
  const found = sectorFindings(facts.periods.ytd)
  assert.equal(found.best?.value, 'billers')
  assert.deepEqual(
    found.order.map(({ value }) => value),
    ['billers', 'deals'],
  )
})

test('an unknown sector is called by its own name, whatever is in it', () => {
  const facts = factsOfSectors({ 'pet-shops': sector(900, 100), '<b>x</b>': sector(80, 100) })
  assert.match(prose(facts), /celui nommé « pet shops »/)
  assert.match(prose(facts, 'ar'), /قطاع «pet shops»/)
  assert.match(prose(facts, 'en'), /the sector “pet shops”/)
})

test('a fall and a rise are told apart, and no change is said', () => {
  const month = (now: readonly [number, number], before: readonly [number, number]): string =>
    prose(
      factsOfMonth({
        internet: [
          [...now, 9],
          [...before, 9],
        ],
      }),
    )
  assert.match(month([120, 900], [100, 1_000]), /en hausse de 20% en nombre mais en baisse de 10%/)
  assert.match(month([80, 900], [100, 1_000]), /en baisse de 20% en nombre et de 10% en valeur/)
  assert.match(month([100, 1_000], [100, 1_000]), /sans changement en nombre ni en valeur/)
  assert.match(month([100, 1_100], [100, 1_000]), /sans changement en nombre et en hausse de 10%/)
})

test('what is not known is not compared, and that is said', () => {
  const facts = septemberFacts()
  const { month, ytd } = facts.periods
  const unknown = (period: typeof month, held: number): typeof month => ({
    ...period,
    previous: { ...period.previous, days: { held, of: 274 } },
    all: { ...period.all, before: null, growth: null },
    internet: { ...period.internet, before: null, growth: null },
    online: { ...period.online, sectors: [] },
  })
  const first = { ...facts, periods: { month: unknown(month, 0), ytd: unknown(ytd, 0) } }
  assert.match(prose(first), /Le centre n’a pas de chiffres pour 2012/)
  assert.doesNotMatch(prose(first).split('\n').slice(0, 3).join(), /hausse|baisse/)
  const partial = { ...facts, periods: { month, ytd: unknown(ytd, 100) } }
  assert.match(prose(partial), /2012 ne couvrent pas toute la période/)
  const short = { ...ytd, days: { held: 200, of: 273 } }
  const open = { ...facts, provisional: true, periods: { month, ytd: short } }
  assert.match(prose(open), /Chiffres provisoires/)
  assert.match(prose(open), /200 jours sur 273/)
  for (const language of languages) {
    assert.ok(noteOf(open, language).mark !== null)
    assert.equal(noteOf(facts, language).mark, null)
    assert.ok(noteOf({ ...facts, released: false }, language).mark !== null)
    assert.ok(noteOf(withoutData(), language).blocks.length >= 2)
  }
})

test('January is not told twice', () => {
  const facts = septemberFacts({ month: '2013-01' })
  const january = { ...facts, periods: { month: facts.periods.month, ytd: facts.periods.month } }
  assert.equal(findingsOf(january).january, true)
  const { blocks } = noteOf(january, 'en')
  const tables = blocks.flatMap((block) => (block.kind === 'table' ? [block.groups.length] : []))
  assert.ok(tables.every((groups) => groups === 1))
})

test('a forecast says how it was tried, and where a simpler one is better', () => {
  const facts = septemberFacts()
  assert.ok(facts.outlook.kind === 'forecast')
  const { count, amount } = facts.outlook
  const worse = { ...count, backTest: count.backTest && { ...count.backTest, beatsNaive: false } }
  const untried = { ...count, backTest: null }
  const told = (one: typeof count): string =>
    prose({ ...facts, outlook: { kind: 'forecast', count: one, amount } })
  assert.match(told(worse), /a fait aussi bien ou mieux/)
  assert.match(told(untried), /trop court pour éprouver/)
  for (const kind of ['open-month', 'short', 'holes'] as const) {
    const refusal = { ...tooShort, month: '2013-09', days: 9, of: 600, kind } as const
    const none = { ...facts, outlook: { kind: 'none', refusal } } as NoteFacts
    assert.match(prose(none), /Pas de prévision/)
  }
})

/** Every number in a text that is not a year or a day. */
const numbersIn = (text: string): readonly string[] =>
  [...plain(text).matchAll(/\d+(?:[., ]\d{3})*(?:[.,]\d+)?/g)].map(([number]) => number)

test('no number stands in a sentence but as a figure of the facts', () => {
  for (const language of languages) {
    const note = noteOf(septemberFacts(), language)
    for (const block of note.blocks) {
      if (!('text' in block) || typeof block.text === 'string') continue
      const words = block.text.filter((one) => typeof one === 'string').join(' ')
      assert.deepEqual(
        numbersIn(words).filter((number) => !['2012', '2013', '1'].includes(number)),
        [],
        words,
      )
    }
  }
})

test('whatever the counts, the words agree with their signs', () => {
  const count = fc.integer({ min: 1, max: 5_000_000 })
  fc.assert(
    fc.property(count, count, count, count, (now, amount, before, amountBefore) => {
      const facts = factsOfMonth({
        internet: [
          [now, amount, 3],
          [before, amountBefore, 2],
        ],
      })
      const { internet } = facts.periods.month
      const [grown, worth] = [internet.growth?.countPct ?? 0, internet.growth?.amountPct ?? 0]
      const lead = noteOf(facts, 'en').blocks.find(({ kind }) => kind === 'lead')
      assert.ok(lead?.kind === 'lead')
      const text = plainText(lead.text)
      assert.equal(/ up /.test(text), grown >= 0.05 || worth >= 0.05, text)
      assert.equal(/ down /.test(text), grown <= -0.05 || worth <= -0.05, text)
    }),
    { numRuns: 200 },
  )
})

test('the figures that the press printed of September 2013 are read in the note', () => {
  const text = prose(septemberFacts())
  const printed = ['211 000 opérations', '156 MDH', '108%', '148%', '17,5 millions d’opérations']
  const more = ['13,4 milliards de dirhams', '21%', '16%', '1,3 million d’opérations', '872 MDH']
  const most = ['411 sites actifs', '258', '270,3 MDH', '269,8 MDH', '133,7 MDH', '52,7 MDH']
  for (const figure of [...printed, ...more, ...most, '+97,1%', '-16%', '56%', '81%', '60%']) {
    assert.ok(text.includes(figure), figure)
  }
  assert.equal(septemberMade.internet[0][0], 210_842)
  assert.equal(yearMade.internet[0][2], 411)
})
