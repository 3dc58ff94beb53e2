// A server for tests that says what it is told to say: greetings, refusals and answers no well-behaved server gives.
// It never runs in the product.
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { TLSSocket, createSecureContext, createServer as createTlsServer } from 'node:tls'

/** Lines to answer with; `T` at the start of one stands for the command's tag. A number is a pause in milliseconds, `close` hangs up. */
export type Answer = readonly (string | number | Buffer)[]

export type Script = {
  readonly greeting?: string
  readonly capabilities?: string
  /** The first rule whose pattern matches the command (without its tag) answers it. */
  readonly rules?: readonly (readonly [RegExp, Answer | ((command: string, count: number) => Answer)])[]
  readonly tls?: { readonly key: string; readonly cert: string; readonly from: 'start' | 'starttls' }
}

export type ScriptedServer = {
  readonly host: string
  readonly port: number
  /** Every command heard, without its tag, secrets and all. */
  readonly heard: readonly string[]
  readonly open: () => number
  readonly close: () => Promise<void>
}

const usual: readonly (readonly [RegExp, Answer])[] = [
  [/^ID /i, ['* ID NIL', 'T OK']],
  [/^LOGIN /i, ['T OK signed in']],
  [/^ENABLE /i, ['* ENABLED CONDSTORE QRESYNC', 'T OK']],
  [/^NAMESPACE/i, ['* NAMESPACE (("" "/")) NIL NIL', 'T OK']],
  [/^(LIST|LSUB) /i, ['* LIST (\\HasNoChildren) "/" INBOX', 'T OK']],
  [/^(SELECT|EXAMINE) /i, ['* FLAGS (\\Seen \\Flagged \\Answered \\Deleted \\Draft)', '* 0 EXISTS', '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 1] ok', 'T OK [READ-WRITE] selected']],
  [/^LOGOUT/i, ['* BYE', 'T OK', 'close']],
  [/^NOOP/i, ['T OK']],
]

export async function startScripted(script: Script = {}): Promise<ScriptedServer> {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const capabilities = script.capabilities ?? 'IMAP4rev1 ID NAMESPACE'

  const serve = (socket: Socket): void => {
    socket.on('error', () => undefined)
    const say = (text: string): boolean => socket.writable && socket.write(`${text}\r\n`)
    const counts = new Map<RegExp, number>()
    let buffer = ''

    const answer = async (tag: string, command: string): Promise<void> => {
      if (/^STARTTLS/i.test(command) && script.tls?.from === 'starttls') {
        socket.removeAllListeners('data')
        say(`${tag} OK go ahead`)
        const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(script.tls) })
        serveLines(secured)
        return
      }
      for (const [pattern, made] of [...(script.rules ?? []), [/^CAPABILITY/i, [`* CAPABILITY ${capabilities}`, 'T OK']] as const, ...usual]) {
        if (!pattern.test(command)) continue
        const count = (counts.get(pattern) ?? 0) + 1
        counts.set(pattern, count)
        for (const line of typeof made === 'function' ? made(command, count) : made) {
          if (typeof line === 'number') await new Promise((resolve) => setTimeout(resolve, line))
          else if (Buffer.isBuffer(line)) socket.write(line)
          else if (line === 'close') socket.destroy()
          else say(line.startsWith('T ') ? `${tag}${line.slice(1)}` : line)
        }
        return
      }
      say(`${tag} BAD unknown command`)
    }
    const serveLines = (from: Socket): void => {
      from.on('error', () => undefined)
      if (from !== socket) socket = from
      from.on('data', (chunk: Buffer) => {
        buffer += chunk.toString('latin1')
        for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
          const line = buffer.slice(0, end)
          buffer = buffer.slice(end + 2)
          const space = line.indexOf(' ')
          heard.push(line.slice(space + 1))
          void answer(line.slice(0, space), line.slice(space + 1))
        }
      })
    }
    serveLines(socket)
    if (script.greeting !== '') say(script.greeting ?? '* OK ready')
  }

  const onConnection = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket)
  }
  const server: Server = script.tls?.from === 'start' ? createTlsServer(script.tls, onConnection) : createServer(onConnection)
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    heard,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
