import type { Texts } from './words.ts'

export const english: Texts = {
  title: 'Card payments',
  comma: ',',
  centre: 'Interbank card-payment centre',
  inMonth: (month) => `In ${month}`,
  inYear: (month) => `January to the end of ${month}`,
  operations: 'operations',
  amount: 'amount',
  onAYear: 'on a year before',
  headlines: {
    all: 'All payments',
    internet: 'Payments on the Internet',
    sites: 'Active merchant sites',
  },
  months: ({ value, growth }) =>
    growth === ''
      ? `${value} since the year began`
      : `${value} since the year began, ${growth} on a year before`,
  sectors: ({ first, second, falling }) =>
    falling === null
      ? `Online, ${first} ahead of ${second}`
      : `Online, ${first} ahead of ${second}; falling: ${falling}`,
  channels: ({ share }) => `The Internet is ${share} of operations`,
  origins: ({ share }) => `Moroccan cards make ${share} of operations`,
  sites: ({ value, previous }) =>
    `${value} active merchant sites against ${previous} a year before`,
  hours: ({ weekday, hour }) => `Most is paid on ${weekday}s, around ${hour}:00`,
  notes: {
    months: 'By month; paler, the same period of the year before.',
    sectors: 'Payments on the Internet by sector; the tick is the year before.',
    shares: 'Shares of operations and of amounts.',
    sites: 'Sites with at least one operation in the month; paler, a year before.',
    hours: 'Operations of the month by day and hour, Casablanca time.',
  },
  columns: {
    month: 'Month',
    sector: 'Sector',
    part: 'Part of',
    hour: 'Day',
    year: 'This year',
    yearBefore: 'Year before',
    growth: 'Change',
    share: 'Share',
    sites: 'Active sites',
  },
  inCount: 'By number',
  inAmount: 'By amount',
  table: 'The table',
  download: 'Download (CSV)',
  show: 'Show',
  all: 'All',
  filters: {
    month: 'Month',
    measure: 'Measure',
    channel: 'Channel',
    cardOrigin: 'Cards',
    gateway: 'Gateway',
  },
  measures: { count: 'number of operations', amount: 'amount' },
  provisional: (asOf) => `Provisional figures, read at ${asOf}: at least one day is not closed.`,
  final: 'Final figures.',
  besides: (currencies) =>
    `Figures of payments in dirhams: those in other currencies (${currencies}) are not in them.`,
  withheld: 'withheld',
  nothingYet: {
    title: 'No month is published yet',
    text: 'The figures of a month appear here once two people of the centre have released them.',
  },
  notReleased: {
    title: 'This month is not published',
    text: 'Choose a published month from the list.',
  },
  wrong: {
    title: 'This is not the address of a page of figures',
    text: (parameter) => `The parameter “${parameter}” has no value that is known.`,
  },
  note: 'The month’s note',
}
