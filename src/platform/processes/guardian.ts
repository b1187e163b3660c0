import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * Stops the database if the launcher is killed: a shell that waits for the end of its input, which
 * only the launcher's death (or its word) brings. It then lets the roles end, for they still write,
 * and leaves the database alone if another launcher has taken it over meanwhile.
 */
const script = `
trap '' INT HUP TERM
read -r word
[ "$word" = done ] && exit 0
tries=0
while [ "$tries" -lt 80 ]; do
  alive=0
  for name in centre sandbox; do
    pid=$(cat "$RUN_DIR/$name.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && alive=1
  done
  [ "$alive" = 0 ] && break
  tries=$((tries + 1))
  sleep 0.25
done
[ "$(cat "$RUN_DIR/launcher.pid" 2>/dev/null)" = "$LAUNCHER" ] || exit 0
kill -INT "$SERVER"
`

export type Guardian = { dismiss(): void }

export function guardDatabase(options: {
  readonly dataDir: string
  readonly serverPid: number
}): Guardian {
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      RUN_DIR: join(options.dataDir, 'run'),
      LAUNCHER: String(process.pid),
      SERVER: String(options.serverPid),
    },
  })
  // Without a shell there is no guardian; the next start adopts what is left.
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  child.unref()
  return {
    dismiss: () => {
      child.stdin.end('done\n')
    },
  }
}
