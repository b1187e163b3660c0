import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  deliveryFileName,
  deliveryFromJson,
  deliveryToJson,
  type DeliveredFile,
  type Delivery,
} from '../../src/wire/lake/index.ts'
import { sha256Of } from './draw-month.ts'
import type { Merchant } from './merchants.ts'
import type { Month } from './months.ts'

/** What is left in the folder of earlier runs, whatever ended them. */
export class MadeMonths {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** A month's file, if it is there, whole, and what this plan would make. */
  async find(month: Month, fingerprint: string): Promise<DeliveredFile | undefined> {
    const text = await readFile(this.#note(month), 'utf8').catch(() => undefined)
    const note = text === undefined ? undefined : deliveryFromJson(text)
    if (note?.ok !== true || note.value.source !== fingerprint) return undefined
    const [file] = note.value.files
    if (file === undefined) return undefined
    const sha256 = await sha256Of(join(this.#folder, file.file)).catch(() => undefined)
    return sha256 === file.sha256 ? file : undefined
  }

  async keep(month: Month, fingerprint: string, file: DeliveredFile): Promise<void> {
    await this.#write(this.#note(month), { source: fingerprint, files: [file] })
  }

  /** A delivery that is being made is none: whoever finds its note believes it is whole. */
  async withdraw(): Promise<void> {
    await rm(join(this.#folder, deliveryFileName), { force: true })
  }

  /** The register beside the days, with what the days' rows do not carry. */
  async keepMerchants(merchants: readonly Merchant[]): Promise<void> {
    const columns = [
      ...(['merchant', 'site', 'channel', 'gateway', 'door', 'sector', 'mcc', 'city'] as const),
      ...(['opened', 'closed'] as const),
    ]
    const lines = merchants.map((merchant) => columns.map((column) => merchant[column]).join(','))
    const draft = join(this.#folder, '.merchants.csv')
    await writeFile(draft, `${columns.join(',')}\n${lines.join('\n')}\n`)
    await rename(draft, join(this.#folder, 'merchants.csv'))
  }

  async deliver(delivery: Delivery): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (name.startsWith('.')) await rm(join(this.#folder, name), { recursive: true, force: true })
    }
    await this.#write(join(this.#folder, deliveryFileName), delivery)
  }

  #note(month: Month): string {
    return join(this.#folder, `${month}.json`)
  }

  /** Whole or not at all. */
  async #write(path: string, delivery: Delivery): Promise<void> {
    const draft = `${path}.draft`
    await writeFile(draft, deliveryToJson(delivery))
    await rename(draft, path)
  }
}
