// "Another mail program": a bare IMAP client for tests, which says exactly the commands it is told to and nothing else.
// It shares no code with the product's own IMAP, so a mistake there cannot hide itself here.
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { setTimeout as delay } from 'node:timers/promises'
import { createImapScanner } from './imap-scanner.ts'
import { LOOPBACK } from './loopback.ts'

export type ImapReply = {
  readonly status: 'OK' | 'NO' | 'BAD'
  /** What follows the status word. */
  readonly text: string
  /** Untagged responses in order, literals in place, one character per byte (latin1). */
  readonly untagged: readonly string[]
}

export type AppendOptions = {
  readonly flags?: readonly string[]
  readonly date?: Date
}

export type ImapSession = {
  readonly greeting: string
  /** Sends one command and waits for its tagged reply, whatever it says. Buffers are sent as literals. */
  tell(...parts: readonly (string | Buffer)[]): Promise<ImapReply>
  /** The same, but rejects unless the reply is OK. */
  do(...parts: readonly (string | Buffer)[]): Promise<ImapReply>
  append(folder: string, raw: Buffer | string, options?: AppendOptions): Promise<ImapReply>
  /** Waits inside IDLE for an untagged response that matches, then leaves IDLE. */
  idleUntil(pattern: RegExp, timeoutMs: number): Promise<string>
  /** UIDs in the selected folder that match an IMAP search. */
  search(criteria: string): Promise<readonly number[]>
  /** LOGOUT, if there is anybody to hear it, then closed. */
  close(): Promise<void>
}

