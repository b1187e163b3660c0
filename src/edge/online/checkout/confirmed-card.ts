import { fail, ok, type Result } from '../../../kernel/result.ts'
import { findField, textOf, type Field } from '../../../wire/nestpay/index.ts'
import { readCodeForm, type CardPost, type CardProblems } from './card-form.ts'
import { notChargeable, type CardOnFile } from './card-on-file.ts'
import type { Checkout } from './pay.ts'
import type { WebSession } from './session.ts'

/** The kept card that this page asks its holder to confirm; undefined: a card is to be typed. */
export async function cardToConfirm(
  { gateways, cards, directory, clock }: Checkout,
  session: WebSession,
): Promise<CardOnFile | undefined> {
  const place = gateways[session.gateway].onFile?.(session).card ?? null
  if (place === null) return undefined
  const card = await cards.find(place)
  if (card?.site !== session.site) return undefined
  // Removed or expired since the merchant asked: another card can be typed.
  const today = directory.calendar.dateOf(clock.now())
  return notChargeable(card, today) === undefined ? card : undefined
}

/** The form that holds the code alone says so. */
export const isConfirmation = (fields: readonly Field[]): boolean =>
  textOf(findField(fields, 'kept')?.value ?? Buffer.alloc(0)) === 'yes'

/** The code as posted, with the number from the vault. */
export async function readConfirmation(
  { vault }: Pick<Checkout, 'vault'>,
  { token, expiry, firstReference }: CardOnFile,
  fields: readonly Field[],
): Promise<Result<CardPost, { readonly problems: CardProblems; readonly name: string }>> {
  const form = readCodeForm(fields)
  if (!form.ok) return fail({ problems: form.error, name: '' })
  const pan = token === null ? undefined : await vault.reveal(token)
  if (pan === undefined) return fail({ problems: { number: 'number_missing' }, name: '' })
  const { attempt, cvc } = form.value
  const card = { pan, expiry, cvc: () => cvc }
  return ok({ attempt, card, onFile: { use: 'customer', firstReference } })
}
