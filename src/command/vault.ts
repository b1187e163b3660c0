import { systemClock, systemTimers, randomBytes } from '../platform/clock.ts'
import { SiteRegister } from '../directory/index.ts'
import { readConfig } from '../platform/config.ts'
import { silentLog } from '../platform/log.ts'
import { openDatabase } from '../platform/postgres/database.ts'
import { resealWebhookSecrets } from '../edge/online/index.ts'
import { addKey, KeyRingSealer, readKeyRing, rotate } from '../vault/index.ts'
import { databaseUrl } from './store.ts'
import { readWords, UsageError, type Command } from './usage.ts'

/** Longer than the running centre takes to notice that its key file has changed. */
const noticeMs = 3_000

export const vaultCommand: Command = {
  name: 'vault',
  about: 'adds a key to the vault’s file and puts every card under it; the centre may run',
  usage: ['vault rotate'],
  run: async (words, say) => {
    const { rest } = readWords(words, {})
    if (rest.join(' ') !== 'rotate') throw new UsageError('vault rotate')
    const { dataDir, vaultKeyFile } = readConfig()
    // Before the key is added: a rotation that cannot go on must not begin.
    const url = databaseUrl(dataDir)
    say(`key ${addKey(vaultKeyFile, randomBytes)} added to ${vaultKeyFile}`)
    await new Promise<void>((resolve) => systemTimers.after(noticeMs, resolve))
    const database = openDatabase(url, {
      log: silentLog,
      applicationName: 'monetique vault rotate',
      connectionsMax: 2,
      statementTimeoutMs: 60_000,
    })
    try {
      const keys = readKeyRing(vaultKeyFile, undefined)
      const moved = await rotate(database, keys, randomBytes, progress)
      const sealer = new KeyRingSealer(keys, randomBytes)
      const sites = new SiteRegister({
        database,
        secrets: sealer,
        clock: systemClock,
        random: randomBytes,
      })
      const secrets = (await resealWebhookSecrets(database, sealer)) + (await sites.reseal())
      say(
        `${moved} cards and ${secrets} secrets are under the new key; older lines of the file may be removed`,
      )
    } finally {
      await database.close()
    }
  },
}

/** For a person who waits; a program reads the last line. */
function progress(moved: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${moved} cards moved…\x1b[K\r`)
}
