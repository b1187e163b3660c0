/** The `monetique` command. */
import { runCommand } from './command/run.ts'

// Whoever reads the first lines only (`| head`) has what was wanted; the status stays the command's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCommand(process.argv.slice(2))
