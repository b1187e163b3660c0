import { createHash } from 'node:crypto'

/** A stream of numbers that a seed and a name determine: whatever else is drawn, it is the same. */
export type Stream = {
  /** From 0 to below 1. */
  uniform(): number
  /** Of the standard normal distribution. */
  normal(): number
  /** Whole, from 0 to below `count`. */
  below(count: number): number
}

/** The generator is sfc32 of the PractRand suite, seeded by the name's digest. */
export function stream(seed: number, name: string): Stream {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest()
  let a = digest.readInt32LE(0)
  let b = digest.readInt32LE(4)
  let c = digest.readInt32LE(8)
  let counter = 1
  const uniform = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) uniform()
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    below: (count) => Math.floor(uniform() * count),
  }
}

/** What the engine mixes with row numbers: another seed, other rows. 62 bits. */
export function salt(seed: number, name: string): bigint {
  return createHash('sha256').update(`${seed}/${name}`).digest().readBigUInt64LE(0) >> 2n
}

/** Entries one after another, each with its weight's share of `total`, in whole parts. */
export function shareOut(weights: readonly number[], total: number, phase = 0.5): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let reached = 0
  let given = 0
  return weights.map((weight, index) => {
    reached += weight
    const last = index === weights.length - 1
    const upTo = last
      ? total
      : Math.min(total, Math.floor(sum === 0 ? 0 : (reached / sum) * total + phase))
    const part = upTo - given
    given = upTo
    return part
  })
}
