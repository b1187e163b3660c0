/** The `monetique` command. */
process.stdout.write('monetique COMMAND\n')
