export { Calendar, type FeastPeriod, type OffsetChange } from './calendar.ts'
export { loadCalendar } from './load-calendar.ts'
export { directoryOf, loadDirectory } from './directory.ts'
export { readDirectory } from './read-directory.ts'
export { DirectoryError } from './record.ts'
export { ApiKeys, type ApiKeyShown, type KeyOwner } from './api-keys.ts'
export { SiteRegister, type NewSiteShown, type SecretBox } from './register.ts'
export { gateways, readSiteDraft, type SiteSaid } from './site-draft.ts'
export type { RegisteredSite, SiteDraft } from './registered-site.ts'
export { sectors } from './load.ts'
export { storeAdmitted, storeDirectory } from './sql.ts'
export type {
  Acquirer,
  ApiUser,
  CardRange,
  Directory,
  Gateway,
  GrowingDirectory,
  Issuer,
  IssuerTls,
  Merchant,
  Sector,
  Site,
  Tariff,
  Terminal,
} from './participants.ts'
