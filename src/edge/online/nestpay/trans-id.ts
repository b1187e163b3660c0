import { parsePaymentId, paymentIdOf, type PaymentKey } from '../../../kernel/ids.ts'

/**
 * What merchants call a `TransId`: the payment's own id without its prefix, so that it says where
 * the payment is stored; a capture or a refund of it adds `M` and the number of the change.
 */
export const transIdOf = (key: PaymentKey, version?: number): string =>
  `${paymentIdOf(key).slice('pay_'.length)}${version === undefined ? '' : `M${version}`}`

/** Undefined for anything that `transIdOf` cannot have made. */
export function parseTransId(
  text: string,
): { readonly key: PaymentKey; readonly version: number | null } | undefined {
  const [, id = '', version] = /^([0-9a-z]{32})(?:M([1-9][0-9]{0,5}))?$/.exec(text) ?? []
  const key = parsePaymentId(`pay_${id}`)
  return key && { key, version: version === undefined ? null : Number(version) }
}
