import type { Config } from '../platform/config.ts'

/** What the terminal shows once payments can be taken; the last line is for programs too. */
export function welcome(config: Config, fromRoles: readonly string[]): readonly string[] {
  const address = (port: number): string => addressOf(config.host, port)
  const rows: readonly (readonly [string, string])[] = [
    ['Start page', `${address(config.httpPort)}/`],
    ...(config.sandbox ? [['Demo shop', `${address(config.shopPort)}/`] as const] : []),
    ['Command line', './monetique --help'],
    ['Data and logs', config.dataDir],
    ['Stop', 'Ctrl-C'],
  ]
  return [
    '',
    'Monétique is ready to take payments.',
    '',
    ...rows.map(([label, value]) => `  ${label.padEnd(15)}${value}`),
    ...fromRoles.map((line) => `  ${line}`),
    '',
    `ready ${address(config.httpPort)}`,
  ]
}

/** An IPv6 address stands in brackets in a URL [RFC3986 3.2.2]. */
export const addressOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`
