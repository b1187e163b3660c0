import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RandomBytes } from '../../../kernel/clock.ts'
import type { HttpServer } from '../../../platform/http.ts'
import type { Month, Statistics } from '../../../statistics/index.ts'
import type { Html } from '../../../wire/html/index.ts'
import { addressOf, readAsked, type Asked } from './asked.ts'
import { Bases, countAhead, kept, type VersionOf } from './bases.ts'
import { gather, type Gathered, type PlanOf } from './gather.ts'
import { figuresPage, plainPage, type Place } from './page.ts'
import { csvText, type Section } from './section.ts'
import { sectionsOf } from './sections/index.ts'
import { style } from './style.ts'
import { texts } from './texts.ts'

export type FiguresPageOptions = {
  readonly statistics: Pick<Statistics, 'cut' | 'publishedTable'>
  /** What the public may see, newest first. */
  readonly releasedMonths: () => Promise<readonly Month[]>
  /** Every month that holds a day, newest first: for the centre's own people. */
  readonly knownMonths: () => Promise<readonly Month[]>
  readonly versionOf: VersionOf
  /** What of a month's page would tell one merchant's business. */
  readonly planOf: PlanOf
  /** Whether an Authorization header is an operator's. */
  readonly isOperator: (authorization: string | undefined) => boolean
  readonly random: RandomBytes
}

type Counted = { readonly gathered: Gathered; readonly sections: readonly Section[] }
type Params = { readonly Params: { readonly chart: string } }

/** Counts what the pages of some released months need that are not known yet, the newest first. */
export type CountAhead = () => Promise<void>

/** `/figures` for everybody, `/console/figures` for the centre's people: the same page. */
export function registerFiguresPage(server: HttpServer, options: FiguresPageOptions): CountAhead {
  const bases = new Bases(options)
  const open: Audience = {
    path: '/figures',
    months: options.releasedMonths,
    planOf: options.planOf,
    kept: new Map(),
    bases,
  }
  const own: Audience = {
    path: '/console/figures',
    months: options.knownMonths,
    planOf: undefined,
    kept: new Map(),
    bases,
  }
  for (const audience of [open, own]) {
    const admitted = (request: FastifyRequest, reply: FastifyReply): boolean =>
      audience === open || admit(request, reply, options)
    server.get(audience.path, async (request, reply) => {
      if (!admitted(request, reply)) return reply
      return await answerPage(audience, request, reply, options)
    })
    server.get<Params>(`${audience.path}/:chart.csv`, async (request, reply) => {
      if (!admitted(request, reply)) return reply
      return await answerCsv(audience, request, reply, options)
    })
  }
  return async () => {
    await countAhead(bases, options.planOf, await options.releasedMonths())
  }
}

type Audience = {
  readonly path: string
  readonly months: () => Promise<readonly Month[]>
  readonly planOf: PlanOf | undefined
  /** Final figures, which never change, by what is asked of them; a page is soon made of them. */
  readonly kept: Map<string, Gathered>
  readonly bases: Bases
}

/** [RFC7617] The key is the password, whatever the name; or it comes as to the API. */
function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { isOperator }: FiguresPageOptions,
): boolean {
  const { authorization } = request.headers
  const basic = /^Basic ([A-Za-z0-9+/=]{1,400})$/.exec(authorization ?? '')?.[1]
  const password = basic === undefined ? undefined : passwordOf(basic)
  if (isOperator(password === undefined ? authorization : `Bearer ${password}`)) return true
  void reply
    .code(401)
    .header('www-authenticate', 'Basic realm="Monetique", charset="UTF-8"')
    .type('text/plain; charset=utf-8')
    .send('The console needs an operator’s key, as the password.\n')
  return false
}

const passwordOf = (encoded: string): string | undefined =>
  /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1]

async function answerPage(
  audience: Audience,
  request: FastifyRequest,
  reply: FastifyReply,
  options: FiguresPageOptions,
): Promise<FastifyReply> {
  const place: Place = { path: audience.path, months: await audience.months() }
  const read = readAsked(
    request.query as Record<string, unknown>,
    request.headers['accept-language'],
  )
  if (!read.ok) {
    const asked = anyPage(request)
    const { wrong } = texts[asked.language]
    const said = { title: wrong.title, text: wrong.text(read.error) }
    return send(reply, 400, asked, plainPage(place, asked, said), options.random)
  }
  const asked = read.value
  const month = asked.month ?? place.months[0]
  const t = texts[asked.language]
  if (month === undefined) {
    return send(reply, 404, asked, plainPage(place, asked, t.nothingYet), options.random)
  }
  if (!place.months.includes(month)) {
    return send(reply, 404, asked, plainPage(place, asked, t.notReleased), options.random)
  }
  const { gathered, sections } = await counted(audience, options, month, asked)
  const page = figuresPage(place, asked, gathered, sections)
  return send(reply, 200, asked, page, options.random)
}

async function answerCsv(
  audience: Audience,
  request: FastifyRequest<Params>,
  reply: FastifyReply,
  options: FiguresPageOptions,
): Promise<FastifyReply> {
  const read = readAsked(request.query as Record<string, unknown>, undefined)
  const wrong = (status: number, text: string): FastifyReply =>
    reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`)
  if (!read.ok) return wrong(400, `${read.error} has no value that is known`)
  const months = await audience.months()
  const month = read.value.month ?? months[0]
  if (month === undefined || !months.includes(month)) return wrong(404, 'no such month')
  const { sections } = await counted(audience, options, month, read.value)
  const section = sections.find(({ id }) => id === request.params.chart)
  if (section === undefined) return wrong(404, `there is no chart ${request.params.chart}`)
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${section.id}-${month}.csv"`)
    .send(csvText(section.csv))
}

async function counted(
  audience: Audience,
  options: FiguresPageOptions,
  month: Month,
  asked: Asked,
): Promise<Counted> {
  const version = await options.versionOf(month)
  const address = addressOf('', asked, { month, language: 'fr', measure: 'count' })
  const gathered = await kept(audience.kept, `${version} ${address}`, async () => {
    const [base, plan] = await Promise.all([audience.bases.of(month), audience.planOf?.(month)])
    return await gather(asked, base, plan)
  })
  const { language, measure } = asked
  return { gathered, sections: sectionsOf(gathered, { language, measure, month }) }
}

/** To say in some language that an address is wrong. */
function anyPage(request: FastifyRequest): Asked {
  const { lang } = request.query as Record<string, unknown>
  const read = readAsked(lang === undefined ? {} : { lang }, request.headers['accept-language'])
  return read.ok ? read.value : { month: undefined, language: 'fr', measure: 'count', filters: {} }
}

/** Of the templates: half of the page, and nothing in it keeps its spaces. */
const indents = /\n\s*/g

function send(
  reply: FastifyReply,
  status: number,
  { language }: Asked,
  body: Html,
  random: RandomBytes,
): FastifyReply {
  const nonce = random(16).toString('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  const direction = language === 'ar' ? 'rtl' : 'ltr'
  return reply.code(status).headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }).send(`<!doctype html>
<html lang="${language}" dir="${direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${texts[language].title}</title>
<style nonce="${nonce}">${style}</style></head>
<body>${body.text.replace(indents, ' ')}</body></html>
`)
}
