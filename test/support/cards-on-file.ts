/** A customer whose card a site keeps, as the tests of it begin. */
import { dataOf, textIn, type Api, type ApiAnswer } from './api.ts'

export async function newCustomer(api: Api, reference = 'ABONNE'): Promise<string> {
  const made = await api.post('/v1/customers', { reference })
  if (made.status !== 201) throw new Error(made.text)
  return textIn(made.body, 'id')
}

export type Paying = Readonly<Record<string, unknown>>

export const pays = (api: Api, order: string, body: Paying): Promise<ApiAnswer> =>
  api.post('/v1/payments', { amountMinor: '24990', currency: 'MAD', order, ...body })

/** A payment by token whose card is kept; the answer's payment is captured. */
export async function keptCard(
  api: Api,
  order: string,
  source: string,
): Promise<{ readonly customerId: string; readonly card: string }> {
  const customerId = await newCustomer(api)
  const paid = await pays(api, order, { source, customerId, saveCard: true })
  if (paid.body['status'] !== 'captured') throw new Error(paid.text)
  const [card] = await cardsOf(api, customerId)
  if (card === undefined) throw new Error('no card was kept')
  return { customerId, card: textIn(card, 'id') }
}

export const cardsOf = async (
  api: Api,
  customerId: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  dataOf(await api.get(`/v1/customers/${customerId}/cards`))

export const byMerchant = (source: string, reason = 'recurring'): Paying => ({
  source,
  initiator: 'merchant',
  reason,
})
