import { Type, type Static, type TSchema } from '@sinclair/typebox'

/**
 * The pieces of the API's bodies. A `description` is the rule that a refusal quotes behind the
 * field's name.
 */
export const minorAmount = Type.String({
  pattern: '^(0|[1-9][0-9]{0,17})$',
  description: 'a string of minor units without sign or leading zeros: "24990" is 249.90 MAD',
})

export const currencyCode = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'a currency of ISO 4217 in capitals, such as MAD',
})

/** Text of one line: no control characters, no lone surrogates. */
export const line = (maxLength: number): ReturnType<typeof Type.String> =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]+$',
    description: `1 to ${maxLength} characters without control characters`,
  })

export const webAddress = Type.String({
  maxLength: 2_048,
  pattern: '^https?://[^\\s\\u0000-\\u001f"<>\\\\]+$',
  description: 'an absolute http or https address of at most 2048 characters',
})

export const businessDate = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  description: 'a date YYYY-MM-DD',
})

export const instant = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$',
  description: 'an instant in UTC, such as 2013-09-15T14:30:25Z',
})

export const idOf = (prefix: string): ReturnType<typeof Type.String> =>
  Type.String({ pattern: `^${prefix}_`, description: `an id that begins with ${prefix}_` })

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const literal = (name: string): string => name.replace(/[.*]/g, '\\$&')

export const oneOf = <const T extends readonly string[]>(names: T, description: string) =>
  Type.Unsafe<T[number]>(
    Type.String({ enum: [...names], pattern: `^(${names.map(literal).join('|')})$`, description }),
  )

export const closed = { additionalProperties: false } as const

/** What every list takes. */
export const pageQuery = {
  limit: Type.Optional(
    Type.String({ pattern: '^([1-9][0-9]?|100)$', description: 'a number from 1 to 100' }),
  ),
  after: Type.Optional(
    Type.String({ maxLength: 300, description: 'the `next` of the page before' }),
  ),
}

export const listOf = (item: TSchema) =>
  Type.Object({
    object: Type.Literal('list'),
    data: Type.Array(item),
    next: nullable(Type.String({ description: 'give it as `after` for the next page' })),
  })

export const email = Type.String({
  maxLength: 254,
  pattern: '^[^\\s@\\u0000-\\u001f]+@[^\\s@\\u0000-\\u001f]+$',
  description: 'an e-mail address',
})

export const customer = Type.Object(
  {
    name: Type.Optional(line(100)),
    email: Type.Optional(email),
    phone: Type.Optional(
      Type.String({ pattern: '^\\+?[0-9 ]{4,20}$', description: 'digits, with or without +' }),
    ),
    reference: Type.Optional(line(64)),
  },
  closed,
)

export const metadata = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_.-]{1,40}$' }),
  Type.String({ maxLength: 500, pattern: '^[^\\u0000\\ud800-\\udfff]*$' }),
  {
    maxProperties: 20,
    description: 'at most 20 texts of 500 characters, by names of 40',
    ...closed,
  },
)

export const apiError = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    field: nullable(Type.String()),
    requestId: Type.String(),
  }),
})

export const paymentStatuses = [
  'requires_action',
  'processing',
  'authorized',
  'captured',
  'declined',
  'voided',
  'refunded',
  'expired',
] as const

export const payment = Type.Object(
  {
    id: idOf('pay'),
    object: Type.Literal('payment'),
    status: oneOf(paymentStatuses, 'where the payment stands'),
    amountMinor: minorAmount,
    capturedMinor: minorAmount,
    refundedMinor: minorAmount,
    currency: currencyCode,
    order: Type.String(),
    capture: oneOf(['automatic', 'manual'], 'whether a card is charged at once or by a capture'),
    site: Type.String(),
    description: nullable(Type.String()),
    customer: nullable(customer),
    customerId: nullable(idOf('cus')),
    metadata: nullable(metadata),
    initiator: oneOf(
      ['customer', 'merchant'],
      'whose word the card was charged on: its holder’s, or the merchant’s alone',
    ),
    pageUrl: nullable(
      Type.String({
        description: 'where the customer pays; null once there is nothing to do there',
      }),
    ),
    card: nullable(
      Type.Object({
        brand: Type.String(),
        masked: Type.String(),
        origin: oneOf(['moroccan', 'foreign'], 'where the card is from'),
        expMonth: Type.Integer(),
        expYear: Type.Integer(),
      }),
    ),
    decline: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
    createdAt: instant,
    expiresAt: instant,
    businessDate,
  },
  { title: 'Payment' },
)

export type PaymentBody = Static<typeof payment>

export const refund = Type.Object(
  {
    id: idOf('ref'),
    object: Type.Literal('refund'),
    payment: idOf('pay'),
    status: oneOf(['pending', 'succeeded', 'declined'], 'where the refund stands'),
    amountMinor: minorAmount,
    currency: currencyCode,
    createdAt: instant,
    businessDate,
  },
  { title: 'Refund' },
)

export type RefundBody = Static<typeof refund>
