/** Installs the packages of the lockfile into this folder, without running any of their scripts. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Compares what npm wrote about the installed packages with the lockfile. True where a package is
 * absent or of another version; npm writes that file last, so an interrupted install counts too.
 */
export function missingPackages(root, { dev }) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined) throw new Error('package-lock.json is missing or cannot be read')
  if (present === undefined) return true
  return Object.entries(wanted).some(([path, entry]) => {
    if (path === '') return false
    const found = present[path]
    if (found !== undefined) return found.version !== entry.version
    // An optional package is absent where it is made for another platform.
    return entry.optional !== true && entry.devOptional !== true && (dev || entry.dev !== true)
  })
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** A full development install stays one. */
export async function install(root, { dev, say }) {
  const full =
    dev ||
    packagesOf(join(root, 'node_modules', '.package-lock.json'))?.['node_modules/typescript'] !==
      undefined
  say(full ? 'Installing packages (with those of development)…' : 'Installing packages…')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { code, output } = await runNpm(root, full ? args : [...args, '--omit=dev'])
  // npm ends an error with a page of its own options: what went wrong stands before it.
  const [reason = ''] = output.split(/npm error\s+Clean install a project/)
  if (code !== 0) throw new Error(`npm ci failed:\n${reason.trim()}`)
}

/** The npm that started us where there is one, else the one on the path. */
async function runNpm(root, args) {
  const own = process.env.npm_execpath
  const viaNode = own !== undefined && /npm-cli\.(c?js)$/.test(own)
  const command = viaNode ? process.execPath : 'npm'
  const child = spawn(command, viaNode ? [own, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: !viaNode && process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message
      resolve(1)
    })
    child.on('close', resolve)
  })
  return { code, output }
}

/** For the commands of development: everything in the lockfile, installed if it is not. */
export async function ensureDevelopmentPackages(root) {
  if (missingPackages(root, { dev: true })) await install(root, { dev: true, say: console.log })
}
