import { sandboxBankCount, type Config } from '../platform/config.ts'
import type { Door } from '../platform/processes/ports.ts'

/** Every port that the processes to come will listen on. */
export function doorsOf(config: Config): readonly Door[] {
  const { host } = config
  const door = (what: string, port: number, setting: string): Door => ({
    what,
    host,
    port,
    setting,
  })
  const banks = Array.from({ length: sandboxBankCount }, (_, bank) =>
    door(`the sandbox's bank ${bank + 1}`, config.issuersPort + bank, 'MONETIQUE_ISSUERS_PORT'),
  )
  return [
    door('HTTP', config.httpPort, 'MONETIQUE_HTTP_PORT'),
    ...(config.sandbox
      ? [door('the demo shop', config.shopPort, 'MONETIQUE_SHOP_PORT'), ...banks]
      : []),
  ]
}
