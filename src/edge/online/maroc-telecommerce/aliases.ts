/** Where the centre is found, as far as it knows itself. */
export type Addresses = {
  /** The address that merchants use, behind whatever stands in front; null where none was set. */
  readonly publicUrl: string | null
  /** Origins of our own listening address, loopback names included. */
  readonly ownUrls: readonly string[]
}

/** Real hosts of the gateway this one takes the place of: modules may still sign with them. */
const historicHosts = [
  'demo.maroctelecommerce.com',
  'shopping.maroctelecommerce.com',
  'golden.maroccommerce.com',
]

const historicPaths = [
  '/test/gateway/pay.asp',
  '/prod/gateway/pay.asp',
  '/test/pay.cgi',
  '/test/gateway/paiement.asp',
  '/prod/gateway/paiement.asp',
]

const schemes = ['http', 'https']

const bothSchemes = (hosts: Iterable<string>, paths: readonly string[]): string[] =>
  [...hosts].flatMap((host) =>
    schemes.flatMap((scheme) => paths.map((path) => `${scheme}://${host}${path}`)),
  )

/** Only what a host may be: with a slash in it, a prefix could run on into the signed values. */
export const isHost = (text: string): boolean =>
  /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/.test(text)

/**
 * A checksum begins with the address that the merchant's module was configured with, which nothing
 * in the form says: each that could lead here is tried [MTC §6a]. Likely ones first; which of them
 * it was is no secret.
 */
export function aliasesOf(
  request: { readonly host: string | undefined; readonly url: string },
  { publicUrl, ownUrls }: Addresses,
): readonly string[] {
  const hosts = new Set<string>()
  const known = [...(publicUrl === null ? [] : [publicUrl]), ...ownUrls]
  for (const host of [request.host ?? '', ...known.map((url) => new URL(url).host)]) {
    if (!isHost(host)) continue
    const bare = host.replace(/:[0-9]+$/, '')
    for (const spelled of [host, bare, `${bare}:80`, `${bare}:443`]) hosts.add(spelled)
  }
  const [path = '/'] = request.url.split('?', 1)
  const paths = [...new Set([request.url, path, `${path}?`, `${path}/`])]
  return [...bothSchemes(hosts, paths), ...bothSchemes(historicHosts, historicPaths)]
}
