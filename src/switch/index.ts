export type { BusinessDay, SwitchObserver, SwitchPorts } from './core.ts'
export { declineReason } from './decline.ts'
export type {
  CaptureRequest,
  ChangeRefusal,
  FollowUps,
  RefundRequest,
  Switch,
  TaskHandler,
  TaskResult,
  Tasks,
  Unavailable,
  VoidRequest,
} from './face.ts'
export type {
  IssuerMessage,
  IssuerPort,
  IssuerReply,
  LateAnswer,
  OriginalMessage,
  SensitiveCardData,
} from './issuer-port.ts'
export { MemoryTranlog } from './memory-tranlog.ts'
export { leaseFrom } from './number-lease.ts'
export { NumberSource, type LeaseBlock } from './numbers.ts'
export type * from './payment.ts'
export { PostgresTranlog } from './postgres-tranlog.ts'
export type { AuthorizationRequest, Decision, PresentedCard } from './request.ts'
export { deleteOldRequests, type PurgePage } from './sql.ts'
export { createSwitch, type RunningSwitch } from './switch.ts'
export type { Task } from './task.ts'
export { isCapture } from './payment-event.ts'
export type { PaymentEvent, StoredEvent } from './payment-event.ts'
export type { Fact, Tranlog } from './tranlog.ts'
