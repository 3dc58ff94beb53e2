// The Node host's entry. Looks at the Node version before anything else is loaded: on an older one the database's
// binary does not fail, it crashes. So only Node's own modules may be imported here; the rest comes from run.ts.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const oldest = 24

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.', 1)[0]) < oldest) {
    process.stderr.write(`Shortlist needs Node ${String(oldest)} or newer; this is Node ${process.versions.node}. Start it with "npm start", which brings its own.\n`)
    process.exitCode = 1
    return
  }
  const [{ runFromCommandLine }, { startProgram }] = await Promise.all([import('./run.ts'), import('../../core/start.ts')])
  const built = fileURLToPath(new URL('.', import.meta.url))
  await runFromCommandLine(process.argv.slice(2), startProgram, {
    root: resolve(built, '../..'),
    rendererDir: resolve(built, '../renderer'),
    migrationsDir: resolve(built, 'migrations'),
    seedDir: resolve(built, 'seed'),
    parseWorkerUrl: new URL('parse-worker.js', import.meta.url),
  })
}

void main()
