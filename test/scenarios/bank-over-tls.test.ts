/**
 * Links to banks over TLS, as the directory says: the bank's certificate is verified against the
 * authorities and the host of its line in issuers.csv, the centre shows its own, and what does not
 * hold is refused, at start where it can be, with a reason that names it.
 */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadDirectory } from '../../src/directory/index.ts'
import { Issuers } from '../../src/edge/issuers/index.ts'
import { systemClock, systemTimers } from '../../src/platform/clock.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { makeCertificates } from '../support/certificates.ts'
import { runHostileBank, type HostileBank } from '../support/hostile-bank.ts'
import { until } from '../support/launched.ts'

const certificates = makeCertificates()
const skip = certificates === undefined ? 'there is no openssl to make certificates with' : false

const header = 'id,name,kind,country,host,port,tls,tls_ca,tls_certificate,tls_key,mac_key'

type Line = {
  readonly host?: string
  readonly port?: string
  readonly tls?: string
  readonly ca?: string
  readonly certificate?: string
  readonly key?: string
}

/** The sandbox's directory with one bank reached as told, and the certificates beside it. */
function folderWith(line: Line): string {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-directory-'))
  cpSync(join(rootFolder, 'sandbox', 'directory'), folder, { recursive: true })
  if (certificates !== undefined)
    cpSync(certificates.folder, join(folder, 'tls'), { recursive: true })
  writeFileSync(join(folder, 'tls', 'text.pem'), 'not a certificate\n')
  const { host = '127.0.0.1', port = '9', tls = 'yes', ca = '', certificate = '', key = '' } = line
  const banks = readFileSync(join(folder, 'issuers.csv'), 'utf8')
  const atlas = `atlas,Atlas,bank,504,${host},${port},${tls},${ca},${certificate},${key},keys/issuers.key`
  writeFileSync(join(folder, 'issuers.csv'), banks.replace(/^atlas,.*$/m, atlas))
  assert.ok(banks.includes(header))
  return folder
}

type Link = { readonly isUp: () => boolean; readonly reasons: readonly string[]; stop(): void }

const open: (Link | HostileBank)[] = []

after(async () => {
  for (const one of open) await ('stop' in one ? one.stop() : one.close())
})

async function bankWith(certificate: string, clientAuthority?: string): Promise<HostileBank> {
  assert.ok(certificates !== undefined)
  const bank = await runHostileBank({
    cert: certificates.pem(`${certificate}.crt`),
    key: certificates.pem(`${certificate}.key`),
    ...(clientAuthority === undefined
      ? {}
      : {
          ca: certificates.pem(`${clientAuthority}.crt`),
          requestCert: true,
          rejectUnauthorized: true,
        }),
  })
  open.push(bank)
  return bank
}

/** The link to the first bank of the folder; the others of the sandbox are not there. */
function linkOf(line: Line): Link {
  const directory = loadDirectory(folderWith(line), { issuersPort: 1 })
  const reasons: string[] = []
  const issuers = new Issuers({
    directory,
    clock: systemClock,
    timers: systemTimers,
    observe: (issuer) => ({
      state: (up, reason) => {
        if (!up && issuer === 'atlas') reasons.push(reason)
      },
      unmatched: () => undefined,
      refused: () => undefined,
    }),
  })
  issuers.start()
  const link = {
    isUp: () => issuers.states().some(({ issuer, up }) => up && issuer === 'atlas'),
    reasons,
    stop: () => {
      issuers.stop()
    },
  }
  open.push(link)
  return link
}

if (certificates !== undefined) {
  certificates.authority('authority')
  certificates.authority('stranger')
  certificates.issue('bank', 'authority', 'IP:127.0.0.1,DNS:localhost')
  certificates.issue('elsewhere', 'authority', 'DNS:bank.example')
  certificates.issue('centre', 'authority', 'DNS:centre.example')
}

