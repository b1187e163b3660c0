/**
 * `npm start`, on a fresh clone or the hundredth time: installs what is missing, builds what has
 * changed, then hands over to the launcher. Plain JavaScript, as nothing is installed yet.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Monétique needs Node 20.19 or later; this is Node ${process.versions.node}.`)
  process.exit(1)
}

const { prepare } = await import('./prepare.mjs')
try {
  const launcher = await prepare({ entry: 'launcher', quiet: false })
  process.setSourceMapsEnabled(true)
  await import(launcher)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
