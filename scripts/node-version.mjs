// Runs on any Node from 14 on, and before anything else is loaded: on an old Node the database's binary does not fail,
// it crashes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const OLDEST = 24

/** Ends the process with an explanation unless this Node is new enough. `command` is what the person should type. */
export function needNewNode(root, command) {
  const running = process.versions.node
  if (Number(running.split('.')[0]) >= OLDEST) return
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const advice = existsSync(own)
    ? `Node ${OLDEST} came with the install: start through npm, "${command}".`
    : existsSync(join(root, 'node_modules'))
      ? `The install left its own Node out, as "npm ci --ignore-scripts" does. Run "npm rebuild node", then "${command}".`
      : `Run "npm ci" first, then "${command}".`
  console.error(`Shortlist needs Node ${OLDEST} or newer, and this is Node ${running}. ${advice}`)
  process.exit(1)
}
