/** What the merchants' guides show is run as it is shown: the form, the signature, the callback. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { rootFolder } from '../../src/platform/root.ts'
import { field } from '../../src/wire/nestpay/index.ts'
import { valueOf } from '../support/merchant.ts'
import { openWebCentre, storeKey, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

const guide = (language: string, name: string): string =>
  readFileSync(join(rootFolder, 'docs', 'guides', language, `cmi-${name}.md`), 'utf8')

type Fields = Readonly<Record<string, string>>
type Signing = {
  sign(fields: Fields, key: string): Fields
  isSigned(fields: Fields, key: string): boolean
}

/** The block of a guide that a reader copies into a file. */
async function signingIn(text: string): Promise<Signing> {
  const blocks = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code)
  const code = blocks.find((one) => one.includes('export function hashOf'))
  assert.ok(code !== undefined)
  const folder = mkdtempSync(join(tmpdir(), 'monetique-guide-'))
  const file = join(folder, 'sign.mjs')
  writeFileSync(file, code)
  try {
    return (await import(pathToFileURL(file).href)) as Signing
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const language of ['en', 'fr']) {
  test(`the form of the HTML guide in ${language} opens a page as it stands`, async () => {
    const inputs = guide(language, 'html').matchAll(/name="([^"]+)"\s+value="([^"]*)"/g)
    const fields = [...inputs].map(([, name = '', value = '']) => field(name, value))
    const opened = await web.gate(fields)
    assert.equal(opened.status, 303, opened.body)
  })

  test(`the code of the Node guide in ${language} signs a form and verifies a callback`, async () => {
    const { sign, isSigned } = await signingIn(guide(language, 'node'))
    const oid = `GUIDE-${language}`
    const form = Object.fromEntries(
      web
        .form(oid, {
          BillToStreet2: 'b',
          BillToStreet10: 'a|b\\',
          Bill_x: '_',
          BillToName: ' É ',
        })
        .filter(({ name }) => name !== 'HASH')
        .map(({ name, value }) => [name, value.toString()]),
    )
    const signed = Object.entries(sign(form, storeKey)).map(([name, value]) => field(name, value))
    const opened = await web.gate(signed)
    assert.equal(opened.status, 303, opened.body)
    await web.payWith(opened.headers.get('location') ?? '')
    const [call] = web.merchant.received(oid)
    assert.ok(call !== undefined)
    const told = Object.fromEntries(call.fields.map(({ name, value }) => [name, value.toString()]))
    assert.ok(isSigned(told, storeKey))
    assert.equal(valueOf(call.fields, 'ProcReturnCode'), '00')
    assert.ok(!isSigned({ ...told, amount: '1.00' }, storeKey))
    assert.ok(!isSigned(told, 'another'))
  })
}
