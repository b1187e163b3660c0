/** Certificates made for one run by the system's openssl; Node.js reads them but makes none. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** PEM files in a folder: `NAME.crt` and `NAME.key`. */
export type Certificates = {
  readonly folder: string
  /** An authority of its own. */
  authority(name: string): void
  /** Signed by that authority, for these names (`DNS:…`, `IP:…`). */
  issue(name: string, by: string, names: string): void
  pem(file: string): Buffer
}

/** Undefined where there is no openssl. */
export function makeCertificates(): Certificates | undefined {
  if (spawnSync('openssl', ['version']).status !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'monetique-certificates-'))
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder })
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr.toString()}`)
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  return {
    folder,
    authority: (name) => {
      const subject = ['-subj', `/CN=${name}`, '-days', '2']
      openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.crt`, ...subject)
    },
    issue: (name, by, names) => {
      openssl(
        'req',
        ...key,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
      )
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`)
      const signer = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', '2']
      const made = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`]
      openssl('x509', '-req', ...made, ...signer)
    },
    pem: (file) => readFileSync(join(folder, file)),
  }
}
