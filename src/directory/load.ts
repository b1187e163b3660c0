import type { AcquirerId, MerchantId, SiteId, TerminalId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Calendar } from './calendar.ts'
import { read, records } from './data-file.ts'
import { loadApiUsers } from './load-api-users.ts'
import { loadCalendar } from './load-calendar.ts'
import { loadIssuers } from './load-issuers.ts'
import type { Acquirer, ApiUser, Issuer, Merchant, Site, Tariff, Terminal } from './participants.ts'
import { orderedRanges, type Range } from './ranges.ts'
import { DirectoryError } from './record.ts'

export const sectors = [
  'billers',
  'airlines',
  'financial-services',
  'deals',
  'e-government',
  'retail',
  'other',
] as const

export type Contents = {
  readonly issuers: ReadonlyMap<string, Issuer>
  readonly acquirers: ReadonlyMap<string, Acquirer>
  readonly merchants: ReadonlyMap<string, Merchant>
  readonly sites: ReadonlyMap<string, Site>
  readonly apiUsers: readonly ApiUser[]
  readonly terminals: ReadonlyMap<string, Terminal>
  readonly ranges: readonly Range[]
  readonly tariffs: readonly Tariff[]
  readonly calendar: Calendar
}

export type LoadOptions = {
  /** Ports written `+N` count from here: where the sandbox's banks listen. */
  readonly issuersPort: number
}

/** Reads every data file of a folder; throws a DirectoryError that names file, line and column. */
export function loadContents(folder: string, options: LoadOptions): Contents {
  const schemes = read(folder, 'schemes.csv', ['id', 'name'], 'id', (r) => r.text('name'))
  const issuers = loadIssuers(folder, options)
  const acquirers = read(
    folder,
    'acquirers.csv',
    ['id', 'name', 'institution_id'],
    'id',
    (r): Acquirer => ({
      id: r.id('id') as AcquirerId,
      name: r.text('name'),
      institutionId: r.matching('institution_id', /^[0-9]{1,11}$/, '1 to 11 digits (DE32)'),
    }),
  )
  const merchants = loadMerchants(folder, acquirers)
  const sites = loadSites(folder, merchants)
  return {
    issuers,
    acquirers,
    merchants,
    sites,
    apiUsers: loadApiUsers(folder, sites),
    terminals: read(folder, 'terminals.csv', ['id', 'merchant'], 'id', (r): Terminal => ({
      id: r.matching('id', /^[A-Z0-9]{8}$/, '8 capitals or digits (DE41)') as TerminalId,
      merchant: r.reference('merchant', merchants, 'merchant').id,
    })),
    ranges: loadRanges(folder, issuers, schemes),
    tariffs: loadTariffs(folder, acquirers),
    calendar: loadCalendar(folder),
  }
}

function loadMerchants(
  folder: string,
  acquirers: ReadonlyMap<string, Acquirer>,
): Map<string, Merchant> {
  const columns = [
    'id',
    'name',
    'city',
    'country',
    'acquirer',
    'sector',
    'mcc',
    'card_acceptor_id',
    'fan_out',
  ]
  return read(folder, 'merchants.csv', columns, 'id', (r) => ({
    id: r.id('id') as MerchantId,
    name: r.text('name', 25),
    city: r.text('city', 13),
    country: r.matching('country', /^[A-Z]{2}$/, 'two capitals'),
    acquirer: r.reference('acquirer', acquirers, 'acquirer').id,
    sector: r.oneOf('sector', sectors),
    mcc: r.matching('mcc', /^[0-9]{4}$/, '4 digits'),
    cardAcceptorId: r.matching('card_acceptor_id', /^[A-Z0-9]{15}$/, '15 characters (DE42)'),
    fanOut: r.integer('fan_out', { min: 1, max: limits.bucketCount }),
  }))
}

