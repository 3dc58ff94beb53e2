// Runs one program in this one's place: the same terminal, its signals passed on, its end made ours.
import { spawn } from 'node:child_process'

const PARENT_CHECK_MS = 1000

/** Does not come back. */
export function becomeChild(file, args, options = {}) {
  const child = spawn(file, args, { stdio: 'inherit', ...options })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm passes a signal on to its shell only, and a shell that ends so leaves us behind without a word.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event !== undefined) {
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), PARENT_CHECK_MS).unref()
  }
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
