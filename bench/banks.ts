/** The sandbox's banks as a process of their own, for benchmarks: `banks FOLDER PORT mac|plain`. */
import { join } from 'node:path'
import { runBanks, sandboxProfiles } from '../sandbox/bank/index.ts'
import { systemClock, systemTimers } from '../src/platform/clock.ts'
import { rootFolder } from '../src/platform/root.ts'

const [folder = '', port = '0', mac = 'mac'] = process.argv.slice(2)
const keys = join(rootFolder, 'sandbox', 'directory', 'keys')
const profiles = sandboxProfiles(keys).map((profile) =>
  mac === 'mac' ? profile : { ...profile, macKeyFile: null },
)
await runBanks({
  dataFolder: folder,
  host: '127.0.0.1',
  basePort: Number(port),
  profiles,
  clock: systemClock,
  timers: systemTimers,
  log: () => undefined,
  onFailure: (error) => {
    throw error
  },
})
process.send?.({ ready: true })
process.on('disconnect', () => process.exit(0))
