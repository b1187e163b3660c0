import { Type, type Static } from '@sinclair/typebox'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Directory } from '../../../../directory/index.ts'
import type { Clock } from '../../../../kernel/clock.ts'
import type { SiteId } from '../../../../kernel/ids.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import {
  customerIdOf,
  notChargeable,
  parseCardId,
  parseCustomerId,
  type CardOnFile,
  type CardsOnFile,
  type MerchantReason,
} from '../../checkout/card-on-file.ts'
import { selectCustomer } from '../customers/sql.ts'
import type { ErrorCode, Refusal } from '../errors.ts'
import * as shape from '../shapes.ts'

const reasons = [
  'recurring',
  'unscheduled',
  'instalment',
] as const satisfies readonly MerchantReason[]

/** What a new payment says of cards: the one it is paid with, and whether one is kept. */
export const onFileFields = {
  source: Type.Optional(
    Type.String({
      pattern: '^(tok_[A-Za-z0-9_-]{24}|card_[0-9a-hjkmnp-tv-z]{32})$',
      description: 'a token, tok_…, or a card that is kept for a customer, card_…',
    }),
  ),
  customerId: Type.Optional(shape.idOf('cus')),
  saveCard: Type.Optional(
    Type.Boolean({
      description:
        'true: the card is kept for later payments once its bank has approved this one; the ' +
        'customer must have agreed, as the page of the centre says',
    }),
  ),
  initiator: Type.Optional(
    shape.oneOf(
      ['customer', 'merchant'] as const,
      '"customer" confirms a kept card on the page, "merchant" charges it with nobody there',
    ),
  ),
  reason: Type.Optional(
    shape.oneOf(
      reasons,
      'why the merchant charges the card: "recurring", "unscheduled" or "instalment"',
    ),
  ),
}

const fields = Type.Object(onFileFields)

/** How a new payment is to be paid, once all that it names was found. */
export type PaidBy = {
  readonly customerId: string | null
  /** The card that is typed is kept for the customer. */
  readonly keep: boolean
  readonly token: string | null
  /** A kept card that its holder confirms on the page. */
  readonly confirmed: CardOnFile | null
  /** A kept card that the merchant charges at once. */
  readonly charged: { readonly card: CardOnFile; readonly reason: MerchantReason } | null
}

export const onFileErrors: readonly ErrorCode[] = [
  'customer_unknown',
  'card_unknown',
  'card_removed',
  'card_expired',
]

export type OnFileSource = {
  readonly database: Queryable
  readonly cards: Pick<CardsOnFile, 'find'>
  readonly directory: Pick<Directory, 'calendar'>
  readonly clock: Clock
}

export async function readPaidBy(
  source: OnFileSource,
  site: SiteId,
  body: Static<typeof fields>,
): Promise<Result<PaidBy, Refusal>> {
  const wrong = wrongTogether(body)
  if (wrong !== undefined) return fail(wrong)
  const { customerId = null, saveCard: keep = false } = body
  const unknown = await unknownCustomer(source, site, customerId)
  if (unknown !== undefined) return fail(unknown)
  const plain = { customerId, keep, token: null, confirmed: null, charged: null }
  if (body.source === undefined) return ok(plain)
  if (body.source.startsWith('tok_')) return ok({ ...plain, token: body.source })
  const card = await chargeableCard(source, site, body.source)
  if (!card.ok) return card
  const owner = customerIdOf(card.value.customer)
  if (customerId !== null && customerId !== owner)
    return fail({ code: 'card_unknown', field: 'source' })
  const { reason } = body
  return ok(
    reason === undefined
      ? { ...plain, customerId: owner, confirmed: card.value }
      : { ...plain, customerId: owner, charged: { card: card.value, reason } },
  )
}

/** Fields that are right by themselves and not beside each other. */
function wrongTogether(body: Static<typeof fields>): Refusal | undefined {
  const { customerId, saveCard = false, initiator, reason } = body
  const isKept = body.source?.startsWith('card_') ?? false
  const invalid = (field: string, rule: string): Refusal => ({
    code: 'invalid_field',
    field,
    message: `${field}: ${rule}`,
  })
  const missing = (field: string): Refusal => ({
    code: 'missing_field',
    field,
    message: `${field} is required`,
  })
  if (saveCard && isKept) return invalid('saveCard', 'the card of source is kept already')
  if (saveCard && customerId === undefined) return missing('customerId')
  if (isKept && initiator === undefined) return missing('initiator')
  if (initiator === 'merchant' && !isKept) {
    return invalid('initiator', 'a merchant charges a card that is kept, card_…, in source')
  }
  if (initiator === 'merchant' && reason === undefined) return missing('reason')
  if (initiator !== 'merchant' && reason !== undefined) {
    return invalid('reason', 'of a payment whose initiator is the merchant')
  }
  return undefined
}

async function unknownCustomer(
  { database }: OnFileSource,
  site: SiteId,
  id: string | null,
): Promise<Refusal | undefined> {
  if (id === null) return undefined
  const place = parseCustomerId(id)
  const found = place === undefined ? undefined : await selectCustomer(database, place)
  return found?.site_id === site ? undefined : { code: 'customer_unknown', field: 'customerId' }
}

async function chargeableCard(
  { cards, directory, clock }: OnFileSource,
  site: SiteId,
  id: string,
): Promise<Result<CardOnFile, Refusal>> {
  const place = parseCardId(id)
  const card = place === undefined ? undefined : await cards.find(place)
  if (card?.site !== site) return fail({ code: 'card_unknown', field: 'source' })
  switch (notChargeable(card, directory.calendar.dateOf(clock.now()))) {
    case 'removed':
      return fail({ code: 'card_removed', field: 'source' })
    case 'expired':
      return fail({ code: 'card_expired', field: 'source' })
    case undefined:
      return ok(card)
  }
}
