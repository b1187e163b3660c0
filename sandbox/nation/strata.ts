import { onlineSectors } from './online-sectors.ts'
import type { Selling } from './selling.ts'
import { terminalSectors } from './terminal-sectors.ts'

export type Origin = 'moroccan' | 'foreign'
export type Channel = 'internet' | 'terminal'

/** What is planned as one: its operations of a month have a count and a sum of their own. */
export type Stratum = {
  /** From 0, the same in every month. */
  readonly id: number
  readonly channel: Channel
  readonly sector: string
  readonly origin: Origin
  readonly selling: Selling
}

export const sectorsOf: Readonly<Record<Channel, Readonly<Record<string, Selling>>>> = {
  internet: onlineSectors,
  terminal: terminalSectors,
}

const channels = ['internet', 'terminal'] as const
const origins = ['moroccan', 'foreign'] as const

export const strata: readonly Stratum[] = channels
  .flatMap((channel) =>
    Object.entries(sectorsOf[channel]).flatMap(([sector, selling]) =>
      origins.map((origin) => ({ channel, sector, origin, selling })),
    ),
  )
  .map((stratum, id) => ({ id, ...stratum }))
