import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { rootFolder } from '../../src/platform/root.ts'

export const chromiumPath = '/usr/bin/chromium'

export const hasChromium = existsSync(chromiumPath)

export const artifacts = join(rootFolder, 'test', 'artifacts')

export function openBrowser(): Promise<Browser> {
  mkdirSync(artifacts, { recursive: true })
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
