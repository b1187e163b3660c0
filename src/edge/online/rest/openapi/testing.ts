/** Every route of the API, described and never called: for tests, and for what is made from them. */
import type { Route } from '../route.ts'
import { centreRoutes, type CentreRoutesOptions } from '../centre/routes.ts'
import { customerRoutes, type CustomerRoutesOptions } from '../customers/routes.ts'
import { eventRoutes, type EventRoutesOptions } from '../events/routes.ts'
import { linkRoutes, type LinkRoutesOptions } from '../links/routes.ts'
import { paymentRoutes, type PaymentRoutesOptions } from '../payments/routes.ts'
import { tokenRoutes, type TokenRoutesOptions } from '../tokens/routes.ts'
import { webhookRoutes, type WebhookRoutesOptions } from '../webhooks/routes.ts'

type Options = CentreRoutesOptions &
  CustomerRoutesOptions &
  EventRoutesOptions &
  PaymentRoutesOptions &
  TokenRoutesOptions &
  WebhookRoutesOptions &
  LinkRoutesOptions

// A route asks nothing of what it works with until it is called.
const nothing = {} as Options

export const everyRoute: readonly Route[] = [
  ...paymentRoutes(nothing),
  ...customerRoutes(nothing),
  ...tokenRoutes(nothing),
  ...linkRoutes(nothing),
  ...eventRoutes(nothing),
  ...webhookRoutes(nothing),
  ...centreRoutes(nothing),
]
