import { limits } from '../../kernel/limits.ts'
import { ConfigurationError, configurationExitCode } from '../config.ts'
import type { Log } from '../log.ts'

/** A role once it serves: what the terminal shows of it, and how it ends in good order. */
export type RunningRole = {
  readonly lines?: readonly string[]
  stop(): Promise<void>
}

/**
 * Runs one role of the centre as a process: says over IPC when it is ready, and stops in good order
 * on the launcher's word, on a signal, or when the launcher is gone (the channel closes), so that
 * nothing outlives a killed launcher. Alone, without a launcher, it runs the same.
 */
export async function runRole(options: {
  readonly log: Log
  readonly start: () => Promise<RunningRole>
}): Promise<void> {
  const { log } = options
  const parent = process.send === undefined ? undefined : process.send.bind(process)
  let running: RunningRole | undefined
  let stopping = false
  const stop = (why: string): void => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'stopping')
    // Whatever hangs, the process ends: what was under way is recovered from the tranlog.
    setTimeout(() => process.exit(1), limits.stopGraceMs).unref()
    void endInOrder(running, log)
  }
  process.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'stop' in message) stop('asked to')
  })
  process.on('disconnect', () => {
    stop('the launcher is gone')
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop(signal)
    })
  }
  endOnProgrammersError(log)
  try {
    running = await options.start()
  } catch (error) {
    giveUp(error, log, parent)
    return
  }
  if (isStopping()) void endInOrder(running, log)
  else parent?.({ ready: true, lines: running.lines ?? [] })

  // A stop may have come while `start` was under way.
  function isStopping(): boolean {
    return stopping
  }
}

/** An assert that failed: the process ends at once, is restarted and recovers (DESIGN §5). */
function endOnProgrammersError(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ err: error }, 'a programmer’s error ends this process')
      process.exit(70)
    })
  }
}

async function endInOrder(running: RunningRole | undefined, log: Log): Promise<void> {
  // Still starting: `runRole` comes back here once there is something to stop.
  if (running === undefined) return
  try {
    await running.stop()
    process.exit(0)
  } catch (error) {
    log.error({ err: error }, 'the stop failed')
    process.exit(1)
  }
}

function giveUp(error: unknown, log: Log, parent: NodeJS.Process['send']): void {
  const message = error instanceof Error ? error.message : String(error)
  const permanent = error instanceof ConfigurationError
  log.error({ err: error }, 'cannot start')
  const code = permanent ? configurationExitCode : 1
  if (parent === undefined) {
    process.stderr.write(`${message}\n`)
    process.exit(code)
  }
  parent({ fatal: message }, undefined, undefined, () => process.exit(code))
}
