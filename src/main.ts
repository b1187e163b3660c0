/** The centre's process. */
import { join } from 'node:path'
import { openCentre } from './centre/index.ts'
import { openSandboxClock, systemClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import { openLog } from './platform/log.ts'
import { runRole } from './platform/processes/role.ts'

const log = openLog({ name: 'centre', level: 'info' })

await runRole({
  log,
  start: () => {
    const config = readConfig()
    const clock = config.sandbox
      ? openSandboxClock({
          file: join(config.dataDir, 'sandbox', 'clock.json'),
          startAt: config.sandboxNow,
        })
      : systemClock
    return openCentre(config, clock, log)
  },
})
