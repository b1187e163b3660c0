import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net'

/** More than the system hands over at once. */
const memoryBytes = 256 * 1024

/**
 * A socket for much that is read at once: it reads into the same memory each time, where any other
 * takes new memory for every chunk, whose collection costs more than the reading.
 */
export class LendingSocket extends Socket {
  /** While it does, a chunk of `data` is that memory itself, good until its listeners return. */
  lends = false

  constructor() {
    const memory = Buffer.allocUnsafeSlow(memoryBytes)
    const give = (count: number): boolean => {
      const chunk = memory.subarray(0, count)
      this.emit('data', this.lends ? chunk : Buffer.from(chunk))
      return true
    }
    const options: SocketConstructorOpts & ConnectOpts = {
      onread: { buffer: memory, callback: give },
    }
    // [Node.js net] Taken by the constructor, though it is described with `connect`.
    super(options)
  }
}