function loadSites(folder: string, merchants: ReadonlyMap<string, Merchant>): Map<string, Site> {
  const columns = [
    'id',
    'merchant',
    'name',
    'gateway',
    'sector',
    'mcc',
    'url',
    'currency',
    'store_key',
    'old_hashes',
    'hold_hours',
    'terminal',
  ]
  return read(folder, 'sites.csv', columns, 'id', (r) => {
    const storeKey = r.text('store_key', 128)
    return {
      id: r.matching('id', /^[A-Za-z0-9]{1,15}$/, '1 to 15 letters or digits') as SiteId,
      merchant: r.reference('merchant', merchants, 'merchant').id,
      name: r.text('name'),
      gateway: r.oneOf('gateway', ['cmi', 'maroc-telecommerce']),
      sector: r.oneOf('sector', sectors),
      mcc: r.matching('mcc', /^[0-9]{4}$/, '4 digits'),
      url: r.text('url', 200),
      currency: r.currency('currency'),
      storeKey: () => storeKey,
      previousStoreKey: () => null,
      oldHashesAllowed: r.flag('old_hashes'),
      holdValidityMs: r.integer('hold_hours', { min: 1, max: limits.holdHoursMax }) * 3_600_000,
      terminal: r.matching('terminal', /^[A-Z0-9]{8}$/, '8 capitals or digits') as TerminalId,
    }
  })
}

function loadRanges(
  folder: string,
  issuers: ReadonlyMap<string, Issuer>,
  schemes: ReadonlyMap<string, string>,
): Range[] {
  const columns = ['low', 'high', 'issuer', 'brand', 'origin']
  const ranges = records(folder, 'card-ranges.csv', columns).map((r) => {
    const shape = /^[0-9]{12,19}$/
    const low = r.matching('low', shape, '12 to 19 digits')
    const high = r.matching('high', shape, '12 to 19 digits')
    if (high.length !== low.length || high < low) {
      r.refuse('high', 'as many digits as low, and no lower number')
    }
    r.reference('brand', schemes, 'scheme')
    return {
      low,
      high,
      card: {
        issuer: r.reference('issuer', issuers, 'issuer').id,
        brand: r.id('brand'),
        origin: r.oneOf('origin', ['moroccan', 'foreign']),
      },
    }
  })
  const ordered = orderedRanges(ranges)
  if (!ordered.ok) throw new DirectoryError(`card-ranges.csv: ${ordered.error}`)
  return ordered.value
}

function loadTariffs(folder: string, acquirers: ReadonlyMap<string, Acquirer>): Tariff[] {
  const columns = ['acquirer', 'origin', 'from', 'to', 'merchant_discount_bps', 'interchange_bps']
  const tariffs: Tariff[] = []
  for (const r of records(folder, 'tariffs.csv', columns)) {
    const tariff: Tariff = {
      acquirer: r.reference('acquirer', acquirers, 'acquirer').id,
      origin: r.oneOf('origin', ['moroccan', 'foreign']),
      from: r.date('from'),
      to: r.date('to'),
      merchantDiscountBps: BigInt(r.integer('merchant_discount_bps', { min: 0, max: 10_000 })),
      interchangeBps: BigInt(r.integer('interchange_bps', { min: 0, max: 10_000 })),
    }
    if (tariff.to < tariff.from) r.refuse('to', 'a date that is not before from')
    // Interchange is paid out of the discount: the centre would owe more than it takes.
    if (tariff.interchangeBps > tariff.merchantDiscountBps) {
      r.refuse('interchange_bps', 'no more than merchant_discount_bps')
    }
    const same = tariffs.find(
      (other) =>
        other.acquirer === tariff.acquirer &&
        other.origin === tariff.origin &&
        other.from <= tariff.to &&
        tariff.from <= other.to,
    )
    if (same !== undefined) r.refuse('from', `no overlap with the tariff from ${same.from}`)
    tariffs.push(tariff)
  }
  return tariffs
}
