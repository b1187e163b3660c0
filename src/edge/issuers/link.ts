import type { Calendar } from '../../directory/index.ts'
import type { Clock, Timers } from '../../kernel/clock.ts'
import { limits } from '../../kernel/limits.ts'
import type { IssuerReply } from '../../switch/index.ts'
import {
  asciibin,
  parseMessage,
  startMessage,
  type Message,
  type MessageMac,
} from '../../wire/iso8583/index.ts'
import { verifyMac, type AesCmacKey } from '../../wire/mac/index.ts'
import { exchangeNumber, isResponse, replyOf, responseClassOf } from './inbound.ts'
import { LineHealth } from './line-health.ts'
import { transmittedAt, type Outgoing } from './outbound.ts'
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
  /** Up, or down with the reason: told once, not at each try to dial again that fails alike. */
  state(up: boolean, reason: string): void
  /** An answer that nobody waits for: late, doubled, or of another request. A fact all the same. */
  unmatched(facts: { mti: string; stan: string; rrn: string; responseCode: string }): void
  refused(what: Refused, reason: string): void
}

type Refused = 'malformed' | 'wrong_mac' | 'unexpected'

/** DE70 [ISO8583-87]: sign-on, echo. */
const network = { signOn: '001', echo: '301' } as const

/**
 * A link to one bank: the centre dials, signs on, sends many requests at once and matches their
 * answers, tests an idle line by an echo, and dials again with back-off when it is lost.
 */
