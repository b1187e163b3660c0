import type { Calendar, Site } from '../../../../directory/index.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { RandomBytes } from '../../../../kernel/clock.ts'
import type { Checkout } from '../../checkout/pay.ts'
import type { ApiRequest } from './request.ts'

/** What the API works with. */
export type Api = {
  readonly checkout: Checkout
  readonly calendar: Calendar
  readonly businessDay: { current(): BusinessDate }
  readonly random: RandomBytes
  readonly sandbox: boolean
}

/** One request of a site whose user was verified. */
export type ApiCall = {
  readonly site: Site
  readonly request: ApiRequest
  readonly clientIp: string
}
