/** What a merchant's server says to a bookURL call; `other_text` and `empty` are no answer. */
export type BookAnswer = 'booked' | 'not_booked' | 'other_text' | 'empty'

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * [MTC §6a] `1;CART;YYYYMMDD;N` or `0;Null;Null;…`, white space around ignored. The cart is compared
 * as bytes with the one that was posted: whoever answers for another cart has not booked this one.
 */
export function readBookAnswer(body: Buffer, cart: Buffer): BookAnswer {
  const marked = body.subarray(0, 3).equals(byteOrderMark)
  const text = body.toString('latin1', marked ? 3 : 0).trim()
  if (text === '') return 'empty'
  // The meaning of the last part is not public: clients send 1 or 2.
  if (/^0;[^;]{0,64};[^;]{0,64};[^;]{0,64}$/.test(text)) return 'not_booked'
  const head = `1;${cart.toString('latin1').trim()};`
  const booked = text.startsWith(head) && /^[0-9]{8};[0-9]{1,9}$/.test(text.slice(head.length))
  return booked ? 'booked' : 'other_text'
}
