import { UsageError } from './usage.ts'

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `30m`, `24h`, `7d`, in milliseconds. */
export function readDuration(
  options: ReadonlyMap<string, string>,
  option: string,
  otherwiseMs: number,
): number {
  const text = options.get(option)
  if (text === undefined) return otherwiseMs
  const parts = /^([0-9]{1,6})([smhd])$/.exec(text)
  const unit = parts?.[2]
  if (parts === null || (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd')) {
    throw new UsageError(`${option}: a duration such as 30m, 24h or 7d`)
  }
  return Number(parts[1]) * units[unit]
}
