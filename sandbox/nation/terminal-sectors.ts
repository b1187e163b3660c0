import type { Selling } from './selling.ts'

/** Shops: the sectors of the centre's published activity at terminals, and the rest. */
export const terminalSectors: Readonly<Record<string, Selling>> = {
  retail: {
    mccs: ['5411', '5311'],
    moroccan: { share: 0.334, ticket: 450 },
    foreign: { share: 0.163, ticket: 780 },
    amounts: { sigma: 0.8, grainMinor: 100, freeOfTen: 9 },
    merchants: { share: 0.12, concentration: 1.05 },
    perThousand: { uncaptured: 0.5, waits: 0, parts: 0, refunds: 1, reversals: 0.6 },
  },
  hotels: {
    mccs: ['7011'],
    moroccan: { share: 0.025, ticket: 1150 },
    foreign: { share: 0.142, ticket: 3800 },
    amounts: { sigma: 0.9, grainMinor: 1000, freeOfTen: 4 },
    merchants: { share: 0.085, concentration: 0.85 },
    perThousand: { uncaptured: 40, waits: 120, parts: 15, refunds: 4, reversals: 1 },
  },
  restaurants: {
    mccs: ['5812', '5814'],
    moroccan: { share: 0.129, ticket: 315 },
    foreign: { share: 0.285, ticket: 840 },
    amounts: { sigma: 0.7, grainMinor: 500, freeOfTen: 2 },
    merchants: { share: 0.15, concentration: 0.7 },
    perThousand: { uncaptured: 0.5, waits: 0, parts: 0, refunds: 0.4, reversals: 0.6 },
  },
  clothing: {
    mccs: ['5651', '5661'],
    moroccan: { share: 0.112, ticket: 670 },
    foreign: { share: 0.087, ticket: 1450 },
    amounts: { sigma: 0.75, grainMinor: 1000, freeOfTen: 1 },
    merchants: { share: 0.2, concentration: 0.75 },
    perThousand: { uncaptured: 0.3, waits: 0, parts: 0, refunds: 3, reversals: 0.6 },
  },
  fuel: {
    mccs: ['5541'],
    moroccan: { share: 0.15, ticket: 345 },
    foreign: { share: 0.071, ticket: 450 },
    amounts: { sigma: 0.5, grainMinor: 5000, freeOfTen: 2 },
    merchants: { share: 0.035, concentration: 0.5 },
    perThousand: { uncaptured: 1, waits: 0, parts: 0, refunds: 0.2, reversals: 0.8 },
  },
  health: {
    mccs: ['5912', '8011', '8062'],
    moroccan: { share: 0.085, ticket: 545 },
    foreign: { share: 0.041, ticket: 780 },
    amounts: { sigma: 0.9, grainMinor: 500, freeOfTen: 6 },
    merchants: { share: 0.09, concentration: 0.8 },
    perThousand: { uncaptured: 0.5, waits: 0, parts: 0, refunds: 0.8, reversals: 0.5 },
  },
  home: {
    mccs: ['5712', '5732', '5722'],
    moroccan: { share: 0.041, ticket: 2000 },
    foreign: { share: 0.024, ticket: 3900 },
    amounts: { sigma: 0.9, grainMinor: 5000, freeOfTen: 2 },
    merchants: { share: 0.1, concentration: 0.95 },
    perThousand: { uncaptured: 1, waits: 10, parts: 4, refunds: 4, reversals: 0.7 },
  },
  other: {
    mccs: ['5999', '5947', '7298', '4722', '8299'],
    moroccan: { share: 0.124, ticket: 840 },
    foreign: { share: 0.187, ticket: 2120 },
    amounts: { sigma: 1, grainMinor: 1000, freeOfTen: 3 },
    merchants: { share: 0.22, concentration: 0.7 },
    perThousand: { uncaptured: 1, waits: 5, parts: 2, refunds: 2, reversals: 0.6 },
  },
}
