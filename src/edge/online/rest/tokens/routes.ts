import { Type } from '@sinclair/typebox'
import { fail, ok } from '../../../../kernel/result.ts'
import type { Clock } from '../../../../kernel/clock.ts'
import type { Directory } from '../../../../directory/index.ts'
import { field } from '../../../../wire/nestpay/index.ts'
import { readCardForm, type CardProblems } from '../../checkout/card-form.ts'
import type { CardTokens } from '../../checkout/card-tokens.ts'
import { english } from '../../page/texts-en.ts'
import type { Refusal } from '../errors.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'

export type TokenRoutesOptions = {
  readonly tokens: CardTokens
  readonly directory: Pick<Directory, 'calendar'>
  readonly clock: Clock
}

const typed = (maxLength: number, description: string) => Type.String({ maxLength, description })

const tokenBody = Type.Object(
  {
    number: typed(40, 'the card number, as it was typed'),
    expiry: typed(20, 'month and year, such as 09/27'),
    cvc: typed(10, 'the 3 or 4 digits of the code'),
    name: Type.Optional(typed(100, 'the name on the card')),
  },
  shape.closed,
)

export const cardToken = Type.Object(
  {
    id: idOfToken(),
    object: Type.Literal('token'),
    card: Type.Object({
      masked: Type.String(),
      expMonth: Type.Integer(),
      expYear: Type.Integer(),
    }),
    expiresAt: shape.instant,
  },
  { title: 'Token' },
)

function idOfToken() {
  return shape.idOf('tok')
}

export const tokenRoutes = (options: TokenRoutesOptions): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/tokens',
    operationId: 'createToken',
    tag: 'Payments',
    summary: 'Exchange a card for a token (the centre’s own frame only)',
    description:
      'What the frame of `/elements.js` calls with the site’s publishable key; no other page and ' +
      'no server may. The token pays once, within nine minutes; the card is kept in memory only.',
    access: 'frame',
    body: tokenBody,
    status: 201,
    answer: cardToken,
    errors: ['invalid_card'],
    example: {
      body: { number: '4000000000000010', expiry: '12/39', cvc: '000' },
      answer: {
        id: 'tok_q3Zr0c6Vh1mD5k9R2t8X4b7N',
        object: 'token',
        card: { masked: '400000***0010', expMonth: 12, expYear: 2039 },
        expiresAt: '2013-09-15T14:39:25.000Z',
      },
    },
    handle: ({ caller, body, clientIp }) => {
      if (caller.kind !== 'site') return Promise.resolve(fail({ code: 'forbidden' }))
      const fields = Object.entries(body).map(([name, value]) => field(name, value))
      const form = readCardForm(fields, options.directory.calendar.dateOf(options.clock.now()))
      if (!form.ok) return Promise.resolve(fail(refusalOf(form.error.problems)))
      const { card } = form.value
      const kept = options.tokens.keep(caller.site.id, { card, payerAddress: clientIp })
      if (!kept.ok) return Promise.resolve(fail({ code: 'rate_limited' }))
      return Promise.resolve(
        ok({
          id: kept.value.token,
          object: 'token',
          card: {
            masked: card.pan.toString(),
            expMonth: Number(card.expiry.slice(2)),
            expYear: 2000 + Number(card.expiry.slice(0, 2)),
          },
          expiresAt: kept.value.expiresAt.toISOString(),
        }),
      )
    },
  }),
]

function refusalOf(problems: CardProblems): Refusal {
  const [first] = Object.entries(problems)
  if (first === undefined) return { code: 'invalid_card' }
  const [name, problem] = first
  return { code: 'invalid_card', field: name, message: english.problems[problem] }
}
