// The desktop program's entry, out/main/desktop.js.
import { layoutAround } from '../../core/host.ts'
import { startProgram } from '../../core/start.ts'
import { runDesktop } from './run.ts'

runDesktop(startProgram, layoutAround(import.meta.url))
