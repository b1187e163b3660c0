import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { rootFolder } from './root.ts'

/** The settings of DESIGN §8, parsed once, frozen, passed down. */
export type Config = {
  readonly host: string
  readonly httpPort: number
  readonly shopPort: number
  readonly terminalsPort: number
  /** The first of the ports on which the sandbox's banks listen, one each, upwards. */
  readonly issuersPort: number
  readonly dataDir: string
  readonly sandbox: boolean
  /** Where the business clock of a new sandbox starts. */
  readonly sandboxNow: Date | undefined
  readonly directory: string | undefined
  /** The origin that merchants and customers use, where something stands in front of the centre. */
  readonly publicUrl: string | undefined
  /** A database of one's own, or what the launcher made of the embedded one for its children. */
  readonly databaseUrl: string | undefined
  /** The schema's owner, given by the launcher to the process that migrates. */
  readonly databaseOwnerUrl: string | undefined
  readonly vaultKeyFile: string
  /** With which the command line asks the centre; the sandbox's own is published. */
  readonly operatorKey: string | undefined
  readonly pgBin: string | undefined
  /** The browser by which a note is printed; else the first that the path has. */
  readonly browser: string | undefined
  /** Where programs are looked for, as the shell does. */
  readonly path: string | undefined
}

/** A setting that a person must correct: nothing is retried, the sentence is shown as it is. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigurationError'
  }
}

/** [sysexits EX_CONFIG] How a process says that it cannot start until a setting is changed. */
export const configurationExitCode = 78

export const sandboxBankCount = 5

type Environment = Readonly<Record<string, string | undefined>>

const known = new Set([
  'MONETIQUE_BROWSER',
  'MONETIQUE_HTTP_PORT',
  'MONETIQUE_SHOP_PORT',
  'MONETIQUE_TERMINALS_PORT',
  'MONETIQUE_ISSUERS_PORT',
  'MONETIQUE_DATA_DIR',
  'MONETIQUE_HOST',
  'MONETIQUE_OPERATOR_KEY',
  'MONETIQUE_SANDBOX',
  'MONETIQUE_SANDBOX_NOW',
  'MONETIQUE_DIRECTORY',
  'MONETIQUE_PUBLIC_URL',
  'MONETIQUE_DATABASE_OWNER_URL',
  'MONETIQUE_VAULT_KEY_FILE',
])

export function readConfig(environment: Environment = process.env): Config {
  refuseUnknown(environment)
  const sandbox = flag(environment, 'MONETIQUE_SANDBOX', true)
  const dataDir = resolve(read(environment, 'MONETIQUE_DATA_DIR') ?? join(rootFolder, '.monetique'))
  const config: Config = {
    host: host(environment),
    httpPort: port(environment, 'MONETIQUE_HTTP_PORT', 8080),
    shopPort: port(environment, 'MONETIQUE_SHOP_PORT', 8081),
    terminalsPort: port(environment, 'MONETIQUE_TERMINALS_PORT', 8583),
    issuersPort: port(environment, 'MONETIQUE_ISSUERS_PORT', 9001),
    dataDir,
    sandbox,
    sandboxNow: instant(environment, 'MONETIQUE_SANDBOX_NOW', sandbox),
    directory: folder(environment, 'MONETIQUE_DIRECTORY'),
    publicUrl: origin(environment, 'MONETIQUE_PUBLIC_URL'),
    databaseUrl: databaseUrl(environment, 'DATABASE_URL'),
    databaseOwnerUrl: databaseUrl(environment, 'MONETIQUE_DATABASE_OWNER_URL'),
    vaultKeyFile: resolve(
      read(environment, 'MONETIQUE_VAULT_KEY_FILE') ?? join(dataDir, 'keys', 'vault.keys'),
    ),
    operatorKey:
      read(environment, 'MONETIQUE_OPERATOR_KEY') ?? (sandbox ? 'sk_sandbox_operator' : undefined),
    pgBin: read(environment, 'PG_BIN'),
    browser: read(environment, 'MONETIQUE_BROWSER'),
    path: read(environment, 'PATH'),
  }
  refuseSharedPorts(config)
  return Object.freeze(config)
}

