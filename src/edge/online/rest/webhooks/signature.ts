import { createHmac } from 'node:crypto'
import type { RandomBytes } from '../../../../kernel/clock.ts'

const prefix = 'whsec_'

/** [STANDARD-WEBHOOKS] 24 to 64 random bytes in base64 behind `whsec_`. */
export const newSecret = (random: RandomBytes): string =>
  `${prefix}${random(32).toString('base64')}`

/** [STANDARD-WEBHOOKS] `v1,` and HMAC-SHA256 of `id.timestamp.body`; one for each secret. */
export function signatures(
  secrets: readonly string[],
  message: { readonly id: string; readonly timestamp: string; readonly body: string },
): string {
  const text = `${message.id}.${message.timestamp}.${message.body}`
  return secrets
    .map((secret) => Buffer.from(secret.slice(prefix.length), 'base64'))
    .map((key) => `v1,${createHmac('sha256', key).update(text).digest('base64')}`)
    .join(' ')
}
