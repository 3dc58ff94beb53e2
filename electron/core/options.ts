// What the person may say on the command line, the same words for both hosts.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type Options = {
  readonly sample: boolean
  /** Absolute; null for the platform's default. */
  readonly data: string | null
  readonly help: boolean
  /** 0 lets the operating system choose. */
  readonly port: number
  readonly open: boolean
  readonly printUrlJson: boolean
}

export const helpText = `Shortlist, an e-mail client for recruiters.

  --sample      open the built-in sample mailbox
  --data DIR    keep mail and settings in DIR (one folder per profile)
  --port N      listen on port N of this computer instead of a free one (*)
  --no-open     print the address and open no window (*)
  --print-url-json
                print the address as one line of JSON, for scripts (*)
  --help        show this text

(*) Only where Shortlist runs in a browser, without the desktop program.
`

export class BadOption extends Error {}

/** Fails with BadOption, its message fit for the person. `lenient` skips words of others, e.g. Chromium's switches. */
export function readOptions(args: readonly string[], cwd: string, lenient = false): Options {
  const known = {
    sample: { type: 'boolean', default: false },
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
    'print-url-json': { type: 'boolean', default: false },
  } as const
  let values
  try {
    values = parseArgs({ args: [...args], options: known, strict: !lenient, allowPositionals: lenient }).values
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error))
  }
  const { data, port } = values
  if (values.data !== undefined && (typeof data !== 'string' || data.trim() === '')) throw new BadOption('--data needs a folder.')
  if (values.port !== undefined && !(typeof port === 'string' && /^\d{1,5}$/.test(port) && Number(port) <= 65535)) {
    throw new BadOption('--port needs a number from 0 to 65535.')
  }
  return {
    sample: values.sample === true,
    data: typeof data === 'string' ? resolve(cwd, data) : null,
    help: values.help === true,
    port: typeof port === 'string' ? Number(port) : 0,
    open: values['no-open'] !== true,
    printUrlJson: values['print-url-json'] === true,
  }
}
