import { statfsSync } from 'node:fs'

const checkEveryMs = 2_000
const megabyte = 1024 * 1024
/** Below this a person has minutes, not days: PostgreSQL takes 16 MB at a time for its log. */
const freeMinMb = 64

/**
 * Says on the terminal when the disk is nearly full, when it is, and when there is room again: the
 * logs cannot, for they are on it.
 */
export function watchDisk(options: {
  readonly folder: string
  readonly say: (line: string) => void
}): void {
  const { folder, say } = options
  let told: 'room' | 'little' | 'none' = 'room'
  const check = (): void => {
    const left = freeMbOf(folder)
    const now = left < 1 ? 'none' : left < freeMinMb ? 'little' : 'room'
    if (now === told) return
    told = now
    if (now === 'none')
      say(`the disk is full (${folder}): no payment can be taken until there is room`)
    else if (now === 'little') say(`the disk is nearly full (${folder}): ${left} MB are left`)
    else say(`there is room on the disk again (${folder}): ${left} MB are left`)
  }
  check()
  setInterval(check, checkEveryMs).unref()
}

/** As much as is there for this user; plenty where the system does not tell. */
function freeMbOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return Math.floor((bavail * bsize) / megabyte)
  } catch {
    return Number.MAX_SAFE_INTEGER
  }
}
