// `npm run bench`: the measurements in bench/, on the built program. A first word names one of them, as in
// `npm run bench -- replay`; without one it is the sync beside its peers. Everything else goes to that script.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needNewNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
needNewNode(root, 'npm run bench')

const { build } = await import('./build.mjs')
const { ensurePrerequisites } = await import('./prerequisites.mjs')
const { becomeChild } = await import('./run-child.mjs')

if (!(await ensurePrerequisites()) || !build(root)) process.exit(1)
const scripts = { sync: 'run.ts', replay: 'replay.ts', send: 'send.ts', 'compose-open': 'compose-open.ts', 'key-to-paint': 'key-to-paint.ts' }
const named = process.argv[2]?.startsWith('-') === false
const script = scripts[named ? process.argv[2] : 'sync']
if (script === undefined) {
  console.error(`There is no measurement by that name; there are ${Object.keys(scripts).join(', ')}.`)
  process.exit(2)
}
becomeChild(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'bench', script), ...process.argv.slice(named ? 3 : 2)], { cwd: root })
