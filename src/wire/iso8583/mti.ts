import { codecError, type CodecError, type CodecRule } from './codec-error.ts'

/**
 * The four digits of a message type [ISO8583-87 4.1]: version 0 (1987), class, function, origin.
 * Faults are cached nowhere: a wrong MTI ends the message.
 */
const classes = '1234568'

export function checkMti(mti: string, offset: number): CodecError | undefined {
  return validMtis.has(mti) ? undefined : faultOf(mti, offset)
}

function faultOf(mti: string, offset: number): CodecError | undefined {
  if (!/^[0-9]{4}$/.test(mti)) return fault(offset, 'mti_digits', 'four digits are needed')
  if (mti[0] !== '0') return fault(offset, 'mti_version', 'only version 0 (1987) is spoken')
  if (!classes.includes(mti.charAt(1))) return fault(offset, 'mti_class', 'unknown class')
  if (mti.charAt(2) > '4') return fault(offset, 'mti_function', 'unknown function')
  if (mti.charAt(3) > '5') return fault(offset, 'mti_origin', 'unknown origin')
  return undefined
}

function fault(offset: number, rule: CodecRule, reason: string): CodecError {
  return codecError('mti', offset, rule, reason)
}

const validMtis: ReadonlySet<string> = new Set(
  Array.from({ length: 1000 }, (_, value) => value.toString().padStart(4, '0')).filter(
    (mti) => faultOf(mti, 0) === undefined,
  ),
)

/** Every valid MTI by its value packed in two bytes: a look-up instead of a new string. */
export const mtiByPackedValue: ReadonlyMap<number, string> = new Map(
  [...validMtis].map((mti) => [Number.parseInt(mti, 16), mti]),
)

const classNames: Readonly<Record<string, string>> = {
  1: 'authorization',
  2: 'financial',
  3: 'file action',
  4: 'reversal',
  5: 'reconciliation',
  6: 'administrative',
  8: 'network management',
}
const functionNames = ['request', 'request response', 'advice', 'advice response', 'notification']

/** `0420` is `reversal advice`; an odd origin is a repeat. */
export function describeMti(mti: string): string {
  const repeat = Number(mti.charAt(3)) % 2 === 1 ? ', repeat' : ''
  const role = functionNames[Number(mti.charAt(2))] ?? ''
  return `${classNames[mti.charAt(1)] ?? ''} ${role}${repeat}`
}
