import type { Growth } from '../../growth.ts'
import { monthName, valueText } from '../../press/index.ts'
import { say, type Text } from '../document.ts'
import type { NoteFacts } from '../facts.ts'
import { printsZero, type Print } from '../print.ts'

export function months({ month }: NoteFacts): string {
  if (month.endsWith('-01')) return 'in January'
  return `from January to ${monthName(month, 'en')}`
}

/** `, up 108% in number and 148% in value`; nothing where growth is not known. */
export function pairOf(growth: Growth | null, print: Print, since = ''): Text | null {
  const [count, amount] = [growth?.countPct ?? null, growth?.amountPct ?? null]
  if (count === null || amount === null) return null
  const [first, second] = [wayOf(count), wayOf(amount)]
  if (first === 'unchanged' && second === 'unchanged')
    return say`, unchanged in number and in value${since}`
  if (first === second)
    return say`, ${first} ${print.size(count)} in number and ${print.size(amount)} in value${since}`
  const one = (way: Way, pct: number): Text =>
    way === 'unchanged' ? say`unchanged` : say`${way} ${print.size(pct)}`
  const opposed = first !== 'unchanged' && second !== 'unchanged'
  return say`, ${one(first, count)} in number ${opposed ? 'but' : 'and'} ${one(second, amount)} in value${since}`
}

type Way = 'up' | 'down' | 'unchanged'

const wayOf = (pct: number): Way => (printsZero(pct) ? 'unchanged' : pct > 0 ? 'up' : 'down')

const known = [
  'billers',
  'airlines',
  'deals',
  'financial-services',
  'e-government',
  'retail',
].concat(['hotels', 'restaurants', 'clothing', 'fuel', 'health', 'furniture', 'electronics'])

/** A sector that these texts do not know is called by its own name. */
export const theSector = (value: string): string =>
  known.includes(value)
    ? valueText('sector', value, 'en')
    : `the sector “${valueText('sector', value, 'en')}”`