test(
  'a bank whose certificate holds is signed on to, by address and by name',
  { skip },
  async () => {
    const bank = await bankWith('bank')
    for (const host of ['127.0.0.1', 'localhost']) {
      const link = linkOf({ host, port: String(bank.port), ca: 'tls/authority.crt' })
      await until(`signed on to ${host}`, async () => link.isUp())
      assert.deepEqual(link.reasons, [])
    }
    assert.equal(bank.received('0800').length, 2)
  },
)

test('a certificate of another authority, or for another host, is refused', { skip }, async () => {
  const own = await bankWith('bank')
  const elsewhere = await bankWith('elsewhere')
  const cases = [
    [own, { ca: 'tls/stranger.crt' }, /unable to verify|self.signed certificate/],
    // Without authorities of its own: those that Node.js trusts, and they do not know this one.
    [own, {}, /unable to verify|self.signed certificate/],
    [elsewhere, { ca: 'tls/authority.crt' }, /does not match certificate's altnames/],
  ] as const
  for (const [bank, line, reason] of cases) {
    const link = linkOf({ ...line, port: String(bank.port) })
    await until(`${String(reason)} is told`, async () => link.reasons.length > 0)
    assert.match(link.reasons[0] ?? '', reason)
    // It is dialled again and again, and the same reason is told once.
    const tries = bank.connections
    await until('another try', async () => bank.connections > tries + 1 || link.reasons.length > 1)
    assert.equal(link.reasons.length, 1)
    assert.equal(link.isUp(), false)
    link.stop()
  }
  assert.equal(own.received('0800').length + elsewhere.received('0800').length, 0)
})

test('a bank that asks who calls is shown the centre’s certificate', { skip }, async () => {
  const bank = await bankWith('bank', 'authority')
  const line = { port: String(bank.port), ca: 'tls/authority.crt' }
  const known = linkOf({ ...line, certificate: 'tls/centre.crt', key: 'tls/centre.key' })
  await until('signed on', async () => known.isUp())
  const nobody = linkOf(line)
  await until('refused by the bank', async () => nobody.reasons.length > 0)
  assert.equal(nobody.isUp(), false)
})

test('a bank that speaks plain TCP where TLS was agreed is told apart', { skip }, async () => {
  const bank = await runHostileBank()
  open.push(bank)
  bank.behaves((_message, line) => line.close())
  const link = linkOf({ port: String(bank.port), ca: 'tls/authority.crt' })
  await until('a reason is told', async () => link.reasons.length > 0)
  assert.equal(link.isUp(), false)
})

test('settings that cannot work are refused at start, with line and column', { skip }, () => {
  const cases: readonly (readonly [Line, RegExp])[] = [
    [{ ca: 'tls/none.crt' }, /column tls_ca: expected a file that can be read; .*none\.crt/],
    [{ ca: 'tls/text.pem' }, /column tls_ca: expected a PEM file of certificates/],
    [{ ca: 'tls/authority.key' }, /column tls_ca: expected a PEM file of certificates/],
    [{ tls: 'no', ca: 'tls/authority.crt' }, /column tls_ca: expected nothing, for tls is no/],
    [{ certificate: 'tls/centre.crt' }, /column tls_key: expected a key with each/],
    [{ key: 'tls/centre.key' }, /column tls_key: expected a key with each/],
    [
      { certificate: 'tls/centre.crt', key: 'tls/bank.key' },
      /column tls_key: expected the key of tls_certificate/,
    ],
    [
      { certificate: 'tls/centre.crt', key: 'tls/centre.crt' },
      /column tls_key: expected a PEM private key/,
    ],
    [{ port: '70000' }, /column port: expected a port from 1 to 65535/],
    [{ tls: 'perhaps' }, /column tls: expected one of yes, no/],
  ]
  for (const [line, expected] of cases) {
    const folder = folderWith(line)
    assert.throws(() => loadDirectory(folder, { issuersPort: 9001 }), expected)
    assert.throws(() => loadDirectory(folder, { issuersPort: 9001 }), /issuers\.csv line [0-9]+/)
  }
})
