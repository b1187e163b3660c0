/** A card typed into the centre's frame, as the frame's own script sends it. */
import { goodCard } from './web-centre.ts'

export async function postCard(
  url: string,
  card: Readonly<Record<string, string>> = {},
  {
    key = 'pk_sandbox_600000001',
    headers = {},
  }: {
    readonly key?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const response = await fetch(`${url}/v1/tokens`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      origin: url,
      ...headers,
    },
    body: JSON.stringify({ ...goodCard, ...card }),
  })
  const body = (await response.json()) as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >
  return { status: response.status, body: body['error'] ?? body }
}

export async function tokenOf(
  url: string,
  card: Readonly<Record<string, string>> = {},
  key?: string,
): Promise<string> {
  const { status, body } = await postCard(url, card, key === undefined ? {} : { key })
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return String(body['id'])
}
