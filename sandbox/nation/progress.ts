import type { Clock } from '../../src/kernel/clock.ts'

/** Where progress is shown: a terminal redraws one line, anything else gets few of them. */
export type ProgressScreen = { readonly isTerminal: boolean; write(text: string): void }

const barWidth = 24
const redrawEveryMs = 200
const lineEveryMs = 10_000

/** How much of long work is done, how fast, and the time that is left. */
export class Progress {
  readonly #screen: ProgressScreen
  readonly #clock: Clock
  readonly #total: number
  readonly #startedMs: number
  #shownMs: number
  #done = 0
  /** What an earlier run had done says nothing of the speed of this one. */
  #found = 0

  constructor(screen: ProgressScreen, clock: Clock, total: number) {
    this.#screen = screen
    this.#clock = clock
    this.#total = total
    this.#startedMs = clock.monotonicMs()
    this.#shownMs = this.#startedMs
  }

  found(rows: number): void {
    this.#found += rows
    this.add(rows)
  }

  add(rows: number): void {
    this.#done += rows
    const nowMs = this.#clock.monotonicMs()
    const everyMs = this.#screen.isTerminal ? redrawEveryMs : lineEveryMs
    if (nowMs - this.#shownMs < everyMs) return
    this.#shownMs = nowMs
    this.#screen.write(this.#screen.isTerminal ? `\r${this.line()}\x1b[K` : `${this.line()}\n`)
  }

  end(): void {
    if (this.#screen.isTerminal) this.#screen.write(`\r\x1b[K`)
  }

  line(): string {
    const part = Math.min(1, this.#done / Math.max(1, this.#total))
    const seconds = (this.#clock.monotonicMs() - this.#startedMs) / 1000
    const rate = (this.#done - this.#found) / Math.max(seconds, 0.001)
    const filled = Math.round(part * barWidth)
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
    const left = rate > 0 ? ` ${timeOf((this.#total - this.#done) / rate)} left` : ''
    return (
      `${bar} ${String(Math.floor(part * 100)).padStart(3)} %  ${millions(this.#done)} of ` +
      `${millions(this.#total)} million rows  ${Math.round(rate / 1000)} 000/s ${left}`
    )
  }
}

const millions = (rows: number): string => (rows / 1e6).toFixed(1)

function timeOf(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