/** An empty value is an absent one: that is how shells and compose files write it. */
function read(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

function refuseUnknown(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('MONETIQUE_') || known.has(name)) continue
    throw new ConfigurationError(
      `${name} is not a setting of Monétique; the settings are ${[...known].sort().join(', ')}`,
    )
  }
}

function host(environment: Environment): string {
  const text = read(environment, 'MONETIQUE_HOST') ?? '127.0.0.1'
  if (isIP(text) !== 0 || /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?$/.test(text)) return text
  throw new ConfigurationError(`MONETIQUE_HOST is "${text}": an address or a host name is expected`)
}

function port(environment: Environment, name: string, otherwise: number): number {
  const text = read(environment, name)
  if (text === undefined) return otherwise
  const value = Number(text)
  if (/^[0-9]{1,5}$/.test(text) && value >= 1 && value <= 65_535) return value
  throw new ConfigurationError(`${name} is "${text}": a TCP port from 1 to 65535 is expected`)
}

function flag(environment: Environment, name: string, otherwise: boolean): boolean {
  const text = read(environment, name)
  if (text === undefined) return otherwise
  if (text === '1') return true
  if (text === '0') return false
  throw new ConfigurationError(`${name} is "${text}": 1 or 0 is expected`)
}

const instantShape =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})$/

function instant(environment: Environment, name: string, sandbox: boolean): Date | undefined {
  const text = read(environment, name)
  if (text === undefined) return undefined
  if (!sandbox)
    throw new ConfigurationError(`${name} is only for the sandbox (MONETIQUE_SANDBOX=1)`)
  const parsed = new Date(text)
  const day = Number(text.slice(8, 10))
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0))
  if (instantShape.test(text) && !Number.isNaN(parsed.getTime()) && day <= lastDay.getUTCDate()) {
    return parsed
  }
  throw new ConfigurationError(
    `${name} is "${text}": an instant with its zone is expected, such as 2013-09-15T09:00:00Z`,
  )
}

function folder(environment: Environment, name: string): string | undefined {
  const text = read(environment, name)
  if (text === undefined) return undefined
  if (statSync(text, { throwIfNoEntry: false })?.isDirectory() === true) return resolve(text)
  throw new ConfigurationError(`${name} is "${text}", which is not a folder`)
}

function origin(environment: Environment, name: string): string | undefined {
  const text = read(environment, name)
  if (text === undefined) return undefined
  const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined
  const bare = url !== undefined && url.username === '' && url.password === ''
  if (bare && url.pathname === '/' && url.search === '' && url.hash === '') return url.origin
  throw new ConfigurationError(
    `${name} is "${text}": http:// or https:// and a host are expected, without a path`,
  )
}

function databaseUrl(environment: Environment, name: string): string | undefined {
  const text = read(environment, name)
  if (text === undefined) return undefined
  // The value is never shown: it may hold a password.
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text
  throw new ConfigurationError(`${name} is not a URL postgresql://USER:PASSWORD@HOST:PORT/DATABASE`)
}

function refuseSharedPorts(config: Config): void {
  const banks = Array.from({ length: sandboxBankCount }, (_, bank) => config.issuersPort + bank)
  if (config.sandbox && banks.some((bank) => bank > 65_535)) {
    throw new ConfigurationError(
      `MONETIQUE_ISSUERS_PORT is ${config.issuersPort}: ${sandboxBankCount} ports from there on ` +
        'do not all exist',
    )
  }
  const uses: readonly (readonly [number, string])[] = [
    [config.httpPort, 'MONETIQUE_HTTP_PORT'],
    [config.terminalsPort, 'MONETIQUE_TERMINALS_PORT'],
    ...(config.sandbox ? [[config.shopPort, 'MONETIQUE_SHOP_PORT'] as const] : []),
    ...(config.sandbox ? banks.map((bank) => [bank, 'MONETIQUE_ISSUERS_PORT'] as const) : []),
  ]
  const seen = new Map<number, string>()
  for (const [number, name] of uses) {
    const other = seen.get(number)
    if (other !== undefined) {
      throw new ConfigurationError(`${other} and ${name} both use the port ${number}`)
    }
    seen.set(number, name)
  }
}