export class IssuerLink {
  readonly #options: LinkOptions
  readonly #pending: Pending
  readonly #mac: MessageMac | undefined
  #transport: Transport | undefined
  readonly #health = new LineHealth()
  #signedOn = false
  #stopped = false
  #networkStan = 0
  #lastHeardMs = 0
  #testing = false
  #cancelWatch = (): void => undefined
  #cancelRedial = (): void => undefined
  /** Why the centre itself hung up, until the line is gone. */
  #fault: string | undefined
  #toldReason: string | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    const { macKey } = options
    this.#mac = macKey && { de: 128, compute: (input) => macKey.mac(input) }
    this.#pending = new Pending(options.clock, options.timers, () => {
      this.#onSilence()
    })
  }

  get up(): boolean {
    return this.#signedOn && this.#fault === undefined
  }

  get pending(): number {
    return this.#pending.size
  }

  start(): void {
    this.#connect()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWatch()
    this.#cancelRedial()
    this.#transport?.close()
  }

  /** Resolves by the deadline, whatever happens to the line. */
  request(message: Outgoing, deadlineMs: number): Promise<IssuerReply> {
    const transport = this.#transport
    if (!this.up || transport === undefined || transport.congested) return notSent()
    return this.#exchange(transport, message, deadlineMs)
  }

  #exchange(transport: Transport, message: Outgoing, deadlineMs: number): Promise<IssuerReply> {
    const { terminal, rrn } = message
    const exchange = exchangeNumber(responseClassOf(message.mti), message.stan)
    if (this.#pending.has(exchange)) return notSent()
    if (this.#pending.size >= limits.issuerPendingMax) return notSent()
    const bytes = this.#build(message)
    if (bytes === undefined) return notSent()
    const reply = this.#pending.add({ exchange, terminal, rrn }, deadlineMs)
    transport.send(bytes)
    return reply
  }

  #build({ mti, writeFields }: Pick<Outgoing, 'mti' | 'writeFields'>): Buffer | undefined {
    const writer = startMessage(asciibin, mti)
    writeFields(writer)
    const built = writer.end(mti.startsWith('08') ? undefined : this.#mac)
    if (built.ok) return built.value
    this.#options.observe.refused('malformed', `not sent: ${built.error.message}`)
    return undefined
  }

  #connect(): void {
    const transport = this.#options.dial({
      onOpen: () => void this.#signOn(transport),
      onMessages: (messages) => {
        this.#lastHeardMs = this.#options.clock.monotonicMs()
        for (const bytes of messages) {
          // What came behind the message for which the line was given up.
          if (this.#transport !== transport || this.#fault !== undefined) return
          this.#receive(transport, bytes)
        }
      },
      onClose: (reason) => {
        if (this.#transport === transport) this.#lost(reason)
      },
    })
    this.#transport = transport
  }

  #lost(closeReason: string): void {
    const { timers, observe, clock } = this.#options
    const reason = this.#fault ?? closeReason
    if (this.#signedOn || reason !== this.#toldReason) observe.state(false, reason)
    this.#toldReason = reason
    this.#fault = undefined
    this.#signedOn = false
    this.#transport = undefined
    this.#cancelWatch()
    this.#pending.abandon()
    const delayMs = this.#health.lost(clock.monotonicMs())
    if (this.#stopped) return
    this.#cancelRedial = timers.after(delayMs, () => {
      if (!this.#stopped) this.#connect()
    })
  }

  /** From now on nothing is sent or taken on this line, which ends as soon as it can. */
  #giveUp(transport: Transport, fault: string): void {
    if (this.#transport !== transport || this.#fault !== undefined) return
    this.#fault = fault
    transport.close()
  }

  async #signOn(transport: Transport): Promise<void> {
    const fault = await this.#networkExchange(transport, network.signOn)
    // The line may have gone in the very read that brought the answer.
    if (this.#transport !== transport || this.#fault !== undefined) return
    if (fault !== undefined) {
      this.#giveUp(transport, `the sign-on ${fault}`)
      return
    }
    this.#signedOn = true
    this.#lastHeardMs = this.#options.clock.monotonicMs()
    this.#health.signedOn(this.#lastHeardMs)
    this.#toldReason = undefined
    this.#options.observe.state(true, 'signed on')
    this.#watch(transport)
  }

  /** A line that has been silent is tested: a dead one must be found before a customer does. */
  #watch(transport: Transport): void {
    const { timers, clock } = this.#options
    const idleMs = clock.monotonicMs() - this.#lastHeardMs
    const leftMs = limits.issuerEchoIdleMs - idleMs
    this.#cancelWatch = timers.after(Math.max(leftMs, 1_000), () => {
      if (this.#transport !== transport || this.#stopped) return
      if (clock.monotonicMs() - this.#lastHeardMs < limits.issuerEchoIdleMs) {
        this.#watch(transport)
        return
      }
      void this.#test(transport).then(() => {
        if (this.#transport === transport) this.#watch(transport)
      })
    })
  }

  /** Requests waited in vain and nothing else came: the line may be dead, or cut within a frame. */
  #onSilence(): void {
    const transport = this.#transport
    if (transport === undefined || !this.up) return
    const silentMs = this.#options.clock.monotonicMs() - this.#lastHeardMs
    if (silentMs >= limits.issuerAnswerDeadlineMs) void this.#test(transport)
  }

  async #test(transport: Transport): Promise<void> {
    if (this.#testing) return
    this.#testing = true
    const fault = await this.#networkExchange(transport, network.echo)
    this.#testing = false
    if (fault !== undefined) this.#giveUp(transport, `the echo ${fault}`)
  }

  /** Undefined when the bank answered 00, else what it did instead. */
  async #networkExchange(transport: Transport, code: string): Promise<string | undefined> {
    const { clock, calendar, institution } = this.#options
    this.#networkStan = (this.#networkStan % 999_999) + 1
    const stan = this.#networkStan.toString().padStart(6, '0')
    const message: Outgoing = {
      ...{ mti: '0800', stan, terminal: '', rrn: undefined },
      writeFields: (to) => {
        to.field(7, transmittedAt(clock.now(), calendar)).field(11, stan)
        if (code === network.signOn) to.field(33, institution)
        to.field(70, code)
      },
    }
    const reply = await this.#exchange(transport, message, limits.issuerSignOnTimeoutMs)
    if (reply.kind !== 'answered') return 'was not answered'
    return reply.responseCode === '00' ? undefined : `was refused with ${reply.responseCode}`
  }

  #receive(transport: Transport, bytes: Buffer): void {
    const parsed = parseMessage(asciibin, bytes)
    if (!parsed.ok) {
      this.#refuse(transport, 'malformed', parsed.error.message)
      return
    }
    const message = parsed.value
    const { mti } = message
    if (!mti.startsWith('08') && !this.#isAuthentic(message)) {
      this.#refuse(transport, 'wrong_mac', `an answer ${mti} with a wrong or missing DE128`)
    } else if (isResponse(mti)) this.#settle(transport, message)
    else if (mti === '0800') this.#answerNetwork(transport, message)
    else this.#refuse(transport, 'unexpected', `a message ${mti} that a bank does not send`)
  }

  #refuse(transport: Transport, what: Refused, reason: string): void {
    this.#options.observe.refused(what, reason)
    this.#endFlood(transport)
  }

  /** Each refusal costs a line of the log, which other banks' customers pay for. */
  #endFlood(transport: Transport): void {
    if (this.#health.isFlood(this.#options.clock.monotonicMs())) {
      this.#giveUp(transport, 'the bank sent a flood of messages that nobody asked for')
    }
  }

  #settle(transport: Transport, message: Message): void {
    const { mti } = message
    const stan = message.text(11) ?? ''
    const rrn = message.text(37)
    const reply = replyOf(message)
    if (reply?.kind !== 'answered') {
      this.#refuse(transport, 'unexpected', `an answer ${mti} without DE39`)
      return
    }
    const exchange = exchangeNumber(mti.slice(0, 3), stan)
    if (this.#pending.settle({ exchange, terminal: message.text(41) ?? '', rrn }, reply)) {
      if (!mti.startsWith('08')) this.#health.answered()
      return
    }
    const { responseCode } = reply
    this.#options.observe.unmatched({ mti, stan, rrn: rrn ?? '', responseCode })
  }

  #answerNetwork(transport: Transport, message: Message): void {
    this.#endFlood(transport)
    // A bank that asks and does not read would fill the memory with its answers.
    if (this.#fault !== undefined || transport.congested) return
    const bytes = this.#build({
      mti: '0810',
      writeFields: (to) => {
        to.field(7, message.text(7)).field(11, message.text(11))
        to.field(39, '00').field(70, message.text(70))
      },
    })
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