export type ImapSessionOptions = {
  readonly port: number
  readonly user?: string
  readonly password?: string
  /** The certificate to trust; given, the connection is TLS from the first byte. */
  readonly ca?: string
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const STATUS = /^(\S+) (OK|NO|BAD)\b ?([\s\S]*)$/

type Waiting = {
  readonly tag: string
  readonly untagged: string[]
  readonly resolve: (reply: ImapReply) => void
  readonly reject: (error: Error) => void
  goOn: (() => void) | null
}

/** Connects and, if a user is given, logs in. */
export async function openImapSession(options: ImapSessionOptions): Promise<ImapSession> {
  const socket =
    options.ca === undefined
      ? connect(options.port, LOOPBACK)
      : connectTls({ port: options.port, host: LOOPBACK, ca: options.ca })
  const { scan } = createImapScanner('server')
  let response = ''
  let tags = 0
  let waiting: Waiting | null = null
  let onGreeting: ((line: string) => void) | null = null
  let onUntagged: ((line: string) => void) | null = null
  let failure: Error | null = null

  const fail = (error: Error): void => {
    failure ??= error
    const open = waiting
    waiting = null
    open?.reject(failure)
  }

  const receive = (line: string): void => {
    if (onGreeting !== null) {
      onGreeting(line)
      onGreeting = null
      return
    }
    if (line.startsWith('+')) {
      const goOn = waiting?.goOn
      if (waiting !== null) waiting.goOn = null
      goOn?.()
      return
    }
    if (line.startsWith('* ')) {
      waiting?.untagged.push(line)
      onUntagged?.(line)
      return
    }
    const match = STATUS.exec(line)
    if (match === null || waiting === null || match[1] !== waiting.tag) {
      fail(new Error(`unexpected from the server: ${line.slice(0, 200)}`))
      return
    }
    const done = waiting
    waiting = null
    done.resolve({ status: match[2] as ImapReply['status'], text: match[3] ?? '', untagged: done.untagged })
  }

  const greeting = await new Promise<string>((resolve, reject) => {
    onGreeting = resolve
    socket.once('error', reject)
    socket.once('close', () => {
      reject(new Error('the server closed the connection before its greeting'))
    })
    socket.on('data', (chunk: Buffer) => {
      for (const piece of scan(chunk)) {
        response += piece.bytes.toString('latin1')
        if (piece.kind === 'line' && piece.text !== null && !(piece.literalSize !== null && piece.literalSize > 0)) {
          const complete = response.replace(/\r?\n$/, '')
          response = ''
          receive(complete)
        }
      }
    })
  })
  socket.on('error', fail)
  socket.on('close', () => {
    fail(new Error('the server closed the connection'))
  })

  const begin = (): { readonly tag: string; readonly reply: Promise<ImapReply>; readonly goOn: () => Promise<void> } => {
    if (failure !== null) throw failure
    if (waiting !== null) throw new Error('this session already has a command under way')
    tags += 1
    const tag = `x${String(tags)}`
    let current: Waiting | null = null
    const reply = new Promise<ImapReply>((resolve, reject) => {
      current = { tag, untagged: [], resolve, reject, goOn: null }
      waiting = current
    })
    const goOn = (): Promise<void> =>
      new Promise((resolve) => {
        if (current !== null) current.goOn = resolve
      })
    return { tag, reply, goOn }
  }

  const tell = async (...parts: readonly (string | Buffer)[]): Promise<ImapReply> => {
    const { tag, reply, goOn } = begin()
    let text = `${tag} `
    for (const part of parts) {
      if (typeof part === 'string') {
        text += part
        continue
      }
      const permission = goOn()
      socket.write(`${text}{${String(part.length)}}\r\n`)
      // A refused literal is answered with the tagged NO instead of a continuation.
      const refused = await Promise.race([permission, reply])
      if (refused !== undefined) return refused
      socket.write(part)
      text = ''
    }
    socket.write(`${text}\r\n`)
    return reply
  }

  const doIt = async (...parts: readonly (string | Buffer)[]): Promise<ImapReply> => {
    const reply = await tell(...parts)
    if (reply.status === 'OK') return reply
    const first = parts[0]
    const name = typeof first === 'string' ? (first.split(' ')[0] ?? '') : ''
    throw new Error(`${name}: ${reply.status} ${reply.text}`)
  }

  const session: ImapSession = {
    greeting,
    tell,
    do: doIt,
    append(folder, raw, { flags = [], date } = {}) {
      const when = date === undefined ? '' : ` "${imapDate(date)}"`
      return doIt(`APPEND ${quoted(folder)} (${flags.join(' ')})${when} `, Buffer.isBuffer(raw) ? raw : Buffer.from(raw))
    },
    async idleUntil(pattern, timeoutMs) {
      const { tag, reply, goOn } = begin()
      const permission = goOn()
      const found = new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`nothing matching ${String(pattern)} came within ${timeoutMs} ms of IDLE`))
        }, timeoutMs)
        onUntagged = (line) => {
          if (!pattern.test(line)) return
          clearTimeout(timer)
          resolve(line)
        }
      })
      socket.write(`${tag} IDLE\r\n`)
      try {
        await Promise.race([permission, reply])
        return await Promise.race([found, reply.then((early) => Promise.reject(new Error(`IDLE ended: ${early.text}`)))])
      } finally {
        onUntagged = null
        if (failure === null) {
          socket.write('DONE\r\n')
          await reply
        }
      }
    },
    async search(criteria) {
      const { untagged } = await doIt(`UID SEARCH ${criteria}`)
      const line = untagged.find((each) => each.startsWith('* SEARCH')) ?? ''
      return line.split(' ').slice(2).filter(Boolean).map(Number)
    },
    async close() {
      if (failure === null) await Promise.race([tell('LOGOUT').catch(() => undefined), delay(1000, undefined, { ref: false })])
      socket.destroy()
    },
  }
  if (options.user !== undefined) {
    try {
      await doIt(`LOGIN ${quoted(options.user)} ${quoted(options.password ?? '')}`)
    } catch (error) {
      socket.destroy()
      throw error
    }
  }
  return session
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function imapDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()] ?? ''}-${String(date.getUTCFullYear())}`
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}
