const npmCheckEveryMs = 500

/** The first signal stops in order, another one forces the end. */
export function onSignals(act: { stop: (signal: string) => void; force: () => void }): void {
  let received = 0
  const onSignal = (signal: string): void => {
    received++
    if (received === 1) act.stop(signal)
    else act.force()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // Started by npm and npm is gone: nobody is left to stop us.
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] !== 'start') return
  setInterval(() => {
    if (process.ppid !== parent && received === 0) onSignal('npm is gone')
  }, npmCheckEveryMs).unref()
}
