/**
 * How a process that carries payments is started. What is under way at once (some thousands of
 * requests, some kilobytes each) must fit the young generation, or it is copied again and again and
 * grows old for nothing: with the engine's own 16 MB a quarter of the time goes there.
 */
export const nodeFlags: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=64']
