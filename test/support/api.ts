/** The API as a merchant's server calls it. */
export type ApiAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Fields of a JSON answer by name; an error's are those of `error`. */
  readonly body: Readonly<Record<string, unknown>>
}

export type ApiCall = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Api = {
  get(path: string, call?: ApiCall): Promise<ApiAnswer>
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>
  call(method: string, path: string, call?: ApiCall): Promise<ApiAnswer>
}

export function apiOf(url: string, key = 'sk_sandbox_600000001'): Api {
  const call: Api['call'] = async (method, path, { body, headers } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    const parsed = type.startsWith('application/json') ? (JSON.parse(text) as object) : {}
    const fields = 'error' in parsed ? parsed.error : parsed
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: fields as Readonly<Record<string, unknown>>,
    }
  }
  return {
    call,
    get: (path, rest) => call('GET', path, rest),
    post: (path, body, headers = {}) => call('POST', path, { body, headers }),
  }
}

export const textIn = (body: Readonly<Record<string, unknown>>, name: string): string => {
  const value = body[name]
  if (typeof value !== 'string') throw new Error(`${name} is not in ${JSON.stringify(body)}`)
  return value
}

/** The rows of a list. */
export const dataOf = ({ body }: ApiAnswer): readonly Readonly<Record<string, unknown>>[] => {
  const { data } = body
  if (!Array.isArray(data)) throw new Error(`no list in ${JSON.stringify(body)}`)
  return data as readonly Readonly<Record<string, unknown>>[]
}

export const newPayment = (
  order: string,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  amountMinor: '24990',
  currency: 'MAD',
  order,
  returnUrl: 'https://shop.example/back?a=1',
  ...changes,
})
