import type { Selling } from './selling.ts'

/** Merchant sites, by the sectors of the note; the other two share what it leaves unnamed. */
export const onlineSectors: Readonly<Record<string, Selling>> = {
  billers: {
    mccs: ['4814', '4900', '4899', '4784'],
    moroccan: { share: 0.57, ticket: 375 },
    foreign: { share: 0.12, ticket: 600 },
    amounts: { sigma: 0.6, grainMinor: 1000, freeOfTen: 7 },
    merchants: { share: 0.06, concentration: 1.3 },
    perThousand: { uncaptured: 3, waits: 0, parts: 0, refunds: 1.5, reversals: 0.8 },
  },
  airlines: {
    mccs: ['4511', '3048', '4722'],
    moroccan: { share: 0.07, ticket: 1850 },
    foreign: { share: 0.39, ticket: 2800 },
    amounts: { sigma: 0.55, grainMinor: 100, freeOfTen: 3 },
    merchants: { share: 0.05, concentration: 1.6 },
    perThousand: { uncaptured: 12, waits: 60, parts: 6, refunds: 14, reversals: 1 },
  },
  'financial-services': {
    mccs: ['6012', '6051', '6300'],
    moroccan: { share: 0.08, ticket: 1380 },
    foreign: { share: 0.06, ticket: 1600 },
    amounts: { sigma: 0.9, grainMinor: 5000, freeOfTen: 3 },
    merchants: { share: 0.07, concentration: 1.2 },
    perThousand: { uncaptured: 2, waits: 0, parts: 0, refunds: 2, reversals: 0.6 },
  },
  deals: {
    mccs: ['5399', '7299', '5969'],
    moroccan: { share: 0.13, ticket: 330 },
    foreign: { share: 0.05, ticket: 400 },
    amounts: { sigma: 0.6, grainMinor: 1000, freeOfTen: 1 },
    merchants: { share: 0.13, concentration: 1.1 },
    perThousand: { uncaptured: 60, waits: 300, parts: 2, refunds: 9, reversals: 1 },
  },
  'e-government': {
    mccs: ['9311', '9399', '9222', '8220'],
    moroccan: { share: 0.05, ticket: 990 },
    foreign: { share: 0.01, ticket: 1000 },
    amounts: { sigma: 0.9, grainMinor: 100, freeOfTen: 6 },
    merchants: { share: 0.05, concentration: 1.5 },
    perThousand: { uncaptured: 1, waits: 0, parts: 0, refunds: 0.2, reversals: 0.5 },
  },
  retail: {
    mccs: ['5311', '5732', '5411'],
    moroccan: { share: 0.03, ticket: 620 },
    foreign: { share: 0.08, ticket: 1200 },
    amounts: { sigma: 0.8, grainMinor: 500, freeOfTen: 2 },
    merchants: { share: 0.24, concentration: 0.9 },
    perThousand: { uncaptured: 8, waits: 80, parts: 8, refunds: 12, reversals: 1 },
  },
  other: {
    mccs: ['5999', '7011', '5942', '5970', '8299'],
    moroccan: { share: 0.07, ticket: 500 },
    foreign: { share: 0.29, ticket: 1500 },
    amounts: { sigma: 0.95, grainMinor: 1000, freeOfTen: 3 },
    merchants: { share: 0.4, concentration: 0.8 },
    perThousand: { uncaptured: 8, waits: 40, parts: 5, refunds: 8, reversals: 1 },
  },
}
