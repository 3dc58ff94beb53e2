// Runs one program in this one's place: the same terminal, its signals passed on, its end made ours.
import { spawn } from 'node:child_process'

/** Does not come back. */
export function becomeChild(file, args, options = {}) {
  const child = spawn(file, args, { stdio: 'inherit', ...options })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    console.error(`${file} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
