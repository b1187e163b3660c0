export { Calendar } from './calendar.ts'
export { directoryOf, loadDirectory } from './directory.ts'
export { DirectoryError } from './record.ts'
export { storeDirectory } from './sql.ts'
export type {
  Acquirer,
  ApiUser,
  CardRange,
  Directory,
  Gateway,
  Issuer,
  IssuerTls,
  Merchant,
  Sector,
  Site,
  Tariff,
  Terminal,
} from './participants.ts'
