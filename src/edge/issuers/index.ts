export { Issuers, type IssuersOptions } from './issuers.ts'
export type { LinkObserver } from './link.ts'
export { dialer, type Dial, type Transport, type TransportEvents } from './transport.ts'
