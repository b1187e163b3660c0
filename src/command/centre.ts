import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'

/** Asks the running centre, as its operator. */
export async function askCentre<T>(path: string, method: 'GET' | 'POST' = 'GET'): Promise<T> {
  const url = `${askAddress()}${path}`
  const { operatorKey } = readConfig()
  if (operatorKey === undefined) {
    throw new Error('MONETIQUE_OPERATOR_KEY is not set: ./monetique api-key create operator')
  }
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${operatorKey}` },
    })
  } catch {
    throw new Error(`the centre does not answer at ${url}: is it running (npm start)?`)
  }
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(messageOf(body) ?? `the centre answered ${response.status}`)
  return body as T
}

/** Where the centre of this data directory said that it listens; else where it would. */
export function askAddress(): string {
  const { dataDir, host, httpPort } = readConfig()
  try {
    return readFileSync(join(dataDir, 'run', 'http-address'), 'utf8').trim()
  } catch {
    return `http://${host.includes(':') ? `[${host}]` : host}:${httpPort}`
  }
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  const { error } = body
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined
  return String(error.message)
}
