import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import { rawBody, type HttpServer } from '../../../platform/http.ts'
import type { Log } from '../../../platform/log.ts'
import { inventory } from './page-script.ts'

export const reportsPath = '/pay/reports'

/** What a browser says that it kept a payment page from doing. */
type Violation = {
  readonly directive: string
  readonly blocked: string
  /** Of the page, without its session. */
  readonly page: string
  readonly sample: string
}

export type ReportsOptions = {
  readonly clock: Clock
  readonly log: Log
  /** Counts what each report is about, by the directive that was broken. */
  readonly observe?: ((directive: string) => void) | undefined
}

/**
 * Which scripts a payment page runs, and who tells when something else tried [PCI-DSS 6.4.3, 11.6.1].
 * Browsers post what the page's policy kept from running, loading or sending: a page that was
 * altered on its way, or a machine that alters every page, is seen here.
 */
export function registerPageReports(server: HttpServer, options: ReportsOptions): void {
  server.get('/pay/scripts', (_request, reply) =>
    reply.send({
      scripts: inventory.map(({ name, purpose, integrity, source }) => ({
        name,
        purpose,
        integrity,
        bytes: Buffer.byteLength(source),
      })),
    }),
  )
  const minute = { startedMs: -Infinity, told: 0 }
  server.post(reportsPath, { bodyLimit: limits.pageReportBytesMax }, (request, reply) => {
    const nowMs = options.clock.monotonicMs()
    if (nowMs - minute.startedMs > 60_000) Object.assign(minute, { startedMs: nowMs, told: 0 })
    for (const violation of violationsIn(request)) {
      options.observe?.(directives.has(violation.directive) ? violation.directive : 'other')
      // Anybody may post here: a flood fills no log.
      if (minute.told++ >= limits.pageReportsPerMinute) continue
      options.log.warn(violation, 'a browser kept a payment page from doing what it should not')
    }
    return reply.code(204).send()
  })
}

const directives: ReadonlySet<string> = new Set([
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'style-src',
  'style-src-elem',
  'style-src-attr',
  'form-action',
  'frame-ancestors',
  'connect-src',
  'img-src',
  'default-src',
])

/** Both shapes that browsers send [CSP3 report-uri, Reporting]; anything else is nothing. */
function violationsIn(request: FastifyRequest): readonly Violation[] {
  let parsed: unknown
  try {
    const { body } = request
    parsed = Buffer.isBuffer(body) ? JSON.parse(rawBody(request).toString('utf8')) : body
  } catch {
    return []
  }
  const reports = Array.isArray(parsed) ? parsed.slice(0, 20) : [parsed]
  return reports.flatMap((report: unknown) => {
    const body = memberOf(report, 'csp-report') ?? memberOf(report, 'body')
    if (body === undefined) return []
    const text = (...names: readonly string[]): string => {
      for (const name of names) {
        const value = memberOf(body, name)
        if (typeof value === 'string') return printable(value)
      }
      return ''
    }
    return {
      directive: text('effective-directive', 'effectiveDirective', 'violated-directive'),
      blocked: text('blocked-uri', 'blockedURL'),
      page: withoutSession(text('document-uri', 'documentURL')),
      sample: text('script-sample', 'sample'),
    }
  })
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

/** A browser's words are anybody's words, and a digit of a card might be among them. */
const printable = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/[0-9]{6,}/g, '#')
    .slice(0, 200)

const withoutSession = (address: string): string =>
  address.replace(/\/pay\/[^/?#]+/, '/pay/SESSION')
