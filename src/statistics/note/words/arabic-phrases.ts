import type { Growth } from '../../growth.ts'
import { monthName, valueText } from '../../press/index.ts'
import { say, type Text } from '../document.ts'
import type { NoteFacts } from '../facts.ts'
import { printsZero, type Print } from '../print.ts'

export function months({ month }: NoteFacts): string {
  if (month.endsWith('-01')) return 'خلال يناير'
  return `من يناير إلى ${monthName(month, 'ar')}`
}

/** `، بارتفاع نسبته 108% من حيث العدد و148% من حيث القيمة`; nothing where growth is not known. */
export function pairOf(growth: Growth | null, print: Print, since = ''): Text | null {
  const [count, amount] = [growth?.countPct ?? null, growth?.amountPct ?? null]
  if (count === null || amount === null) return null
  const [first, second] = [wayOf(count), wayOf(amount)]
  if (first === null && second === null) return say`، دون تغيير في العدد ولا في القيمة${since}`
  if (first === second)
    return say`، ب${first} نسبته ${print.size(count)} من حيث العدد و${print.size(amount)} من حيث القيمة${since}`
  if (first === null)
    return say`، دون تغيير من حيث العدد وب${second} نسبته ${print.size(amount)} من حيث القيمة${since}`
  if (second === null)
    return say`، ب${first} نسبته ${print.size(count)} من حيث العدد ودون تغيير من حيث القيمة${since}`
  return say`، ب${first} نسبته ${print.size(count)} من حيث العدد و${second} نسبته ${print.size(amount)} من حيث القيمة${since}`
}

type Way = 'ارتفاع' | 'انخفاض' | null

const wayOf = (pct: number): Way => (printsZero(pct) ? null : pct > 0 ? 'ارتفاع' : 'انخفاض')

/** Always the one word « sector » before the name, so that verbs agree with it whatever the name. */
export const theSector = (value: string): string => {
  const name = valueText('sector', value, 'ar')
  return /[\u0600-\u06ff]/.test(name) ? `قطاع ${name}` : `قطاع «${name}»`
}
