import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Directory, Site } from '../../../directory/index.ts'
import type { RandomBytes } from '../../../kernel/clock.ts'
import type { HttpServer } from '../../../platform/http.ts'
import type { Language } from '../checkout/session.ts'
import { cardInputs } from '../page/card-page.ts'
import { html } from '../../../wire/html/index.ts'
import { sendPage } from '../page/layout.ts'
import { refusedPage } from '../page/message-page.ts'
import { cardFields, elements, frameToken } from '../page/page-script.ts'
import { texts } from '../page/texts.ts'
import { publishableAccessOf } from '../rest/access.ts'

export type ElementsOptions = {
  readonly directory: Pick<Directory, 'site'>
  readonly random: RandomBytes
  readonly sandbox: boolean
}

const { source } = elements
const digest = createHash('sha256').update(source).digest('hex').slice(0, 16)

/** The script by its content, for ever; and by its plain name, looked at again now and then. */
const addresses = [
  { path: `/elements-${digest}.js`, caching: 'public, max-age=31536000, immutable' },
  { path: '/elements.js', caching: 'public, max-age=300' },
]

/** `/elements.js` for shops' pages, and the frame that it opens. */
export function registerElements(server: HttpServer, options: ElementsOptions): void {
  for (const { path, caching } of addresses) {
    server.get(path, (request, reply) => {
      reply.headers({
        etag: `"${digest}"`,
        'cache-control': caching,
        'x-content-type-options': 'nosniff',
        // A shop may name the script by its integrity, which a browser checks under CORS alone.
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        ...(path === '/elements.js' ? { 'content-location': `/elements-${digest}.js` } : {}),
      })
      if (request.headers['if-none-match'] === `"${digest}"`) return reply.code(304).send()
      return reply.type('text/javascript; charset=utf-8').send(source)
    })
  }
  const siteOf = publishableAccessOf(options)
  server.get<{ Querystring: Readonly<Record<string, unknown>> }>(
    '/elements/card',
    (request, reply) => {
      const { key, origin, language } = request.query
      const caller = siteOf(`Bearer ${String(key)}`)
      if (caller?.kind !== 'site') return refuse(reply, options.random, unknownKey)
      const { site } = caller
      if (typeof origin !== 'string' || !isShop(origin, site, options.sandbox)) {
        return refuse(reply, options.random, foreignPage)
      }
      return sendFrame(reply, options, { site, key: String(key), origin, language })
    },
  )
}

/** The site's own origin; in the sandbox any page of this machine, where shops are written. */
function isShop(origin: string, site: Site, sandbox: boolean): boolean {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) return false
  if (origin === new URL(site.url).origin) return true
  return sandbox && /^https?:\/\/(127\.0\.0\.1|localhost)(:[0-9]+)?$/.test(origin)
}

type Framed = {
  readonly site: Site
  readonly key: string
  /** Whoever else frames the page is told nothing: the policy keeps it from being shown there. */
  readonly origin: string
  readonly language: unknown
}

function sendFrame(
  reply: FastifyReply,
  { random }: ElementsOptions,
  { key, origin, language: asked }: Framed,
): FastifyReply {
  const language: Language = asked === 'ar' || asked === 'en' ? asked : 'fr'
  const words = texts[language]
  return sendPage(
    reply,
    {
      status: 200,
      language,
      title: words.payTitle,
      script: cardFields,
      frame: { ancestors: [origin], script: frameToken },
      extraStyle: frameStyle,
      body: html`<form
        id="card"
        novalidate
        aria-label="${words.payTitle}"
        data-key="${key}"
        data-origin="${origin}"
        data-failed="${words.unavailableTitle}"
      >
        ${cardInputs({ language, problems: {}, name: '' })}
        <button type="submit" hidden></button>
      </form>`,
    },
    random,
  )
}

const frameStyle = `body{min-height:0;display:block;padding:4px;background:none}
main{max-width:none;border-radius:0;box-shadow:none;background:none;overflow:visible}
[hidden]{display:none}
.field:last-of-type{margin-bottom:.3rem}`

type Rule = { readonly code: string; readonly rule: { readonly fr: string; readonly en: string } }

const unknownKey: Rule = {
  code: 'unknown_key',
  rule: {
    fr: 'La clé publique pk_… n’est celle d’aucun site.',
    en: 'The publishable key pk_… is no site’s.',
  },
}

const foreignPage: Rule = {
  code: 'foreign_origin',
  rule: {
    fr: 'Cette page n’est pas à l’adresse du site que le centre connaît.',
    en: 'This page is not at the address of the site that the centre knows.',
  },
}

const refuse = (reply: FastifyReply, random: RandomBytes, { code, rule }: Rule): FastifyReply =>
  sendPage(reply, refusedPage({ status: 403, language: 'fr', code, field: null, rule }), random)
