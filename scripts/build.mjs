// Builds out/ when it is missing or was built from other sources. What it was built from is remembered as a digest of
// names, sizes and times, so an older checkout is noticed as well as a newer edit.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const SOURCES = ['shared', 'db', 'electron', 'renderer', 'build']
const FILES = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.room.json']
const PRODUCTS = ['out/main/node.js', 'out/main/desktop.js', 'out/preload/preload.cjs', 'out/renderer/index.html']

function digestOf(root) {
  const hash = createHash('sha256')
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path))
    hash.update(`${path}\0${size}\0${mtimeMs}\n`)
  }
  for (const folder of SOURCES.filter((each) => existsSync(join(root, each)))) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    for (const path of paths.sort()) add(path)
  }
  for (const path of FILES.filter((each) => existsSync(join(root, each)))) add(path)
  return hash.digest('hex')
}

/** True when there is nothing to do or the build went well. What the build says goes to stderr. */
export function build(root, { evenIfFresh = false } = {}) {
  const stamp = join(root, 'out', 'built-from')
  const digest = digestOf(root)
  const complete = PRODUCTS.every((each) => existsSync(join(root, each)))
  if (!evenIfFresh && complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return true
  const started = Date.now()
  console.error(complete ? 'Building, the sources changed …' : 'Building …')
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status } = spawnSync(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) {
    console.error('The build failed; what it says above is why.')
    return false
  }
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stamp, digest)
  console.error(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
  return true
}
