/** The centre's process. */
import { createServer } from 'node:http'
import { readConfig } from './platform/config.ts'
import { openLog } from './platform/log.ts'
import { runRole } from './platform/processes/role.ts'

await runRole({
  log: openLog({ name: 'centre', level: 'info' }),
  start: async () => {
    const config = readConfig()
    const server = createServer((_, response) => response.end('Monétique\n'))
    await new Promise<void>((done, failed) => {
      server.once('error', failed)
      server.listen(config.httpPort, config.host, done)
    })
    return {
      stop: async () => {
        server.closeAllConnections()
        await new Promise((done) => server.close(done))
      },
    }
  },
})
