import type { FastifyReply } from 'fastify'
import type { HttpServer } from '../../../../platform/http.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import { limits } from '../../../../kernel/limits.ts'
import { money } from '../../../../kernel/money.ts'
import { sendPage, type Page } from '../../page/layout.ts'
import { closedPage, expiredPage, pendingPage, unknownPage } from '../../page/message-page.ts'
import type { ErrorCode } from '../errors.ts'
import { openPage, type PageOpener } from '../payments/create.ts'
import { linkBuckets, parseLinkWord, statusOf } from './link.ts'
import { countPaid, selectLink, type LinkRow } from './sql.ts'

export type LinkVisitOptions = PageOpener & { readonly database: Queryable }

/** `/pay/l/WORD`: a customer follows a merchant's link, and is led to a page of their own. */
export function registerLinkVisits(server: HttpServer, options: LinkVisitOptions): void {
  server.get<{ Params: { word: string } }>(
    '/pay/l/:word',
    // Who only asks whether the address is there does not want to pay.
    { exposeHeadRoute: false },
    async (request, reply) => {
      const key = parseLinkWord(request.params.word)
      const link =
        key === undefined
          ? undefined
          : await selectLink(options.database, key.shardKey, key.requestKey)
      if (link === undefined) return sendPage(reply, unknownPage(), options.random)
      return await visit(options, link, { reply, clientIp: request.ip })
    },
  )
}

async function visit(
  options: LinkVisitOptions,
  link: LinkRow,
  { reply, clientIp }: { readonly reply: FastifyReply; readonly clientIp: string },
): Promise<FastifyReply> {
  const { checkout, database, random } = options
  const { directory, clock } = checkout
  const site = directory.site(link.site_id)
  if (site === undefined) return sendPage(reply, unknownPage(), random)
  const amount = money(link.amount_minor, link.currency)
  const { reference, language, return_url: shopUrl } = link
  const shown = { merchant: site.name, reference, amount, language, shopUrl }
  const paid = await countPaid(database, linkBuckets(directory, link), [link.link_key])
  const now = clock.now()
  const status = statusOf(link, paid.get(link.link_key) ?? 0, now)
  if (status === 'completed') return sendPage(reply, closedPage(shown, 'paid'), random)
  if (status !== 'active') return sendPage(reply, expiredPage(shown), random)
  const opened = await openPage(options, {
    site,
    gateway: 'link',
    // Where many may pay, none sees what became of another's card.
    reference: link.max_payments === 1 ? reference : `${reference}-${random(5).toString('hex')}`,
    amount,
    kind: link.kind,
    returnUrl: link.return_url,
    language,
    clientIp,
    expiresInSeconds: secondsOf(link, now),
    description: link.description,
    customer: null,
    metadata: null,
    customerId: null,
    keep: false,
    confirms: null,
    linkKey: link.link_key,
  })
  if (opened.ok) return reply.redirect(`/pay/${opened.value.token}`, 303)
  return sendPage(reply, refusedVisit(shown, opened.error.code), random)
}

/** A page of a link never outlives it. */
function secondsOf({ expires_at }: LinkRow, now: Date): number {
  if (expires_at === null) return limits.sessionSecondsDefault
  const left = Math.ceil((expires_at.getTime() - now.getTime()) / 1_000)
  return Math.min(left, limits.sessionSecondsDefault)
}

function refusedVisit(shown: Parameters<typeof closedPage>[0], code: ErrorCode): Page {
  if (code === 'order_processing') return pendingPage(shown)
  return closedPage(shown, code === 'order_already_paid' ? 'paid' : 'undone')
}
