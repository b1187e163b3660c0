import type { Text } from '../document.ts'
import type { NoteFacts } from '../facts.ts'
import type { Findings } from '../findings.ts'
import type { Print } from '../print.ts'

/** What a sentence is told of: it chooses its words by the findings, and prints the facts. */
export type Told = { readonly facts: NoteFacts; readonly findings: Findings; readonly print: Print }

/** A sentence; none where the facts have nothing for it. */
export type Sentence = (told: Told) => Text | null

/** The texts of a language. Every figure of a sentence comes from the facts. */
export type NoteWords = {
  readonly centre: string
  readonly kind: string
  readonly draft: string
  readonly provisional: string
  readonly title: (told: Told) => Text
  readonly dateLine: (told: Told) => Text
  /** What a reader must know before the figures: each that applies. */
  readonly notices: readonly Sentence[]
  readonly lead: Sentence
  /** In order: a heading and the sentences under it. */
  readonly sections: readonly {
    readonly heading: string
    readonly sentences: readonly Sentence[]
  }[]
  readonly outlook: { readonly heading: string; readonly sentences: readonly Sentence[] }
  readonly method: string
  readonly labels: Labels
}

export type Labels = {
  /** Before the names of those whose days were counted. */
  readonly source: string
  readonly keyPoints: string
  readonly tables: string
  readonly previousYear: string
  readonly columns: {
    readonly number: string
    readonly operations: string
    readonly amountMillions: string
    readonly amount: string
    readonly growth: string
    readonly share: string
    readonly ticket: string
    readonly sites: string
    readonly points: string
    /** Of a table that has numbers and amounts in one column. */
    readonly rate: string
    readonly value: string
  }
  /** `September 2013`, `January to September 2013`. */
  readonly period: (name: 'month' | 'ytd', facts: NoteFacts) => string
  readonly lines: {
    readonly all: string
    readonly internet: string
    readonly terminals: string
    readonly moroccan: string
    readonly foreign: string
    readonly onlineMoroccan: string
    readonly onlineForeign: string
    readonly activeSites: string
    readonly activeCards: string
    readonly approval: string
    readonly approvalInternet: string
    readonly approvalTerminals: string
    readonly refunds: string
    readonly refundAmount: string
    readonly lateReversals: string
    readonly lateReversalAmount: string
  }
  readonly tableTitles: {
    readonly payments: string
    readonly online: string
    readonly sectors: string
    readonly sites: string
    readonly quality: string
    readonly outlook: string
  }
  readonly charts: {
    readonly months: string
    readonly sectors: string
    readonly origins: string
    readonly outlook: string
    readonly byCount: string
    readonly byAmount: string
    readonly lastYearsMark: string
    readonly known: string
    readonly foretold: string
    readonly interval: string
  }
  readonly outlookColumns: readonly [string, string, string, string, string]
  /** A sector as a line of a table names it. */
  readonly sector: (value: string) => string
  /** Between what is named and its figure. */
  readonly colon: string
  /** Between the two ends of an interval. */
  readonly to: string
}
