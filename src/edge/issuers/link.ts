import type { Calendar } from '../../directory/index.ts'
import type { Clock, Timers } from '../../kernel/clock.ts'
import { limits } from '../../kernel/limits.ts'
import type { IssuerReply } from '../../switch/index.ts'
import {
  asciibin,
  buildMessage,
  parseMessage,
  type Draft,
  type Message,
} from '../../wire/iso8583/index.ts'
import { verifyMac, type AesCmacKey } from '../../wire/mac/index.ts'
import { isResponse, matchKey, replyOf, responseClassOf } from './inbound.ts'
import { transmittedAt } from './outbound.ts'
import { Pending } from './pending.ts'
import type { Dial, Transport } from './transport.ts'

export type LinkOptions = {
  readonly name: string
  readonly dial: Dial
  readonly calendar: Calendar
  readonly clock: Clock
  readonly timers: Timers
  /** DE33 of the sign-on: who calls. */
  readonly institution: string
  /** Of DE128, both ways; undefined where the link carries no MAC. */
  readonly macKey: AesCmacKey | undefined
  readonly observe: LinkObserver
}

export type LinkObserver = {
  state(up: boolean, reason: string): void
  /** An answer that nobody waits for: late, doubled, or of another request. A fact all the same. */
  unmatched(facts: { mti: string; stan: string; rrn: string; responseCode: string }): void
  refused(what: 'malformed' | 'wrong_mac' | 'unexpected', reason: string): void
}

/** DE70 [ISO8583-87]: sign-on, echo. */
const network = { signOn: '001', echo: '301' } as const

/**
 * A link to one bank: the centre dials, signs on, sends many requests at once and matches their
 * answers, tests an idle line by an echo, and dials again with back-off when it is lost.
 */
export class IssuerLink {
  readonly #options: LinkOptions
  readonly #pending: Pending
  #transport: Transport | undefined
  #up = false
  #stopped = false
  #failures = 0
  #networkStan = 0
  #lastHeardMs = 0

  constructor(options: LinkOptions) {
    this.#options = options
    this.#pending = new Pending(options.clock, options.timers)
  }

  get up(): boolean {
    return this.#up
  }

  get pending(): number {
    return this.#pending.size
  }

  start(): void {
    this.#connect()
  }

  stop(): void {
    this.#stopped = true
    this.#transport?.close()
  }

  /** Resolves by the deadline, whatever happens to the line. */
  request(draft: Draft, deadlineMs: number): Promise<IssuerReply> {
    const transport = this.#transport
    if (!this.#up || transport === undefined || transport.congested) return notSent()
    return this.#exchange(transport, draft, deadlineMs)
  }

  #exchange(transport: Transport, draft: Draft, deadlineMs: number): Promise<IssuerReply> {
    const stan = String(draft.fields[11])
    const terminal = draft.fields[41]
    const key = matchKey(
      responseClassOf(draft.mti),
      stan,
      terminal === undefined ? '' : String(terminal),
    )
    if (this.#pending.has(key) || this.#pending.size >= limits.issuerPendingMax) return notSent()
    const bytes = this.#build(draft)
    if (bytes === undefined) return notSent()
    const rrn = draft.fields[37]
    const reply = this.#pending.add(key, rrn === undefined ? undefined : String(rrn), deadlineMs)
    transport.send(bytes)
    return reply
  }

  #build(draft: Draft): Buffer | undefined {
    const { macKey } = this.#options
    const signed = macKey !== undefined && !draft.mti.startsWith('08')
    const mac = signed
      ? { de: 128 as const, compute: (input: Buffer) => macKey.mac(input) }
      : undefined
    const built = buildMessage(asciibin, { mti: draft.mti, fields: draft.fields, mac })
    if (built.ok) return built.value
    this.#options.observe.refused('malformed', `not sent: ${built.error.message}`)
    return undefined
  }

