import { setTimeout as sleep } from 'node:timers/promises'

/** One start of a service: how its process ended is told by `exited`, which never rejects. */
export type Run = {
  readonly pid: number | undefined
  readonly exited: Promise<string>
  /** What it said was wrong before it ended, if it did. */
  why?(): string | undefined
  stop(): Promise<void>
  kill(): void
}

export type Kept = {
  /** The pid now, if it runs. */
  pid(): number | undefined
  stop(): Promise<void>
  kill(): void
}

const backOffMinMs = 100
const backOffMaxMs = 5_000
const stableMs = 30_000

/**
 * Starts a service again whenever it ends, sooner or later depending on how long it had lasted. The
 * first run is given, since its failure is the caller's to judge.
 */
export function keepRunning(options: {
  readonly name: string
  readonly first: Run
  readonly start: () => Promise<Run>
  readonly say: (line: string) => void
}): Kept {
  const { name, start, say } = options
  let run: Run | undefined = options.first
  let stopping = false
  const ending = new AbortController()

  const watch = async (): Promise<void> => {
    let backOffMs = backOffMinMs
    for (;;) {
      const startedMs = performance.now()
      const how = (await run?.exited) ?? 'it could not be started'
      if (stopping) return
      const why = run?.why?.()
      if (performance.now() - startedMs > stableMs) backOffMs = backOffMinMs
      say(`${name} stopped (${why ?? how}); starting it again in ${backOffMs} ms`)
      await sleep(backOffMs, undefined, { signal: ending.signal }).catch(() => undefined)
      backOffMs = Math.min(backOffMs * 2, backOffMaxMs)
      if (isStopping()) return
      run = await restart()
    }
  }
  // Read through a function: the flag changes while `watch` waits.
  const isStopping = (): boolean => stopping
  const restart = async (): Promise<Run | undefined> => {
    try {
      const started = await start()
      say(`${name} runs again`)
      return started
    } catch (error) {
      say(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }
  const watching = watch()
  return {
    pid: () => run?.pid,
    stop: async () => {
      stopping = true
      ending.abort()
      await run?.stop()
      await watching
      // A restart that was under way when the stop came.
      await run?.stop()
    },
    kill: () => {
      stopping = true
      ending.abort()
      run?.kill()
    },
  }
}
