// `npm start`: builds if needed, then opens the desktop program where Electron is to be had, else the same app in a
// browser, and says which and why in one line.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needNewNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
needNewNode(root, 'npm start')

const { BadOption, helpText, readOptions } = await import('../electron/core/options.ts')
const { build } = await import('./build.mjs')
const { becomeChild } = await import('./run-child.mjs')

const args = process.argv.slice(2)
let options
try {
  options = readOptions(args, process.cwd())
} catch (error) {
  if (!(error instanceof BadOption)) throw error
  console.error(`${error.message}\n\n${helpText}`)
  process.exit(2)
}
if (options.help) {
  process.stdout.write(helpText)
  process.exit(0)
}
if (!build(root)) process.exit(1)

const program = await chooseElectron()
if (program === null) becomeChild(process.execPath, [join(root, 'out', 'main', 'node.js'), ...args])
else {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  // The folder rather than the file, so that Electron reads the program's name from package.json.
  becomeChild(program, [root, ...args], { env })
}

/** Electron's program, or null after saying why the browser is used. */
async function chooseElectron() {
  // These only make sense in a browser.
  if (options.port !== 0 || !options.open || options.printUrlJson) return null
  const inBrowser = (why) => {
    console.error(`Shortlist runs in a browser window this time: ${why}.`)
    return null
  }
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return inBrowser('there is no display for the desktop program')
    if (process.getuid() === 0) return inBrowser('the desktop program does not run as root')
  }
  const { fetchElectron, findElectron } = await import('./electron-binary.ts')
  const found = findElectron(root)
  if (found !== null) return found
  const fetched = await fetchElectron(root, (progress) => console.error(progress))
  return fetched.program ?? inBrowser(`Electron's program is not here, and ${fetched.why}`)
}
