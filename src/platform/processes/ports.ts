import { createServer } from 'node:net'
import { ConfigurationError } from '../config.ts'

/** A port that will be listened on, and the setting that moves it. */
export type Door = {
  readonly what: string
  readonly host: string
  readonly port: number
  readonly setting: string
}

/** Every taken port is named at once, before anything is started. */
export async function refuseTakenPorts(doors: readonly Door[]): Promise<void> {
  const taken: string[] = []
  for (const door of doors) {
    const why = await whyTaken(door)
    if (why !== undefined) {
      taken.push(
        `port ${door.port} on ${door.host} (${door.what}) ${why}: stop what uses it, or set ` +
          `${door.setting} to another`,
      )
    }
  }
  if (taken.length > 0) throw new ConfigurationError(taken.join('\n'))
}

async function whyTaken(door: Door): Promise<string | undefined> {
  const server = createServer()
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message)
    })
    server.listen({ host: door.host, port: door.port, exclusive: true }, () => {
      resolve(undefined)
    })
  })
  if (code === undefined) {
    await new Promise((resolve) => server.close(resolve))
    return undefined
  }
  if (code === 'EADDRINUSE') return 'is already in use'
  if (code === 'EACCES') return 'may not be opened by this user'
  return `cannot be opened (${code}, check MONETIQUE_HOST)`
}
