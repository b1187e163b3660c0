/** The sandbox's process: simulated banks and a demo shop, which meet the centre over sockets. */
import { join } from 'node:path'
import { openSandboxClock, randomBytes, systemTimers } from '../src/platform/clock.ts'
import { readConfig } from '../src/platform/config.ts'
import { openLog } from '../src/platform/log.ts'
import { runRole } from '../src/platform/processes/role.ts'
import { rootFolder } from '../src/platform/root.ts'
import { runBanks, sandboxProfiles } from './bank/index.ts'
import { runShop } from './shop/index.ts'

const log = openLog({ name: 'sandbox', level: 'info' })

/** A bank that cannot write its journal must not answer: its process is started again. */
function endBanks(error: Error): void {
  const fatal = `a bank cannot write its journal: ${error.message}`
  if (process.send === undefined) process.exit(1)
  process.send({ fatal }, undefined, undefined, () => process.exit(1))
}

await runRole({
  log,
  start: async () => {
    const config = readConfig()
    const folder = join(config.dataDir, 'sandbox')
    const file = join(folder, 'clock.json')
    const clock = openSandboxClock({ file, startAt: config.sandboxNow })
    const banks = await runBanks({
      dataFolder: join(folder, 'banks'),
      host: config.host,
      basePort: config.issuersPort,
      profiles: sandboxProfiles(join(rootFolder, 'sandbox', 'directory', 'keys')),
      clock,
      timers: systemTimers,
      log: (event, facts) => {
        log.info(facts, event)
      },
      onFailure: endBanks,
    })
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    const shop = await runShop({
      host: config.host,
      port: config.shopPort,
      gatewayUrl: `http://${host}:${config.httpPort}`,
      publicUrl: `http://${host}:${config.shopPort}`,
      clientId: '600000001',
      storeKey: 'TEST1234',
      mtc: { storeId: '401121', secret: '3b6d5de9571886f9bbf36473bafe6ca8' },
      clock,
      random: randomBytes,
      log,
      file: join(folder, 'shop-orders.jsonl'),
    })
    return {
      stop: async () => {
        await shop.close()
        await banks.close()
        clock.close()
      },
    }
  },
})
