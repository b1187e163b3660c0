import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { fail, ok, type Result } from '../../../kernel/result.ts'

export type PinnedAddress = { readonly address: string; readonly family: 4 | 6 }

export type AddressError = 'not_found' | 'refused'

/** Nobody's server: the metadata service of clouds lives here. Refused in the sandbox too. */
const never = blockList([
  ['169.254.0.0', 16],
  ['fe80::', 10],
])

/** Private, loopback and reserved: inside somebody's network, or nowhere [IANA special-purpose]. */
const notPublic = blockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fec0::', 10],
  ['ff00::', 8],
])

function blockList(subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of subnets)
    list.addSubnet(net, prefix, isIP(net) === 6 ? 'ipv6' : 'ipv4')
  return list
}

/** Whether the centre may call this address. An IPv4 address within IPv6 is judged as IPv4. */
export function isCallable(address: string, sandbox: boolean): boolean {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1]
  const plain = mapped ?? address
  const version = isIP(plain)
  if (version === 0 || /^::ffff:/i.test(plain)) return false
  const family = version === 6 ? 'ipv6' : 'ipv4'
  if (never.check(plain, family)) return false
  return sandbox || !notPublic.check(plain, family)
}

/**
 * Resolved once; the connection goes to the very address that was judged, so that a name which
 * answers differently the second time gains nothing. One bad address refuses the name.
 */
export async function pinAddress(
  hostname: string,
  sandbox: boolean,
): Promise<Result<PinnedAddress, AddressError>> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  let found: readonly { address: string; family: number }[]
  try {
    found =
      isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host, family: isIP(host) }]
  } catch {
    return fail('not_found')
  }
  const first = found[0]
  if (first === undefined) return fail('not_found')
  if (found.some(({ address }) => !isCallable(address, sandbox))) return fail('refused')
  return ok({ address: first.address, family: first.family === 6 ? 6 : 4 })
}
