import type { Growth } from '../../growth.ts'
import { monthName, valueText } from '../../press/index.ts'
import { say as plainly, type Text } from '../document.ts'
import type { NoteFacts } from '../facts.ts'
import { printsZero, type Print } from '../print.ts'

/** `depuis janvier`, `de janvier à septembre`. */
export function months({ month }: NoteFacts): string {
  if (month.endsWith('-01')) return 'en janvier'
  return `de janvier à ${monthName(month, 'fr')}`
}

/** `, en hausse de 108% en nombre et de 148% en valeur`; nothing where growth is not known. */
export function pairOf(growth: Growth | null, print: Print, since = ''): Text | null {
  const [count, amount] = [growth?.countPct ?? null, growth?.amountPct ?? null]
  if (count === null || amount === null) return null
  const [first, second] = [wayOf(count), wayOf(amount)]
  if (first === second) {
    return first === 'stable'
      ? say`, sans changement en nombre ni en valeur${since}`
      : say`, en ${first} de ${print.size(count)} en nombre et de ${print.size(amount)} en valeur${since}`
  }
  const one = (way: Way, pct: number): Text =>
    way === 'stable' ? say`sans changement` : say`en ${way} de ${print.size(pct)}`
  const opposed = first !== 'stable' && second !== 'stable'
  return say`, ${one(first, count)} en nombre ${opposed ? 'mais' : 'et'} ${one(second, amount)} en valeur${since}`
}

type Way = 'hausse' | 'baisse' | 'stable'

export const wayOf = (pct: number): Way =>
  printsZero(pct) ? 'stable' : pct > 0 ? 'hausse' : 'baisse'

const articles: Readonly<Record<string, readonly [the: string, of: string]>> = {
  billers: ['les grands facturiers', 'des grands facturiers'],
  airlines: ['les compagnies aériennes', 'des compagnies aériennes'],
  'financial-services': ['les services financiers', 'des services financiers'],
  deals: ['les sites de deals', 'des sites de deals'],
  'e-government': ['l’e-gouvernement', 'de l’e-gouvernement'],
  retail: ['la grande distribution', 'de la grande distribution'],
  hotels: ['l’hôtellerie', 'de l’hôtellerie'],
  restaurants: ['la restauration', 'de la restauration'],
  clothing: ['l’habillement', 'de l’habillement'],
  fuel: ['les stations-service', 'des stations-service'],
  health: ['la santé', 'de la santé'],
  furniture: ['l’ameublement', 'de l’ameublement'],
  electronics: ['l’électroménager', 'de l’électroménager'],
}

/** A sector that these texts do not know is called by its own name. */
export const theSector = (value: string): string =>
  articles[value]?.[0] ?? `le secteur « ${valueText('sector', value, 'fr')} »`

/** After « celui ». */
export const of = (value: string): string =>
  articles[value]?.[1] ?? `nommé « ${valueText('sector', value, 'fr')} »`

export const sectorName = (value: string): string => valueText('sector', value, 'fr')

const nbsp = '\u00a0'

/** [fr] A space that does not break stands before : ; ? ! and within « ». */
const spaced = (text: string): string =>
  text.replace(/ (?=[:;?!»])/g, nbsp).replaceAll('« ', `«${nbsp}`)

/** A sentence with its figures, spaced as French is. */
export const say = (
  strings: TemplateStringsArray,
  ...parts: Parameters<typeof plainly> extends [unknown, ...infer P] ? P : never
): Text => plainly(strings, ...parts).map((one) => (typeof one === 'string' ? spaced(one) : one))
