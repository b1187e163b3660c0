import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Directory, Site } from '../../../../directory/index.ts'
import type { RandomBytes } from '../../../../kernel/clock.ts'
import { isPassword } from '../../../../platform/password.ts'

/** Derivations that wait: each takes some 40 ms of a core and 16 MB, whoever asks. */
const waitingMax = 32

/** What no password gives, derived all the same: an unknown user takes as long as a known one. */
const nobody = `scrypt$16384$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=`

/** Published with the sandbox: outside it, it opens nothing, whatever folder was copied. */
const sandboxPassword = 'sandbox-api'

/** Names and passwords of the API. What was right once is known again by a digest in memory. */
export class ApiUsers {
  readonly #directory: Pick<Directory, 'apiUser'>
  readonly #key: Buffer
  readonly #sandbox: boolean
  readonly #known = new Map<string, Buffer>()
  #waiting = 0

  constructor(options: {
    readonly directory: Pick<Directory, 'apiUser'>
    readonly random: RandomBytes
    readonly sandbox: boolean
  }) {
    this.#directory = options.directory
    this.#sandbox = options.sandbox
    this.#key = options.random(32)
  }

  async verify(
    site: Site | undefined,
    { name, password }: { readonly name: string; readonly password: string },
  ): Promise<'right' | 'wrong' | 'busy'> {
    const isPublished = !this.#sandbox && password === sandboxPassword
    const user = isPublished ? undefined : site && this.#directory.apiUser(site.id, name)
    const encoded = user?.passwordHash() ?? nobody
    const digest = createHmac('sha256', this.#key).update(`${encoded}\0${password}`).digest()
    const known = this.#known.get(`${user?.site ?? ''}/${name}`)
    if (known !== undefined && timingSafeEqual(known, digest)) return 'right'
    if (this.#waiting >= waitingMax) return 'busy'
    this.#waiting += 1
    try {
      const right = await isPassword(password, encoded)
      if (!right || user === undefined) return 'wrong'
      this.#known.set(`${user.site}/${name}`, digest)
      return 'right'
    } finally {
      this.#waiting -= 1
    }
  }
}
