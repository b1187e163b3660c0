import { capital, monthName, monthText, valueText } from '../../press/index.ts'
import type { Labels } from './words.ts'

export const englishLabels: Labels = {
  keyPoints: 'Key points',
  tables: 'Tables',
  previousYear: 'a year before',
  columns: {
    operations: 'Operations',
    amountMillions: 'Amount (MAD m)',
    amount: 'Amount (MAD)',
    growth: 'Growth',
    share: 'Share',
    ticket: 'Ticket (MAD)',
    sites: 'Active sites',
    points: 'Gap (points)',
    value: 'Value',
  },
  period: (name, { month }) =>
    name === 'month' || month.endsWith('-01')
      ? monthText(month, 'en')
      : `January to ${monthName(month, 'en')} ${month.slice(0, 4)}`,
  lines: {
    all: 'All payments',
    internet: 'Internet',
    terminals: 'Terminals',
    moroccan: 'Moroccan cards',
    foreign: 'Foreign cards',
    onlineMoroccan: 'Internet, Moroccan cards',
    onlineForeign: 'Internet, foreign cards',
    activeSites: 'Active sites',
    activeCards: 'Active cards',
    approval: 'Approval rate',
    approvalInternet: 'Approval rate, Internet',
    approvalTerminals: 'Approval rate, terminals',
    refunds: 'Refunds',
    refundAmount: 'Refunded (MAD)',
    lateReversals: 'Late reversals',
    lateReversalAmount: 'Reversed late (MAD)',
  },
  tableTitles: {
    payments: 'Payments at merchants and on merchant sites',
    online: 'Online payments, by gateway and by origin of the cards',
    sectors: 'Online payments, by sector',
    sites: 'Active merchant sites',
    quality: 'Approvals, refunds and reversals',
    outlook: 'Forecast of online payments',
  },
  charts: {
    months: 'Online operations, month by month',
    sectors: 'Online amounts by sector',
    origins: 'Moroccan and foreign cards',
    outlook: 'Online operations: known, then expected',
    byCount: 'By number',
    byAmount: 'By amount',
    lastYearsMark: 'last year’s level',
    known: 'observed',
    foretold: 'expected',
    interval: 'four chances out of five',
  },
  outlookColumns: ['Month', 'Operations', '80% interval', '95% interval', 'Amount (MAD m)'],
  sector: (value) => capital(valueText('sector', value, 'en')),
  to: ' to ',
}
