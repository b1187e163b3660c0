/**
 * Which failures of a statement may be tried again (DESIGN §3.7): serialization, deadlock, a
 * connection or a server that went away, a standby that refuses writes.
 */
const retryableStates = new Set(['40001', '40P01', '57P01', '57P02', '57P03', '25006'])

const retryableSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Messages of the driver for a connection lost or never had; it gives them no code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired)/

/**
 * The connection was lost, or the time was up, while COMMIT was under way: the rows may or may not
 * be there. The caller reads its idempotency row again on a new connection.
 */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super('the database did not say whether the commit happened', { cause })
    this.name = 'UnknownOutcome'
  }
}

export function isUnknownOutcome(error: unknown): boolean {
  return error instanceof UnknownOutcome
}

export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (lostConnection.test(error.message)) return true
  const code = codeOf(error)
  if (code === undefined) return false
  return retryableStates.has(code) || code.startsWith('08') || retryableSystemErrors.has(code)
}

/** SQLSTATE, or the system's code of a connection that failed. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * True when a failed COMMIT certainly changed nothing: the server itself refused it. A server that
 * is shutting down, or silence, proves nothing.
 */
export function isCertainRollback(error: unknown): boolean {
  const code = codeOf(error)
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return false
  return ['22', '23', '25', '40', '42', '44', '53', '54', '55', 'P0'].includes(code.slice(0, 2))
}

/** Two processes made the same table in one moment: IF NOT EXISTS does not cover that race. */
export function isAlreadyThere(error: unknown): boolean {
  return ['42P07', '42710', '23505', '42P17'].includes(codeOf(error) ?? '')
}
