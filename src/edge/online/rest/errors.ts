/**
 * Every error of the API: its code never changes, its message is for the developer who reads it.
 * `docs/api-errors.md` and the OpenAPI document are made from this table.
 */
export const apiErrors = {
  bad_request: {
    status: 400,
    message: 'Malformed request',
    doc: 'An address or a header that cannot be read, before anything is looked at.',
  },
  invalid_json: {
    status: 400,
    message: 'the body is not a JSON object',
    doc: 'The body could not be read as JSON. `message` says where reading stopped.',
  },
  invalid_field: {
    status: 400,
    message: 'a field has a value that is not allowed',
    doc: 'A field has a wrong type, form or length. `field` names it, `message` says the rule.',
  },
  missing_field: {
    status: 400,
    message: 'a required field is missing',
    doc: 'A required field is missing. `field` names it.',
  },
  unknown_field: {
    status: 400,
    message: 'there is no such field',
    doc: 'A field that does not exist: a spelling mistake would otherwise be silently ignored.',
  },
  amount_too_small: {
    status: 400,
    message: 'the amount must be at least one minor unit',
    doc: 'An amount of zero.',
  },
  amount_too_large: {
    status: 400,
    message: 'the amount is more than is allowed',
    doc: 'More than a message can carry, than is left to capture, or than is left to refund.',
  },
  currency_not_allowed: {
    status: 400,
    message: 'the site does not take this currency',
    doc: 'A currency that the site has no contract for.',
  },
  invalid_cursor: {
    status: 400,
    message: 'after is not a cursor that this list gave',
    doc: '`after` must be the `next` of an earlier page of the same list.',
  },
  invalid_idempotency_key: {
    status: 400,
    message: 'Idempotency-Key must be 1 to 255 printable ASCII characters',
    doc: 'A header `Idempotency-Key` that is empty, too long, or not plain text.',
  },
  unknown_version: {
    status: 400,
    message: 'there is no such version of the API',
    doc: 'The header `Monetique-Version` names a version that never was. `message` lists those that are.',
  },
  invalid_date: {
    status: 400,
    message: 'a date YYYY-MM-DD is expected',
    doc: 'Not a date of the calendar, or not written `YYYY-MM-DD`.',
  },
  invalid_period: {
    status: 400,
    message: 'to is before from',
    doc: 'The period ends before it begins.',
  },
  invalid_dimension: {
    status: 400,
    message: 'there is no such dimension',
    doc: 'A list of dimensions with an unknown name or a repeat.',
  },
  too_many_rows: {
    status: 400,
    message: 'the cut has more rows than are given at once',
    doc: 'A cut of more than 100 000 rows: fewer dimensions, a filter, or a shorter period.',
  },
  invalid_card: {
    status: 400,
    message: 'a field of the card is wrong',
    doc: 'A card number, date, code or name that cannot be right. `field` names it; nothing was asked of a bank.',
  },
  token_unknown: {
    status: 400,
    message: 'there is no such token: ask for the card again',
    doc: 'A token that never was, is another site’s, or was lost with a restart of the centre.',
  },
  token_used: {
    status: 400,
    message: 'the token has been used: ask for the card again',
    doc: 'A token pays once, whatever the bank answered.',
  },
  token_expired: {
    status: 400,
    message: 'the token has expired: ask for the card again',
    doc: 'A token lives for nine minutes.',
  },
  customer_unknown: {
    status: 400,
    message: 'there is no such customer',
    doc: 'A `customerId` that never was, was deleted, or is another site’s.',
  },
  card_unknown: {
    status: 400,
    message: 'there is no such card on file',
    doc: 'A card `card_…` that never was, or is another site’s or another customer’s.',
  },
  unauthorized: {
    status: 401,
    message: 'Authorization: Bearer KEY is missing or its key is not known',
    doc: 'No key, or one that is not known here.',
  },
  refund_declined: {
    status: 402,
    message: 'the card’s bank did not accept the refund: nothing moved',
    doc: 'The bank declined the refund or did not answer in time. Try again later with another Idempotency-Key.',
  },
  forbidden: {
    status: 403,
    message: 'this key may not do that',
    doc: 'The key is known, and this is not for its holder.',
  },
  not_found: {
    status: 404,
    message: 'there is nothing of this id',
    doc: 'Nothing of this id, or it belongs to another site.',
  },
  method_not_allowed: {
    status: 405,
    message: 'this address does not take this method',
    doc: 'The address exists with other methods; the header `Allow` lists them.',
  },
  order_already_paid: {
    status: 409,
    message: 'the order has been paid',
    doc: 'Another payment for an order that was paid. `GET /v1/payments?order=…` finds the payment.',
  },
  order_closed: {
    status: 409,
    message: 'the order is final: use another reference',
    doc: 'The order was paid and then voided, or all its attempts were declined.',
  },
  order_processing: {
    status: 409,
    message: 'a card is being authorized for this order: ask again in a few seconds',
    doc: 'A bank has been asked about this order and has not answered yet.',
  },
  too_many_declines: {
    status: 409,
    message: 'too many cards were declined: nothing was sent to a bank',
    doc: 'Of this card, from this customer’s address, or at this site. Try again later, with another card.',
  },
  card_removed: {
    status: 409,
    message: 'the card was removed: it is not charged any more',
    doc: 'A card on file that was removed, by itself or with its customer. Nothing was asked of a bank.',
  },
  card_expired: {
    status: 409,
    message: 'the card has expired: ask the customer for another',
    doc: 'A card on file whose month is over. Nothing was asked of a bank.',
  },
  wrong_state: {
    status: 409,
    message: 'the payment’s state does not allow this',
    doc: 'A capture of what is not authorized, a void of what is refunded, a refund of what is not captured.',
  },
  day_closed: {
    status: 409,
    message: 'the business day of the capture is closed: refund it instead',
    doc: 'A void after the business day closed.',
  },
  key_in_data_files: {
    status: 409,
    message: 'it stands in the directory’s data files: change it there',
    doc: 'A site of the data files keeps its store key and its password there; sites that were added have theirs rotated here.',
  },
  too_many_endpoints: {
    status: 409,
    message: 'the site has as many webhook endpoints as it may have',
    doc: 'Delete one before creating another.',
  },
  idempotency_key_reused: {
    status: 409,
    message: 'this Idempotency-Key came with another request',
    doc: 'The same key with another method, path or body. Keys are kept for 24 hours.',
  },
  date_not_closed: {
    status: 409,
    message: 'the date is not closed: it has no final balances',
    doc: 'Final balances exist for closed business dates only.',
  },
  body_too_large: {
    status: 413,
    message: 'the body is too large',
    doc: 'A body of more than 64 KiB.',
  },
  unsupported_media_type: {
    status: 415,
    message: 'Content-Type: application/json is expected',
    doc: 'A body that is not announced as `application/json`.',
  },
  rate_limited: {
    status: 429,
    message: 'too many requests with this key: wait as Retry-After says',
    doc: 'The key’s rate is used up. `Retry-After` says for how many seconds.',
  },
  internal_error: {
    status: 500,
    message: 'something failed on our side; the same Idempotency-Key is safe to send again',
    doc: 'A failure of ours. With an `Idempotency-Key` the request can be sent again.',
  },
  unavailable: {
    status: 503,
    message: 'the centre cannot take this now: nothing was done, send it again',
    doc: 'Overload, a stop or a database that is away. Nothing was done.',
  },
  day_not_closed: {
    status: 503,
    message: 'the business day has turned but could not be closed yet; it is tried again by itself',
    doc: 'The business day has turned and is closed as soon as it can be.',
  },
} as const satisfies Readonly<
  Record<string, { readonly status: number; readonly message: string; readonly doc: string }>
>

export type ErrorCode = keyof typeof apiErrors

export type Refusal = {
  readonly code: ErrorCode
  /** In place of the table's, where more can be said. */
  readonly message?: string
  readonly field?: string
}

/** The one shape of every error. */
export const errorBody = (
  { code, message, field }: Refusal,
  requestId: string,
): {
  readonly error: Readonly<Record<'code' | 'message' | 'field' | 'requestId', string | null>>
} => ({
  error: { code, message: message ?? apiErrors[code].message, field: field ?? null, requestId },
})
