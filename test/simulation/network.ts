import { createSecretKey } from 'node:crypto'
import { Bank, CardTokens, MemoryJournal, type BankLink } from '../../sandbox/bank/index.ts'
import { sandboxProfiles, type BankProfile } from '../../sandbox/bank/index.ts'
import { Books } from '../../sandbox/bank/books.ts'
import { decodeEntry } from '../../sandbox/bank/entry.ts'
import type { Dial, Transport, TransportEvents } from '../../src/edge/issuers/index.ts'
import { dialects, parseMessage } from '../../src/wire/iso8583/index.ts'
import { describe } from './describe.ts'
import type { World } from './world.ts'

/** How bad the lines are: probabilities of each mishap of a message, or of a call. */
export type Weather = {
  lost: number
  doubled: number
  /** Past the deadline of an answer. */
  late: number
  refused: number
}

export const fair: Weather = { lost: 0, doubled: 0, late: 0, refused: 0 }

const key = createSecretKey(Buffer.alloc(32, 7))

/** A bank of the sandbox: the real one, on a journal that outlives it. */
export class SimulatedBank {
  readonly code: string
  readonly links = new Set<SimulatedLine>()
  readonly #journal = new MemoryJournal()
  readonly #profile: BankProfile
  readonly #world: World
  bank: Bank

  constructor(profile: BankProfile, world: World) {
    this.code = profile.code
    this.#profile = profile
    this.#world = world
    this.bank = this.#open()
  }

  /** Its process ends and begins again: books are made from the journal, links are gone. */
  restart(): void {
    this.#world.note(`bank ${this.code} restarts`)
    for (const line of [...this.links]) line.drop('the bank restarts')
    this.bank = this.#open()
  }

  #open(): Bank {
    const books = new Books()
    for (const line of this.#journal.lines) {
      const entry = decodeEntry(line.split('\t'))
      if (entry !== undefined) books.apply(entry, line)
    }
    const tokens = new CardTokens(key)
    const journal = this.#journal
    return new Bank({ profile: this.#profile, clock: this.#world, journal, tokens, books })
  }
}

/** One connection of the centre to a bank, over which anything may happen to a message. */
export class SimulatedLine implements Transport {
  readonly congested = false
  readonly #link: BankLink = { signedOn: false }
  readonly #network: Network
  readonly #bank: SimulatedBank
  readonly #events: TransportEvents
  #open = true

  constructor(network: Network, bank: SimulatedBank, events: TransportEvents) {
    this.#network = network
    this.#bank = bank
    this.#events = events
    const { world, weather } = network
    const refused = world.random.chance(weather.refused)
    world.after(world.random.integer(1, 20), () => {
      if (refused) return this.drop('refused')
      if (!this.#open) return
      bank.links.add(this)
      events.onOpen()
    })
  }

  /** Bytes that left arrive although their line may be gone by then. */
  send(bytes: Buffer): void {
    if (!this.#open) return
    this.#network.carry(`${this.#bank.code} <`, bytes, () => this.#atBank(bytes))
  }

  close(): void {
    this.#network.world.after(1, () => this.drop('closed by the centre'))
  }

  drop(reason: string): void {
    if (!this.#open) return
    this.silence()
    this.#network.world.note(`line to ${this.#bank.code} lost: ${reason}`)
    this.#events.onClose(reason)
  }

  /** The other end died: nobody is there to be told. */
  silence(): void {
    this.#open = false
    this.#bank.links.delete(this)
  }

  #atBank(bytes: Buffer): void {
    const { world } = this.#network
    const parsed = parseMessage(dialects.asciibin, bytes)
    if (!parsed.ok) return world.violated(`the centre sent bytes that are no message`)
    const reaction = this.#bank.bank.handle(parsed.value, this.#link)
    for (const { bytes: answer, delayMs } of reaction.answers) {
      world.after(delayMs, () => {
        this.#network.carry(`${this.#bank.code} >`, answer, () => {
          if (this.#open) this.#events.onMessages([answer])
        })
      })
    }
    if (reaction.closeLink) this.drop('closed by the bank')
  }
}

export class Network {
  readonly world: World
  readonly banks: readonly SimulatedBank[]
  weather: Weather = fair

  constructor(world: World) {
    this.world = world
    this.banks = sandboxProfiles('').map((profile) => new SimulatedBank(profile, world))
  }

  /** How a process reaches a bank; `opened` lets it be silenced when the process dies. */
  dialer(code: string, opened: (line: SimulatedLine) => void): Dial {
    const bank = this.banks.find((one) => one.code === code)
    if (bank === undefined) throw new Error(`no simulated bank is called ${code}`)
    return (events) => {
      const line = new SimulatedLine(this, bank, events)
      opened(line)
      return line
    }
  }

  carry(where: string, bytes: Buffer, arrive: () => void): void {
    const { world, weather } = this
    const { random } = world
    const copies = random.chance(weather.lost) ? 0 : random.chance(weather.doubled) ? 2 : 1
    const what = world.tracing ? `${where} ${describe(bytes)}` : ''
    if (copies !== 1) world.note(`${what} ${copies === 0 ? 'is lost' : 'is doubled'}`)
    for (let i = 0; i < copies; i++) {
      const late = random.chance(weather.late)
      const delayMs = late ? random.integer(3_000, 20_000) : random.integer(1, 40)
      world.after(delayMs, () => {
        world.note(what)
        arrive()
      })
    }
  }
}
