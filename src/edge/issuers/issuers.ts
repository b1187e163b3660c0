import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Directory, Issuer } from '../../directory/index.ts'
import type { Clock, Timers } from '../../kernel/clock.ts'
import type { IssuerId } from '../../kernel/ids.ts'
import type {
  IssuerMessage,
  IssuerPort,
  IssuerReply,
  SensitiveCardData,
} from '../../switch/index.ts'
import { AesCmacKey } from '../../wire/mac/index.ts'
import { IssuerLink, type LinkObserver } from './link.ts'
import { outgoing } from './outbound.ts'
import { dialer, type Dial } from './transport.ts'

export type IssuersOptions = {
  readonly directory: Directory
  readonly clock: Clock
  readonly timers: Timers
  readonly observe: (issuer: IssuerId) => LinkObserver
  /** How a bank is reached; TCP where it is left out. */
  readonly dial?: (issuer: Issuer) => Dial
  readonly macKeys?: boolean
}

/** The switch's port to banks and schemes: one link each, dialled by the centre. */
export class Issuers implements IssuerPort {
  readonly #directory: Directory
  readonly #links: ReadonlyMap<IssuerId, IssuerLink>

  constructor(options: IssuersOptions) {
    const { directory, clock, timers } = options
    this.#directory = directory
    const institution = directory.acquirers()[0]?.institutionId ?? '0'
    const links = directory.issuers().map((issuer): [IssuerId, IssuerLink] => [
      issuer.id,
      new IssuerLink({
        name: issuer.name,
        dial: options.dial?.(issuer) ?? dialer(issuer),
        calendar: directory.calendar,
        clock,
        timers,
        institution,
        macKey: options.macKeys === false ? undefined : macKeyOf(issuer),
        observe: options.observe(issuer.id),
      }),
    ])
    this.#links = new Map(links)
  }

  start(): void {
    for (const link of this.#links.values()) link.start()
  }

  stop(): void {
    for (const link of this.#links.values()) link.stop()
  }

  /** Which links are signed on, for readiness and metrics. */
  states(): { readonly issuer: IssuerId; readonly up: boolean; readonly pending: number }[] {
    return [...this.#links].map(([issuer, { up, pending }]) => ({ issuer, up, pending }))
  }

  send(
    issuer: IssuerId,
    message: IssuerMessage,
    card: SensitiveCardData,
    options: { readonly deadlineMs: number; readonly repeat: boolean },
  ): Promise<IssuerReply> {
    const link = this.#links.get(issuer)
    if (link?.up !== true) return Promise.resolve({ kind: 'not_sent' })
    const { calendar } = this.#directory
    return link.request(
      outgoing(message, card, { repeat: options.repeat, calendar }),
      options.deadlineMs,
    )
  }
}

function macKeyOf({ id, macKeyFile }: Issuer): AesCmacKey | undefined {
  if (macKeyFile === null) return undefined
  const text = readFileSync(macKeyFile, 'utf8').trim()
  if (!/^[0-9A-Fa-f]{32}$/.test(text)) {
    throw new Error(`the MAC key file of ${id} must hold 32 hexadecimal digits`)
  }
  return new AesCmacKey(createSecretKey(Buffer.from(text, 'hex')))
}
