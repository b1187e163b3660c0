import { randomInt } from 'node:crypto'
import { isFree } from '../../src/platform/postgres/server-settings.ts'

/** Neither a server's that a test starts, nor one that an outgoing connection may be given. */
const [portMin, ports] = [20_000, 6_000]

/** The first of so many neighbours that nobody listens on. */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const first = portMin + randomInt(ports - count)
    const all = Array.from({ length: count }, (_, index) => isFree(first + index))
    if ((await Promise.all(all)).every(Boolean)) return first
  }
}
