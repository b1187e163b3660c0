export { buildFrame, buildMessage, type Draft, type FieldValues } from './build.ts'
export type { CodecError, CodecPlace, CodecRule } from './codec-error.ts'
export { decodeHex, decodeHexToJson } from './decode-hex.ts'
export { describeMessage } from './describe.ts'
export {
  asciibin,
  bcdtpdu,
  dialects,
  guessDialect,
  type Dialect,
  type DialectName,
} from './dialect.ts'
export { frame, FrameSplitter, joinFrames, type FramesRead } from './frame.ts'
export { Message } from './message.ts'
export { startMessage, type MessageMac, type MessageWriter } from './message-writer.ts'
export { parseMessage } from './parse.ts'
