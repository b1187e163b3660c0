import type { FilterName, Measure } from './asked.ts'

/** What the page says. Numbers come printed; growth is empty where there is no year before. */
export type Texts = {
  readonly title: string
  readonly comma: string
  readonly centre: string
  readonly inMonth: (month: string) => string
  readonly inYear: (month: string) => string
  readonly operations: string
  readonly amount: string
  readonly onAYear: string
  readonly headlines: { readonly all: string; readonly internet: string; readonly sites: string }
  readonly months: (facts: { value: string; growth: string }) => string
  readonly sectors: (facts: { first: string; second: string; falling: string | null }) => string
  readonly channels: (facts: { share: string }) => string
  readonly origins: (facts: { share: string }) => string
  readonly sites: (facts: { value: string; previous: string }) => string
  readonly hours: (facts: { weekday: string; hour: string }) => string
  readonly notes: {
    readonly months: string
    readonly sectors: string
    readonly shares: string
    readonly sites: string
    readonly hours: string
  }
  readonly columns: {
    readonly month: string
    readonly sector: string
    readonly part: string
    readonly hour: string
    readonly year: string
    readonly yearBefore: string
    readonly growth: string
    readonly share: string
    readonly sites: string
  }
  readonly inCount: string
  readonly inAmount: string
  readonly table: string
  readonly download: string
  readonly show: string
  readonly all: string
  readonly filters: Readonly<Record<FilterName | 'month' | 'measure', string>>
  readonly measures: Readonly<Record<Measure, string>>
  readonly provisional: (asOf: string) => string
  readonly final: string
  /** Of the codes of other currencies, in one text. */
  readonly besides: (currencies: string) => string
  readonly withheld: string
  readonly nothingYet: { readonly title: string; readonly text: string }
  readonly notReleased: { readonly title: string; readonly text: string }
  readonly wrong: { readonly title: string; readonly text: (parameter: string) => string }
  readonly note: string
}
