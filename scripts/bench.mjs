// `npm run bench`: the measurements in bench/, on the built program. Its options go to bench/run.ts.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needNewNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
needNewNode(root, 'npm run bench')

const { build } = await import('./build.mjs')
const { ensurePrerequisites } = await import('./prerequisites.mjs')
const { becomeChild } = await import('./run-child.mjs')

if (!(await ensurePrerequisites()) || !build(root)) process.exit(1)
becomeChild(process.execPath, [join(root, 'bench', 'run.ts'), ...process.argv.slice(2)], { cwd: root })
