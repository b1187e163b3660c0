import { parseCurrency } from '../kernel/currency.ts'
import type { AcquirerId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { sectors } from './load.ts'
import type { Gateway } from './participants.ts'
import { mccOfSector, type SiteDraft } from './registered-site.ts'

/** What an operator says of a new site, by the command line or over the API, before it is judged. */
export type SiteSaid = {
  readonly name: string
  readonly sector: string
  readonly gateway?: string | undefined
  readonly city?: string | undefined
  readonly url?: string | undefined
  readonly mcc?: string | undefined
  readonly currency?: string | undefined
  readonly acquirer?: string | undefined
  readonly holdHours?: number | undefined
}

export type WrongSite = { readonly field: keyof SiteSaid; readonly rule: string }

export const gateways: readonly Gateway[] = ['cmi', 'maroc-telecommerce']

/** The draft with every default filled in, or the first field that breaks its rule. */
export function readSiteDraft(
  said: SiteSaid,
  acquirers: readonly AcquirerId[],
): Result<SiteDraft, WrongSite> {
  const wrong = (field: keyof SiteSaid, rule: string): Result<never, WrongSite> =>
    fail({ field, rule })
  const oneOf = <T extends string>(known: readonly T[], text: string | undefined): T | undefined =>
    known.find((one) => one === text)
  const { name, city = 'CASABLANCA', url = 'http://127.0.0.1/', holdHours = 168 } = said
  const sector = oneOf(sectors, said.sector)
  if (sector === undefined) return wrong('sector', `one of ${sectors.join(', ')}`)
  const currency = parseCurrency(said.currency ?? 'MAD')
  if (currency === undefined) return wrong('currency', 'a currency such as MAD or 504')
  if (!isShopAddress(url)) return wrong('url', 'an http or https address')
  if (!Number.isInteger(holdHours) || holdHours < 1 || holdHours > limits.holdHoursMax) {
    return wrong('holdHours', `a number of hours, 1 to ${limits.holdHoursMax}`)
  }
  if (!/^[^\p{Cc}\p{Cs}]{1,80}$/u.test(name)) return wrong('name', '1 to 80 printable characters')
  if (!/^[^\p{Cc}\p{Cs}]{1,13}$/u.test(city)) return wrong('city', '1 to 13 characters')
  const acquirer = oneOf(acquirers, said.acquirer ?? acquirers[0])
  if (acquirer === undefined) return wrong('acquirer', `one of ${acquirers.join(', ')}`)
  const gateway = oneOf(gateways, said.gateway ?? 'cmi')
  if (gateway === undefined) return wrong('gateway', `one of ${gateways.join(', ')}`)
  const mcc = said.mcc ?? mccOfSector[sector]
  if (!/^[0-9]{4}$/.test(mcc)) return wrong('mcc', '4 digits')
  return ok({ name, city, country: 'MA', acquirer, gateway, sector, mcc, url, currency, holdHours })
}

const isShopAddress = (text: string): boolean =>
  text.length <= 2_048 && /^https?:\/\//.test(text) && URL.canParse(text)
