import { classOfKind, PACKED_DIGITS, PACKED_TRACK } from './character-class.ts'
import { fieldTable, type FieldKind, type FieldRow } from './field-table.ts'

export type DialectName = 'asciibin' | 'bcdtpdu'

/**
 * How the content of a field lies on the wire. Packed digits are two to a byte; an odd count is
 * filled on the left with 0, or on the right with F where the end is what matters (PAN, tracks).
 */
export type Packing =
  'characters' | 'signed-characters' | 'bytes' | 'packed-left' | 'packed-right' | 'signed-packed'

/** One row of the field table made ready for one dialect: what the loops of the codec read. */
export type FieldCodec = {
  readonly de: number
  readonly name: string
  readonly kind: FieldKind
  readonly packing: Packing
  /** Bit of `characterBits` that every character of the text form must have. */
  readonly characterBit: number
  /** Bit of `packedBits` for a whole byte; shifted by two it is the bit of a filled last byte. */
  readonly packedBit: number
  /** 0 for a field of fixed length. */
  readonly prefixBytes: 0 | 1 | 2 | 3
  readonly prefixPacked: boolean
  readonly max: number
}

export type Dialect = {
  readonly name: DialectName
  /** 5 where a TPDU comes before the MTI, else 0. */
  readonly headerBytes: 0 | 5
  readonly packedMti: boolean
  /** By data element number; undefined where the dialect does not carry it. */
  readonly fields: readonly (FieldCodec | undefined)[]
}

/** The first byte of a TPDU: its protocol identifier [bank habit]. */
export const TPDU_ID = 0x60

type Encodings = {
  readonly headerBytes: 0 | 5
  readonly packed: boolean
  /** Packed fields filled on the right with F; the others are filled on the left with 0. */
  readonly filledRight: readonly number[]
}

/** DE1 is a bitmap, not a field; a third bitmap (DE65) is refused: nobody here sends one. */
const bitmaps: readonly number[] = [1, 65]

function dialect(name: DialectName, encodings: Encodings): Dialect {
  const fields: (FieldCodec | undefined)[] = new Array<undefined>(129).fill(undefined)
  for (const row of fieldTable) {
    if (!bitmaps.includes(row[0])) fields[row[0]] = fieldCodec(row, encodings)
  }
  return { name, headerBytes: encodings.headerBytes, packedMti: encodings.packed, fields }
}

function fieldCodec([de, name, kind, prefix, max]: FieldRow, encodings: Encodings): FieldCodec {
  const digits = prefix === 'LL' ? 2 : 3
  return {
    de,
    name,
    kind,
    packing: packingOf(de, kind, encodings),
    characterBit: classOfKind[kind],
    packedBit: kind === 'z' ? PACKED_TRACK : PACKED_DIGITS,
    prefixBytes: prefix === 'fixed' ? 0 : encodings.packed ? (prefix === 'LL' ? 1 : 2) : digits,
    prefixPacked: encodings.packed,
    max,
  }
}

function packingOf(de: number, kind: FieldKind, { packed, filledRight }: Encodings): Packing {
  switch (kind) {
    case 'b':
      return 'bytes'
    case 'an':
    case 'ans':
      return 'characters'
    case 'xn':
      return packed ? 'signed-packed' : 'signed-characters'
    case 'n':
    case 'z':
      if (!packed) return 'characters'
      return filledRight.includes(de) ? 'packed-right' : 'packed-left'
  }
}

/** Links between hosts: text in ASCII, bitmaps and `b` fields binary, lengths in ASCII digits. */
export const asciibin: Dialect = dialect('asciibin', {
  headerBytes: 0,
  packed: false,
  filledRight: [],
})

/** Terminals: TPDU, packed digits and lengths, `an` and `ans` in ASCII, `b` binary. */
export const bcdtpdu: Dialect = dialect('bcdtpdu', {
  headerBytes: 5,
  packed: true,
  filledRight: [2, 35, 36],
})

export const dialects: Readonly<Record<DialectName, Dialect>> = { asciibin, bcdtpdu }

/** A TPDU opens with 0x60, an MTI in ASCII with a digit 0 (0x30): one byte tells them apart. */
export function guessDialect(bytes: Buffer): Dialect {
  return bytes[0] === TPDU_ID ? bcdtpdu : asciibin
}
