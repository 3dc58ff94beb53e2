// The Node host's entry. Looks at the Node version before anything else is loaded: on an older one the database's
// binary does not fail, it crashes. So nothing may be imported here but after that look.
const oldest = 24

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.', 1)[0]) < oldest) {
    process.stderr.write(`Shortlist needs Node ${String(oldest)} or newer; this is Node ${process.versions.node}. Start it with "npm start", which brings its own.\n`)
    process.exitCode = 1
    return
  }
  const [{ runFromCommandLine }, { layoutAround }, { startProgram }] = await Promise.all([import('./run.ts'), import('../../core/host.ts'), import('../../core/start.ts')])
  await runFromCommandLine(process.argv.slice(2), startProgram, layoutAround(import.meta.url))
}

void main()