  #connect(): void {
    const transport = this.#options.dial({
      onOpen: () => void this.#signOn(transport),
      onMessages: (messages) => {
        this.#lastHeardMs = this.#options.clock.monotonicMs()
        for (const bytes of messages) this.#receive(transport, bytes)
      },
      onClose: (reason) => {
        if (this.#transport === transport) this.#lost(reason)
      },
    })
    this.#transport = transport
  }

  #lost(reason: string): void {
    const { timers, observe } = this.#options
    if (this.#up) observe.state(false, reason)
    this.#up = false
    this.#transport = undefined
    this.#pending.abandon()
    if (this.#stopped) return
    const delayMs = Math.min(
      limits.issuerReconnectMinMs * 2 ** Math.min(this.#failures, 10),
      limits.issuerReconnectMaxMs,
    )
    this.#failures += 1
    timers.after(delayMs, () => {
      if (!this.#stopped) this.#connect()
    })
  }

  async #signOn(transport: Transport): Promise<void> {
    if (!(await this.#networkExchange(transport, network.signOn))) {
      transport.close()
      return
    }
    this.#up = true
    this.#failures = 0
    this.#lastHeardMs = this.#options.clock.monotonicMs()
    this.#options.observe.state(true, 'signed on')
    this.#watch(transport)
  }

  /** A line that has been silent is tested: a dead one must be found before a customer does. */
  #watch(transport: Transport): void {
    const { timers, clock } = this.#options
    const idleMs = clock.monotonicMs() - this.#lastHeardMs
    const leftMs = limits.issuerEchoIdleMs - idleMs
    timers.after(Math.max(leftMs, 1_000), () => {
      if (this.#transport !== transport || this.#stopped) return
      if (clock.monotonicMs() - this.#lastHeardMs < limits.issuerEchoIdleMs) {
        this.#watch(transport)
        return
      }
      void this.#networkExchange(transport, network.echo).then((answered) => {
        if (this.#transport !== transport) return
        if (answered) this.#watch(transport)
        else transport.close()
      })
    })
  }

  async #networkExchange(transport: Transport, code: string): Promise<boolean> {
    const { clock, calendar, institution } = this.#options
    this.#networkStan = (this.#networkStan % 999_999) + 1
    const fields = {
      7: transmittedAt(clock.now(), calendar),
      11: this.#networkStan.toString().padStart(6, '0'),
      33: code === network.signOn ? institution : undefined,
      70: code,
    }
    const reply = await this.#exchange(
      transport,
      { mti: '0800', fields },
      limits.issuerSignOnTimeoutMs,
    )
    return reply.kind === 'answered' && reply.responseCode === '00'
  }

  #receive(transport: Transport, bytes: Buffer): void {
    const { observe } = this.#options
    const parsed = parseMessage(asciibin, bytes)
    if (!parsed.ok) {
      observe.refused('malformed', parsed.error.message)
      return
    }
    const message = parsed.value
    if (!message.mti.startsWith('08') && !this.#isAuthentic(message)) {
      observe.refused('wrong_mac', `an answer ${message.mti} with a wrong or missing DE128`)
      return
    }
    if (isResponse(message.mti)) this.#settle(message)
    else if (message.mti === '0800') this.#answerNetwork(transport, message)
    else observe.refused('unexpected', `a message ${message.mti} that a bank does not send`)
  }

  #settle(message: Message): void {
    const stan = message.text(11) ?? ''
    const rrn = message.text(37)
    const reply = replyOf(message)
    if (reply?.kind !== 'answered') {
      this.#options.observe.refused('unexpected', `an answer ${message.mti} without DE39`)
      return
    }
    const key = matchKey(message.mti.slice(0, 3), stan, message.text(41) ?? '')
    if (this.#pending.settle(key, rrn, reply)) return
    const { responseCode } = reply
    this.#options.observe.unmatched({ mti: message.mti, stan, rrn: rrn ?? '', responseCode })
  }

  #answerNetwork(transport: Transport, message: Message): void {
    const fields = { 7: message.text(7), 11: message.text(11), 39: '00', 70: message.text(70) }
    const bytes = this.#build({ mti: '0810', fields })
    if (bytes !== undefined) transport.send(bytes)
  }

  #isAuthentic(message: Message): boolean {
    const { macKey } = this.#options
    if (macKey === undefined) return true
    const received = message.binary(128)
    return received !== undefined && verifyMac(macKey.mac(message.macInput()), received)
  }
}

const notSent = (): Promise<IssuerReply> => Promise.resolve({ kind: 'not_sent' })
