/** The sandbox's process. */
import { openLog } from '../src/platform/log.ts'
import { runRole } from '../src/platform/processes/role.ts'

await runRole({
  log: openLog({ name: 'sandbox', level: 'info' }),
  start: () => {
    const timer = setInterval(() => undefined, 60_000)
    return Promise.resolve({
      stop: () => {
        clearInterval(timer)
        return Promise.resolve()
      },
    })
  },
})
