import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Directory, Site } from '../../../../directory/index.ts'
import type { Clock, RandomBytes } from '../../../../kernel/clock.ts'
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
  readonly #clock: Pick<Clock, 'now'>
  readonly #key: Buffer
  readonly #sandbox: boolean
  readonly #known = new Map<string, Buffer>()
  #waiting = 0

  constructor(options: {
    readonly directory: Pick<Directory, 'apiUser'>
    readonly clock: Pick<Clock, 'now'>
    readonly random: RandomBytes
    readonly sandbox: boolean
  }) {
    this.#directory = options.directory
    this.#clock = options.clock
    this.#sandbox = options.sandbox
    this.#key = options.random(32)
  }

  async verify(
    site: Site | undefined,
    { name, password }: { readonly name: string; readonly password: string },
  ): Promise<'right' | 'wrong' | 'busy'> {
    const isPublished = !this.#sandbox && password === sandboxPassword
    const user = isPublished ? undefined : site && this.#directory.apiUser(site.id, name)
    const now = await this.#compare(user?.passwordHash() ?? nobody, {
      of: `${user?.site ?? ''}/${name}`,
      password,
    })
    if (now === 'busy') return now
    if (now === 'right' && user !== undefined) return now
    const before = user?.previousPasswordHash(this.#clock.now()) ?? null
    if (user === undefined || before === null) return 'wrong'
    return await this.#compare(before, { of: `${user.site}/${name}/before`, password })
  }

  async #compare(
    encoded: string,
    { of, password }: { readonly of: string; readonly password: string },
  ): Promise<'right' | 'wrong' | 'busy'> {
    const digest = createHmac('sha256', this.#key).update(`${encoded}\0${password}`).digest()
    const known = this.#known.get(of)
    if (known !== undefined && timingSafeEqual(known, digest)) return 'right'
    if (this.#waiting >= waitingMax) return 'busy'
    this.#waiting += 1
    try {
      if (!(await isPassword(password, encoded))) return 'wrong'
      this.#known.set(of, digest)
      return 'right'
    } finally {
      this.#waiting -= 1
    }
  }
}
