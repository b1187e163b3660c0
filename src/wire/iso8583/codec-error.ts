/** What was broken. The codes are stable: never renamed, never reused. */
export type CodecRule =
  | 'truncated'
  | 'trailing_bytes'
  | 'message_too_long'
  | 'frame_empty'
  | 'frame_too_long'
  | 'header_missing'
  | 'header_unexpected'
  | 'header_length'
  | 'tpdu_id'
  | 'mti_digits'
  | 'mti_version'
  | 'mti_class'
  | 'mti_function'
  | 'mti_origin'
  | 'bitmap_empty'
  | 'field_number'
  | 'field_order'
  | 'field_unsupported'
  | 'length_digits'
  | 'length_zero'
  | 'length_above_max'
  | 'length_not_exact'
  | 'character_class'
  | 'packed_digit'
  | 'packed_padding'
  | 'sign'
  | 'value_type'
  | 'mac_position'
  | 'mac_length'

export type CodecPlace = number | 'mti' | 'bitmap' | 'tpdu' | 'message'

/**
 * A malformed message. `offset` counts bytes from the first byte of the message (its TPDU where it
 * has one, never the two length bytes) when parsing, and characters of the field's own value when
 * building. `message` is for people and never repeats a value: it may be a card number.
 */
export type CodecError = {
  readonly field: CodecPlace
  readonly offset: number
  readonly rule: CodecRule
  readonly message: string
}

export function codecError(
  field: CodecPlace,
  offset: number,
  rule: CodecRule,
  reason: string,
): CodecError {
  const place = typeof field === 'number' ? `field ${field}` : field
  return { field, offset, rule, message: `${place}, offset ${offset}: ${reason} (${rule})` }
}
