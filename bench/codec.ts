/**
 * What the codec and the message codes cost on one core, one JSON line per measure. The baseline
 * is JSON.parse and JSON.stringify of the same fields: no validation, no bitmap, no packing; it is
 * what a codec would cost if the engine's own did the work. Medians of five rounds, taken in turn.
 */
import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { rootFolder } from '../src/platform/root.ts'
import {
  asciibin,
  bcdtpdu,
  buildMessage,
  FrameSplitter,
  joinFrames,
  parseMessage,
  type Dialect,
  type Draft,
} from '../src/wire/iso8583/index.ts'
import { AesCmacKey, RetailMacKey } from '../src/wire/mac/index.ts'

const ROUNDS = 5
const ROUND_MS = 400

type Measure = { readonly name: string; readonly run: () => void }

const path = join(rootFolder, 'test', 'fixtures', 'iso8583', 'messages.json')
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly messages: readonly { readonly name: string; readonly hex: string }[]
}

function messageNamed(name: string, dialect: Dialect): { bytes: Buffer; draft: Draft } {
  const bytes = Buffer.from(fixture.messages.find((m) => m.name === name)?.hex ?? '', 'hex')
  const parsed = parseMessage(dialect, bytes)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const message = parsed.value
  const fields: Record<number, string | Buffer | undefined> = {}
  for (const de of message.fields()) fields[de] = message.text(de) ?? message.binary(de)
  return { bytes, draft: { mti: message.mti, header: message.header, fields } }
}

/** Read and written so that no engine may leave the work out. */
let sink = 0

function parseAndRead(dialect: Dialect, bytes: Buffer): void {
  const parsed = parseMessage(dialect, bytes)
  if (!parsed.ok) throw new Error(parsed.error.message)
  for (const de of [2, 3, 4, 11, 37, 41]) sink += parsed.value.text(de)?.length ?? 0
}

function build(dialect: Dialect, draft: Draft): void {
  const built = buildMessage(dialect, draft)
  if (!built.ok) throw new Error(built.error.message)
  sink += built.value.length
}

function measures(): readonly Measure[] {
  // The purchase between hosts, 19 fields with its name and location.
  const host = messageNamed('refund_0200', asciibin)
  const hostFields = { ...host.draft.fields, 14: '3012', 19: '504', 60: '000007', 38: 'A1B2C3' }
  const hostDraft: Draft = { mti: '0200', fields: hostFields }
  const hostBuilt = buildMessage(asciibin, hostDraft)
  if (!hostBuilt.ok) throw new Error(hostBuilt.error.message)
  const hostBytes = Buffer.from(hostBuilt.value)
  const terminal = messageNamed('pos_purchase_chip_pin_0200', bcdtpdu)
  const json = JSON.stringify(hostDraft)
  const jsonDraft: unknown = JSON.parse(json)
  const aes = new AesCmacKey(createSecretKey(Buffer.alloc(16, 1)))
  const retail = new RetailMacKey(createSecretKey(Buffer.alloc(16, 1)))
  const stream = joinFrames(Array.from({ length: 64 }, () => hostBytes))
  const mac = { de: 128, compute: (input: Buffer) => aes.mac(input) } as const
  return [
    {
      name: 'parse + 6 reads + build, asciibin 0200',
      run: () => {
        parseAndRead(asciibin, hostBytes)
        build(asciibin, hostDraft)
      },
    },
    { name: 'parse + 6 reads, asciibin 0200', run: () => parseAndRead(asciibin, hostBytes) },
    { name: 'build, asciibin 0200', run: () => build(asciibin, hostDraft) },
    {
      name: 'build with AES-CMAC, asciibin 0200',
      run: () => build(asciibin, { ...hostDraft, mac }),
    },
    {
      name: 'parse + 6 reads + build, bcdtpdu chip 0200',
      run: () => {
        parseAndRead(bcdtpdu, terminal.bytes)
        build(bcdtpdu, terminal.draft)
      },
    },
    {
      name: 'baseline: JSON.parse + JSON.stringify of the same fields',
      run: () => {
        const parsed: unknown = JSON.parse(json)
        sink += parsed === undefined ? 1 : JSON.stringify(jsonDraft).length
      },
    },
    {
      name: 'split 64 frames in one chunk',
      run: () => {
        sink += new FrameSplitter().push(stream).frames.length
      },
    },
    {
      name: `AES-CMAC of ${hostBytes.length} bytes`,
      run: () => (sink += aes.mac(hostBytes).length),
    },
    {
      name: `retail MAC of ${hostBytes.length} bytes`,
      run: () => (sink += retail.mac(hostBytes, 1).length),
    },
  ]
}

function ratePerSecond({ run }: Measure): number {
  const start = performance.now()
  let count = 0
  let elapsedMs = 0
  while (elapsedMs < ROUND_MS) {
    for (let i = 0; i < 500; i++) run()
    count += 500
    elapsedMs = performance.now() - start
  }
  return (count * 1000) / elapsedMs
}

function main(): void {
  const all = measures()
  const rates = new Map<string, number[]>(all.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const measure of all) rates.get(measure.name)?.push(ratePerSecond(measure))
  }
  for (const [measure, found] of rates) {
    const perSecond = found.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
    const line = { measure, perSecond: Math.round(perSecond), microseconds: 1e6 / perSecond }
    console.log(JSON.stringify({ ...line, microseconds: Number(line.microseconds.toFixed(3)) }))
  }
  if (sink === 0) throw new Error('nothing was measured')
}

main()
