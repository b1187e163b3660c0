/**
 * How a process that carries payments is started. What is under way at once (some thousands of
 * requests, some kilobytes each) must fit the young generation, or it is copied again and again and
 * grows old for nothing: with the engine's own 16 MB a quarter of the time goes there.
 */
export const nodeFlags: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=64']

/**
 * For one whose young objects stay, as the entries of the sandbox banks' books do: each is copied
 * once, and the larger the young generation the longer all wait for it at a time.
 */
export const steadyNodeFlags: readonly string[] = ['--enable-source-maps']
