export { AuditTrail, type AuditTrailOptions } from './trail.ts'
export { auditKinds, type AuditEvent, type AuditRow, type RecordAudit } from './event.ts'
export { selectEvents, type AuditFilter } from './sql.ts'
export { verifyTrail } from './verify.ts'
