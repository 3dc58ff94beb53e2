// The program behind HTTP and a WebSocket on 127.0.0.1, for this user's browser and nobody else: the name it is reached
// by (Host), the page that asks (Origin), a per-start token, and on Linux the user behind the connection are checked.
// Frames and images cannot send headers, so mail assets lie under a path derived from the token.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { largestTemplateFile } from '../../../shared/model/template.ts'
import { socketPath, socketProtocol, tokenParameter, tokenProtocol } from '../../../shared/api/host-window.ts'
import { appPolicy, mailAnswer, plainAnswer, rendererFiles, rendererFromDevServer } from '../../core/assets.ts'
import type { AssetResponse } from '../../core/assets.ts'
import type { HostedProgram } from '../../core/host.ts'
import { peerIsOurs } from './peer-owner.ts'

const address = '127.0.0.1'
/** The contract's largest input is a file of templates, which escaping may double. */
const largestMessage = 2 * largestTemplateFile + 1024 * 1024
const heartbeatMs = 30_000
/** A page that reads so little that this much waits for it is cut off; it reconnects and refetches. */
const mostWaiting = 64 * 1024 * 1024
const mostSockets = 32

/** A start's secret, and the path for mail assets that follows from it. */
export type Key = { readonly token: string; readonly assetBase: string }

export function newKey(): Key {
  const token = randomBytes(32).toString('base64url')
  return { token, assetBase: `/a/${createHmac('sha256', token).update('assets').digest('base64url')}/` }
}

export type Serving = {
  /** Give this to a browser; it holds the token. */
  readonly url: string
  /** Answers 204 as long as this very start runs. */
  readonly alive: string
  readonly close: () => Promise<void>
}

/** Compares in a time that does not tell how much was right. */
function same(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(right))
}

export async function serve(program: HostedProgram, key: Key, options: { readonly port: number; readonly rendererDir: string; readonly devServer?: string }): Promise<Serving> {
  const server = createServer({ maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 })
  const port = await listen(server, options.port)
  const authority = `${address}:${String(port)}`
  const origin = `http://${authority}`
  const renderer = options.devServer === undefined ? rendererFiles(options.rendererDir, appPolicy([`ws://${authority}`])) : rendererFromDevServer(options.devServer)

  const refusal = (request: IncomingMessage): AssetResponse | null => {
    if (request.headers.host !== authority) return plainAnswer(421, 'This is not the address of this program.')
    const from = request.headers.origin
    const fromFrame = from === 'null' && request.url?.startsWith('/a/') === true
    if (from !== undefined && from !== origin && !fromFrame) return plainAnswer(403, 'Another site asked for this.')
    return null
  }

  const answerTo = async (request: IncomingMessage): Promise<AssetResponse> => {
    const refused = refusal(request)
    if (refused !== null) return refused
    if (request.method !== 'GET' && request.method !== 'HEAD') return plainAnswer(405, 'Only reading is possible here.', { allow: 'GET, HEAD' })
    const target = request.url ?? ''
    if (!target.startsWith('/')) return plainAnswer(400, 'A path is expected.')
    const asset = /^(\/a\/[^/?]*\/)(.*)$/s.exec(target)
    if (asset === null) return renderer.serve(target.slice(1))
    const [, base = '', path = ''] = asset
    if (!same(base, key.assetBase)) return plainAnswer(401, 'This address is not of this start of the program.')
    return path === '' ? plainAnswer(204, '') : mailAnswer(await program.assets.serve(path))
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answerTo(request)
      .catch((error: unknown) => {
        console.error('An asset could not be served.', error)
        return plainAnswer(500, 'This could not be served.')
      })
      .then((answer) => {
        const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
        response.writeHead(answer.status, answer.status === 204 ? answer.headers : { ...answer.headers, 'content-length': body.length })
        response.end(request.method === 'HEAD' || answer.status === 204 ? undefined : body)
      })
      .catch((error: unknown) => {
        console.error('An answer could not be sent.', error)
        response.destroy()
      })
  })

  server.on('connection', (socket: Socket) => {
    if (socket.remotePort !== undefined && !peerIsOurs(socket.remotePort, port)) socket.destroy()
  })

  const handler = new RPCHandler(program.router)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false, handleProtocols: () => socketProtocol })
  const heard = new WeakSet<WebSocket>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refused = refusal(request) ?? socketRefusal(request, origin, key.token, sockets.clients.size)
    if (refused !== null) {
      refuseUpgrade(socket, refused)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      heard.add(webSocket)
      webSocket.on('pong', () => heard.add(webSocket))
      // A message too large or malformed closes the socket; the page reconnects.
      webSocket.on('error', () => webSocket.terminate())
      void handler.upgrade(webSocket)
    })
  })

  const heartbeat = setInterval(() => {
    for (const webSocket of sockets.clients) {
      if (!heard.delete(webSocket) || webSocket.bufferedAmount > mostWaiting) webSocket.terminate()
      else webSocket.ping()
    }
  }, heartbeatMs)
  heartbeat.unref()

  return {
    url: `${origin}/#${tokenParameter}=${key.token}`,
    alive: `${origin}${key.assetBase}`,
    async close() {
      clearInterval(heartbeat)
      const closed = new Promise((resolve) => server.close(resolve))
      for (const webSocket of sockets.clients) webSocket.close(1001, 'The program is closing.')
      server.closeIdleConnections()
      const late = setTimeout(() => {
        for (const webSocket of sockets.clients) webSocket.terminate()
        server.closeAllConnections()
      }, 500)
      await closed
      clearTimeout(late)
    },
  }
}

function socketRefusal(request: IncomingMessage, origin: string, token: string, open: number): AssetResponse | null {
  if (request.url !== socketPath) return plainAnswer(404, 'Not found.')
  // Browsers always name the page that opens a socket.
  if (request.headers.origin !== origin) return plainAnswer(403, 'Another site asked for this.')
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  const right = offered.filter((protocol) => same(protocol, tokenProtocol(token))).length > 0
  if (!right || !offered.includes(socketProtocol)) return plainAnswer(401, 'The token is missing or not of this start of the program.')
  return open < mostSockets ? null : plainAnswer(503, 'Too many windows are open.')
}

function refuseUpgrade(socket: Duplex, refused: AssetResponse): void {
  const headers = Object.entries(refused.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const body = String(refused.body)
  socket.end(`HTTP/1.1 ${String(refused.status)} Refused\r\n${headers.join('')}content-length: ${String(Buffer.byteLength(body))}\r\nconnection: close\r\n\r\n${body}`)
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve(bound !== null && typeof bound === 'object' ? bound.port : port)
    })
  })
}
