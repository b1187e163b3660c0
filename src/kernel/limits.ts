import { assert } from './assert.ts'

/** Every bound of the centre, in one place, so that their relations can be read and asserted. */
export const limits = {
  /** DE4 has 12 digits [ISO8583-87 DE4]. */
  amountMinorMax: 999_999_999_999n,

  /** Buckets are logical and fixed for ever: they are part of each payment's id. */
  bucketCount: 4096,

  /** ISO 8583 frames, without the two length bytes. */
  frameBytesMax: 4096,

  /** How long a bank has to answer before the customer is declined and a reversal written. */
  issuerAnswerDeadlineMs: 5_000,
  issuerConnectTimeoutMs: 3_000,
  issuerReconnectMinMs: 100,
  issuerReconnectMaxMs: 10_000,
  issuerEchoIdleMs: 30_000,
  issuerSignOnTimeoutMs: 3_000,
  issuerPendingMax: 20_000,
  issuerWriteBufferBytesMax: 8 * 1024 * 1024,
  /** Refused messages and network messages of a bank: beyond this its line is closed. */
  issuerUselessPerSecondMax: 200,

  /** An advice (0220, 0420) is sent again after this, for ever, until it is acknowledged. */
  adviceRetryMinMs: 2_000,
  adviceRetryMaxMs: 60_000,
  adviceWindow: 64,

  /** Group commit [DESIGN §3]. */
  flushOperationsMax: 256,
  flushesInFlight: 4,
  flushQueueMax: 20_000,
  flushQueueAgeMaxMs: 10_000,
  statementTimeoutMs: 15_000,

  /** What merchants and browsers may send and how long they may take. */
  formBytesMax: 64 * 1024,
  formFieldsMax: 200,
  formFieldNameBytesMax: 128,
  formFieldValueBytesMax: 8 * 1024,
  xmlDepthMax: 8,
  xmlElementsMax: 1_000,
  requestTimeoutMs: 20_000,
  sessionSecondsMin: 30,
  sessionSecondsMax: 2_700,
  sessionSecondsDefault: 1_800,
  attemptsPerOrderMax: 20,

  /**
   * Signs of stolen cards being tried (edge/online/checkout/velocity): declines of one card, declined cards from
   * one address, declined cards at one site where nearly all are.
   */
  velocity: {
    cardDeclinesMax: 10,
    cardWindowMs: 3_600_000,
    addressDeclinedCardsMax: 12,
    /** Everybody who tries the sandbox does so from one address: their own machine. */
    sandboxTimes: 4,
    addressWindowMs: 600_000,
    siteDeclinedCardsMax: 100,
    siteDeclinedPercentMin: 80,
    siteWindowMs: 600_000,
    entriesMax: 1_000,
    namesMax: 100_000,
  },

  /** What browsers tell of payment pages: anybody may post there. */
  pageReportBytesMax: 16 * 1024,
  pageReportsPerMinute: 60,

  /** The merchant's answer to the callback: the browser waits this long for the first try only. */
  callbackFirstAnswerMs: 10_000,
  callbackTimeoutMs: 15_000,
  callbackAnswerBytesMax: 64 * 1024,
  callbackRetryMinMs: 5_000,
  callbackRetryMaxMs: 30 * 60_000,
  callbackTriesMax: 24,

  /** How often the centre looks for sites and keys that operators added. */
  registerCheckMs: 1_000,
  /** A key that was replaced is accepted beside the new one for a day, unless told otherwise. */
  keyOverlapMs: 24 * 3_600_000,
  keyOverlapMaxMs: 31 * 24 * 3_600_000,

  /** A hold that nobody captures is released: after a week for most sites, a month at most. */
  holdHoursMax: 31 * 24,

  /**
   * A request is kept as a duplicate check for this many business days after its own; then a
   * repeat of it would be a new payment, so nothing that repeats may live as long.
   */
  requestRetentionDays: 45,
  /** One statement of the purge looks at so many buckets and deletes so many rows, no more. */
  purgeBucketsPerStatement: 64,
  purgeRowsPerStatement: 2_000,

  /** The API. A key may do so many requests a second, and so many at once after a rest. */
  apiRequestsPerSecond: 1_000,
  apiRequestsBurst: 5_000,
  rateNamesMax: 100_000,
  /**
   * A card between the frame where it is typed and the payment: in memory, ten minutes at most with
   * the request that pays [DESIGN §9].
   */
  cardTokenMs: 540_000,
  cardTokensPerSiteMax: 1_000,
  cardTokensMax: 20_000,
  apiPageMax: 100,
  apiPageDefault: 20,
  /** A webhook that is not taken is tried again: 5 s, 15 s, 45 s … 8 h, for three days in all. */
  webhookRetryMinMs: 5_000,
  webhookRetryFactor: 3,
  webhookRetryMaxMs: 8 * 3_600_000,
  webhookTriesMax: 18,
  /** Under way at once, to one endpoint and to all: one that hangs holds up nobody else. */
  webhooksPerEndpointMax: 8,
  webhooksMax: 100,
  webhookEndpointsPerSiteMax: 16,
  webhookSecretOverlapDefaultMs: 24 * 3_600_000,
  webhookSecretOverlapMaxMs: 7 * 24 * 3_600_000,
  eventKeepMs: 90 * 24 * 3_600_000,
  idempotencyKeepMs: 24 * 3_600_000,
  /** Whoever comes second with a key waits so long for the first. */
  idempotencyWaitMs: 15_000,
  /** Longer than any request lives: whoever claimed a key and is silent since then has died. */
  idempotencyClaimStaleMs: 25_000,
  apiPurgeEveryMs: 600_000,
  apiPurgeRows: 2_000,

  /** The audit trail: what waits for a batch, how much of it is one batch, and how often. */
  auditQueueMax: 20_000,
  auditBatchMax: 500,
  auditFlushMs: 200,
  auditRetryMs: 2_000,
  /** What anybody can cause without a key. */
  auditRefusalsPerSecond: 50,
  /** Chains whose ends a new one witnesses. */
  auditHeadsMax: 64,

  /** Pages of final figures that are kept made. */
  figuresPagesKeptMax: 500,

  /** Rows of one cut of the figures: more is a question for an engine of one's own. */
  figuresRowsMax: 100_000,

  /** Whoever asks whether the centre is ready is answered within this. */
  healthTimeoutMs: 2_000,

  /** A graceful stop waits for what is in flight, no longer. */
  stopGraceMs: 15_000,
} as const

assert(limits.callbackFirstAnswerMs <= limits.callbackTimeoutMs, 'the first wait is within a try')
assert(
  limits.issuerAnswerDeadlineMs + limits.callbackFirstAnswerMs < limits.requestTimeoutMs,
  'a browser is answered before its request times out',
)
assert(limits.cardTokenMs + limits.requestTimeoutMs <= 600_000, 'a CVC lives ten minutes at most')
assert(limits.issuerAnswerDeadlineMs < limits.stopGraceMs, 'a stop outlives a pending answer')
const dayMs = 24 * 3_600_000
assert(
  limits.requestRetentionDays * dayMs >
    limits.holdHoursMax * 3_600_000 +
      limits.callbackTriesMax * limits.callbackRetryMaxMs +
      limits.sessionSecondsMax * 1_000 +
      7 * dayMs,
  'a request outlives its hold, its callbacks, its page and a week of late repeats',
)
assert(
  limits.idempotencyClaimStaleMs > limits.requestTimeoutMs,
  'a claim outlives the request that made it',
)
assert(limits.bucketCount % limits.purgeBucketsPerStatement === 0, 'a purge covers every bucket')
assert(limits.issuerPendingMax < 1_000_000, 'every pending request has a STAN of its own')
