// `npm run dev`: the renderer from a dev server with hot reload, in Electron where its program is present, else in the
// Node host and a browser. With --watch, changes on the main side restart it.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needNewNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
needNewNode(root, 'npm run dev')

const { findElectron } = await import('./electron-binary.ts')
const { becomeChild } = await import('./run-child.mjs')

const args = process.argv.slice(2)
const watch = args.includes('--watch')
const program = findElectron(root)
if (program === null) console.error("Electron's program is not here; the app runs in a browser window.")

const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
const devArgs = ['dev', ...(watch ? ['--watch'] : []), '--', ...args.filter((each) => each !== '--watch')]
// electron-vite starts whatever it is told is Electron; Node with the Node host's entry serves as well.
const env =
  program === null
    ? { ...process.env, ELECTRON_EXEC_PATH: process.execPath, ELECTRON_ENTRY: join(root, 'out', 'main', 'node.js') }
    : { ...process.env, ELECTRON_EXEC_PATH: program }
becomeChild(process.execPath, [electronVite, ...devArgs], { cwd: root, env })
