/**
 * How a process that carries payments is started. What is under way at once (some thousands of
 * requests, some kilobytes each) must fit the young generation, or it is copied again and again and
 * grows old for nothing: with the engine's own 16 MB a quarter of the time goes there.
 */
export const nodeFlags: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=64']

/**
 * For one that has little under way at once, as the sandbox's banks: the engine's own young
 * generation is enough, and takes less memory.
 */
export const steadyNodeFlags: readonly string[] = ['--enable-source-maps']
