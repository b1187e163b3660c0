/** The protocol of Maroc Telecommerce: the checksum and the answer of a bookURL. Pure. */
export { checksumOf, matchChecksum, percentEncode, type Tilde } from './checksum.ts'
export { readBookAnswer, type BookAnswer } from './book-answer.ts'
