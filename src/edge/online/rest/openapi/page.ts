import type { TSchema } from '@sinclair/typebox'
import { html, type Html } from '../../../../wire/html/index.ts'
import type { Page } from '../../page/layout.ts'
import { apiErrors } from '../errors.ts'
import type { Route } from '../route.ts'
import { errorsOf } from './document.ts'

const style = `
header,main,footer{max-width:56rem}
main{overflow:visible}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:.8rem 0}
details{border:1px solid var(--line);border-radius:.7rem;margin:.6rem 0;padding:0 1rem}
summary{cursor:pointer;padding:.7rem 0;overflow-wrap:anywhere}
summary b{display:inline-block;min-width:4.2rem;color:var(--brand)}
pre{background:#12211d;color:#e8f2ee;border-radius:.6rem;padding:.8rem 1rem;overflow:auto;
font:.82rem/1.5 ui-monospace,Menlo,Consolas,monospace}
table{border-collapse:collapse;width:100%;font-size:.88rem}
th,td{text-align:start;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line)}
h3{font-size:.95rem;margin:1rem 0 .2rem}`

/** `/docs`: every route with its fields, an example to paste, and what may be answered. */
export function docsPage(routes: readonly Route[], baseUrl: string): Page {
  const tags = [...new Set(routes.map(({ tag }) => tag))]
  return {
    status: 200,
    language: 'en',
    title: 'Monétique API',
    extraStyle: style,
    body: html`<div class="body">
      <h1>The API</h1>
      <p>
        Amounts are strings of minor units. Keys of the sandbox are <code>sk_sandbox_SITE</code> and
        <code>sk_sandbox_operator</code>. Send an <code>Idempotency-Key</code> with every POST: the
        same request again is done once. The same description for programs:
        <a href="/v1/openapi.json">/v1/openapi.json</a>.
      </p>
      <nav aria-label="Sections">
        ${[...tags, 'Errors'].map((tag) => html`<a href="#${tag}">${tag}</a>`)}
      </nav>
      ${tags.map(
        (tag) =>
          html`<h2 id="${tag}">${tag}</h2>
            ${routes.filter((route) => route.tag === tag).map((route) => section(route, baseUrl))}`,
      )}
      <h2 id="Errors">Errors</h2>
      ${table(
        ['code', 'status', 'meaning'],
        Object.entries(apiErrors).map(([code, { status, doc }]) => [code, String(status), doc]),
      )}
    </div>`,
  }
}

function section(route: Route, baseUrl: string): Html {
  const { method, path, summary, description, query, body, example } = route
  return html`<details id="${route.operationId}">
    <summary><b>${method}</b> <code>${path}</code> · ${summary}</summary>
    ${description === undefined ? null : html`<p>${description}</p>`}
    ${
      query === undefined
        ? null
        : html`<h3>Parameters</h3>
            ${fields(query)}`
    }
    ${
      body === undefined || fieldsIn(body).length === 0
        ? null
        : html`<h3>Body</h3>
            ${fields(body)}`
    }
    <h3>Example</h3>
    <pre>${curlOf(route, baseUrl)}</pre>
    <h3>Answer ${String(route.status)}</h3>
    <pre>
${typeof example.answer === 'string' ? example.answer : JSON.stringify(example.answer, null, 2)}</pre>
    ${route.type === undefined ? fields(route.answer) : null}
    <h3>Errors</h3>
    <p>${errorsOf(route).map((code) => html`<code>${code}</code> `)}</p>
  </details>`
}

const keys: Readonly<Record<Route['access'], string>> = {
  operator: 'sk_sandbox_operator',
  site: 'sk_sandbox_600000001',
  both: 'sk_sandbox_600000001',
  frame: 'pk_sandbox_600000001',
}

/** To paste into a shell: single quotes within the body are the only ones that would end it. */
export function curlOf(route: Route, baseUrl: string): string {
  const { method, path, access, example, body } = route
  const answer = example.answer
  const id =
    typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : 'ID'
  const query = new URLSearchParams(example.query).toString()
  const url = `${baseUrl}${path.replace('{id}', id)}${query === '' ? '' : `?${query}`}`
  const key = keys[access]
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}'${url}'`]
  lines.push(`-H 'Authorization: Bearer ${key}'`)
  if (body !== undefined) {
    const text = JSON.stringify(example.body ?? {}).replaceAll("'", "'\\''")
    lines.push(`-H 'Idempotency-Key: KEY' -H 'Content-Type: application/json'`, `-d '${text}'`)
  }
  return lines.join(' \\\n  ')
}

type FieldShown = { readonly name: string; readonly schema: TSchema; readonly required: boolean }

function fieldsIn(schema: TSchema): readonly FieldShown[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, TSchema>>
  const required = (schema['required'] ?? []) as readonly string[]
  return Object.entries(properties).map(([name, field]) => ({
    ...{ name, schema: field, required: required.includes(name) },
  }))
}

const fields = (schema: TSchema): Html =>
  table(
    ['field', 'type', 'rule'],
    fieldsIn(schema).map(({ name, schema: field, required }) => [
      required ? name : `${name} (optional)`,
      typeOf(field),
      textOf(field['description']),
    ]),
  )

function typeOf(schema: TSchema): string {
  const anyOf = schema['anyOf'] as readonly TSchema[] | undefined
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ')
  const fixed: unknown = schema['const']
  if (fixed !== undefined) return JSON.stringify(fixed)
  const items = schema['items'] as TSchema | undefined
  if (items !== undefined) return `list of ${typeOf(items)}`
  return textOf(schema['title'] ?? schema['type'])
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): Html =>
  html`<table>
    <thead>
      <tr>
        ${head.map((cell) => html`<th>${cell}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, i) => (i === 0 ? html`<td><code>${cell}</code></td>` : html`<td>${cell}</td>`))}
          </tr>`,
      )}
    </tbody>
  </table>`
