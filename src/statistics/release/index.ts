export {
  openReleases,
  type Approved,
  type MonthRelease,
  type Releases,
  type ReleasesOptions,
} from './releases.ts'
export type { Approval, ReleaseState } from './state.ts'
