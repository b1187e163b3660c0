import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IssuerId } from '../kernel/ids.ts'
import { read } from './data-file.ts'
import type { Issuer, IssuerTls } from './participants.ts'
import type { RecordReader } from './record.ts'

const columns = [
  'id',
  'name',
  'kind',
  'country',
  'host',
  'port',
  'tls',
  'tls_ca',
  'tls_certificate',
  'tls_key',
  'mac_key',
]

/**
 * `issuers.csv`: how each bank is reached. Files are named from the folder, and read here so that a
 * wrong one is refused at start with its line, not when a customer pays.
 */
export function loadIssuers(
  folder: string,
  { issuersPort }: { readonly issuersPort: number },
): Map<string, Issuer> {
  return read(folder, 'issuers.csv', columns, 'id', (r) => {
    return {
      id: r.id('id') as IssuerId,
      name: r.text('name'),
      kind: r.oneOf('kind', ['bank', 'scheme']),
      country: r.matching('country', /^[0-9]{3}$/, 'an ISO 3166 numeric code'),
      host: r.text('host'),
      port: portOf(r, issuersPort),
      tls: tlsOf(r, folder),
      macKeyFile: macKeyFileOf(r, folder),
    }
  })
}

function portOf(r: RecordReader, issuersPort: number): number {
  const rule = 'a port from 1 to 65535, or +N from the banks’ first port'
  const text = r.matching('port', /^\+?[0-9]{1,5}$/, rule)
  const port = text.startsWith('+') ? issuersPort + Number(text.slice(1)) : Number(text)
  if (port < 1 || port > 65_535) r.refuse('port', rule)
  return port
}

function macKeyFileOf(r: RecordReader, folder: string): string | null {
  const file = fileOf(r, folder, 'mac_key')
  if (file !== null && !/^[0-9A-Fa-f]{32}\s*$/.test(file.content.toString())) {
    r.refuse('mac_key', 'a file of 32 hexadecimal digits, the AES-128 key of DE128')
  }
  return file?.path ?? null
}

function tlsOf(r: RecordReader, folder: string): IssuerTls | null {
  const authorities = fileOf(r, folder, 'tls_ca')
  const certificate = fileOf(r, folder, 'tls_certificate')
  const key = fileOf(r, folder, 'tls_key')
  if (!r.flag('tls')) {
    if (authorities !== null) r.refuse('tls_ca', 'nothing, for tls is no')
    if (certificate !== null) r.refuse('tls_certificate', 'nothing, for tls is no')
    if (key !== null) r.refuse('tls_key', 'nothing, for tls is no')
    return null
  }
  if (authorities !== null && certificatesIn(authorities.content) === undefined) {
    r.refuse('tls_ca', 'a PEM file of certificates')
  }
  if ((certificate === null) !== (key === null)) {
    r.refuse('tls_key', 'a key with each client certificate, and none without')
  }
  if (certificate !== null && key !== null) {
    const [own] = certificatesIn(certificate.content) ?? []
    if (own === undefined) return r.refuse('tls_certificate', 'a PEM file of certificates')
    const secret = privateKeyIn(key.content)
    if (secret === undefined) return r.refuse('tls_key', 'a PEM private key without a password')
    if (!own.checkPrivateKey(secret)) r.refuse('tls_key', 'the key of tls_certificate')
  }
  return {
    authoritiesFile: authorities?.path ?? null,
    client:
      certificate === null || key === null
        ? null
        : { certificateFile: certificate.path, keyFile: key.path },
  }
}

function fileOf(
  r: RecordReader,
  folder: string,
  column: string,
): { readonly path: string; readonly content: Buffer } | null {
  const name = r.optional(column)
  if (name === '') return null
  const path = join(folder, name)
  try {
    return { path, content: readFileSync(path) }
  } catch {
    return r.refuse(column, `a file that can be read; ${path} cannot`)
  }
}

/** At least one, each of them whole; undefined for anything else. */
function certificatesIn(content: Buffer): readonly X509Certificate[] | undefined {
  const blocks = content
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  try {
    return blocks?.map((block) => new X509Certificate(block))
  } catch {
    return undefined
  }
}

function privateKeyIn(content: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(content)
  } catch {
    return undefined
  }
}
