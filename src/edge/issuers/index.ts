export { Issuers } from './issuers.ts'
export type { LinkObserver } from './link.ts'
export type { Dial, Transport, TransportEvents } from './transport.ts'
