/** A disk of its own for a data directory, small enough to be filled. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SmallDisk = {
  readonly folder: string
  /** Takes all that is left, but for so many pages of 4 KB. */
  fill(pagesLeft?: number): void
  /** Gives it back. */
  release(): void
  unmount(): void
}

/** Undefined, with the reason, where this user may not mount. */
export function mountSmallDisk(megabytes: number): SmallDisk | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root mounts a disk'
  const folder = mkdtempSync(join(tmpdir(), 'monetique-disk-'))
  const options = `size=${megabytes}m,mode=0755`
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder])
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    return `a disk cannot be mounted here: ${String(stderr).trim()}`
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    fill: (pagesLeft = 0) => {
      const fd = openSync(filler, 'a')
      // Down to the last page: a file of a few bytes has no room either.
      for (let bytes = 1024 * 1024; bytes >= 4096;) {
        try {
          if (writeSync(fd, Buffer.alloc(bytes, 1)) < bytes) bytes /= 2
        } catch {
          bytes /= 2
        }
      }
      ftruncateSync(fd, Math.max(0, fstatSync(fd).size - pagesLeft * 4_096))
      closeSync(fd)
    },
    release: () => {
      rmSync(filler, { force: true })
    },
    unmount: () => {
      spawnSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
