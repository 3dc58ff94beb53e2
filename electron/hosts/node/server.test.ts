import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { implement } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { contract } from '../../../shared/api/contract.ts'
import type { Contract } from '../../../shared/api/contract.ts'
import type { AppEvent } from '../../../shared/api/events.ts'
import { largestTemplateFile } from '../../../shared/model/template.ts'
import { socketProtocol, tokenProtocol } from '../../../shared/api/host-window.ts'
import { plainAnswer } from '../../core/assets.ts'
import type { HostedProgram } from '../../core/host.ts'
import { newKey, serve } from './server.ts'
import type { Key, Serving } from './server.ts'

const info = { version: '1.2.3', host: 'node', platform: 'linux', secrets: 'file', assetBase: '/a/', canPickFiles: false } as const

/** A program whose calls are only those that need no mail. */
function tinyProgram(): HostedProgram & { readonly eventsEnded: () => number } {
  const os = implement(contract)
  let ended = 0
  const router = {
    app: {
      info: os.app.info.handler(() => info),
      events: os.app.events.handler(async function* ({ signal }): AsyncGenerator<AppEvent> {
        try {
          yield { type: 'accounts' }
          await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }))
        } finally {
          ended++
        }
      }),
      openExternal: os.app.openExternal.handler(() => undefined),
    },
    templates: { import: os.templates.import.handler(({ input }) => ({ added: input.text.length, replaced: 0, problems: [] })) },
  }
  return {
    // Only these calls are made here, so the rest of the contract is left out.
    router: router as unknown as HostedProgram['router'],
    assets: {
      serve: (path) =>
        Promise.resolve(
          path.startsWith('message/12')
            ? { status: 200, headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': "default-src 'none'; img-src 'self'; frame-ancestors *" }, body: `<p>${path}</p>` }
            : path === 'attachment/12/0'
              ? { status: 200, headers: { 'content-type': 'application/pdf' }, body: new Uint8Array([1, 2, 3]) }
              : plainAnswer(404, 'Not found.'),
        ),
    },
    close: () => Promise.resolve(),
    eventsEnded: () => ended,
  }
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

describe('the Node host on its socket', () => {
  let folder: string
  let key: Key
  let serving: Serving
  let origin: string
  let program: ReturnType<typeof tinyProgram>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shortlist-server-'))
    mkdirSync(join(folder, 'renderer/assets'), { recursive: true })
    writeFileSync(join(folder, 'renderer/index.html'), '<!doctype html><title>Shortlist</title>')
    writeFileSync(join(folder, 'renderer/assets/main-abc.js'), 'export {}')
    writeFileSync(join(folder, 'renderer/.hidden.html'), 'hidden')
    writeFileSync(join(folder, 'secret.txt'), 'secret')
    key = newKey()
    program = tinyProgram()
    serving = await serve(program, key, { port: 0, rendererDir: join(folder, 'renderer') })
    origin = new URL(serving.url).origin
  })
  afterEach(async () => {
    await serving.close()
    rmSync(folder, { recursive: true })
  })

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(origin)
      const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => (text += piece))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      })
      asked.on('error', reject)
      asked.end()
    })

  const open = (options: { readonly token?: string; readonly path?: string; readonly from?: string; readonly host?: string; readonly protocols?: string[] } = {}): WebSocket =>
    new WebSocket(`${origin.replace('http', 'ws')}${options.path ?? '/rpc'}`, options.protocols ?? [socketProtocol, tokenProtocol(options.token ?? key.token)], {
      headers: { origin: options.from ?? origin, ...(options.host ? { host: options.host } : {}) },
    })
  const refusedWith = (socket: WebSocket): Promise<number | string> =>
    new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('open', () => resolve('open'))
      socket.on('error', (error) => resolve(error.message))
    })
  const client = (socket: WebSocket): ContractRouterClient<Contract> =>
    createORPCClient(new RPCLink({ websocket: socket }))

  it('gives out an address on this computer whose fragment holds the token', () => {
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    expect(serving.url).not.toContain(key.assetBase)
  })

  it('serves the page under a strict policy that knows its own socket', async () => {
    const page = await get('/')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Shortlist')
    expect(page.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://${new URL(origin).host}; frame-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect((await get('/assets/main-abc.js')).headers['cache-control']).toContain('immutable')
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' })
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })

  it('answers to no other name, so a name that is rebound to this computer gets nothing', async () => {
    for (const host of ['evil.example', 'localhost', `localhost:${new URL(origin).port}`, '127.0.0.1']) {
      expect((await get('/', { host })).status, host).toBe(421)
      expect(await refusedWith(open({ host })), host).toBe(421)
    }
  })

  it('refuses pages of other sites', async () => {
    for (const from of ['https://evil.example', 'null', origin.replace('http', 'https'), 'http://127.0.0.1:1']) {
      expect((await get('/', { origin: from })).status, from).toBe(403)
      expect(await refusedWith(open({ from })), from).toBe(403)
    }
    expect((await get('/', { origin })).status).toBe(200)
  })

  it('refuses a socket without the right token', async () => {
    expect(await refusedWith(open({ token: newKey().token }))).toBe(401)
    expect(await refusedWith(open({ protocols: [socketProtocol] }))).toBe(401)
    expect(await refusedWith(open({ protocols: [tokenProtocol(key.token)] }))).toBe(401)
    expect(await refusedWith(open({ protocols: [] }))).toBe(401)
    expect(await refusedWith(open({ path: '/other' }))).toBe(404)
  })

  it('serves nothing from outside the renderer folder', async () => {
    for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/..%5csecret.txt', '//etc/passwd', '/%00index.html', '/.hidden.html', '/%E0%A4%A', '/nothing.js', '/assets/']) {
      const answer = await get(path)
      expect(answer.status, path).toBe(404)
      expect(answer.text, path).not.toContain('secret')
    }
    expect((await get('http://evil.example/')).status).toBe(400)
  })

  it('serves mail only under the path that follows from the token, framed only by the app', async () => {
    const message = await get(`${key.assetBase}message/12?images=0&theme=dark`)
    expect(message.text).toBe('<p>message/12?images=0&theme=dark</p>')
    expect(message.headers['content-security-policy']).toBe("default-src 'none'; img-src 'self'; frame-ancestors 'self'")
    const attachment = await get(`${key.assetBase}attachment/12/0`)
    expect(attachment.headers).toMatchObject({
      'content-length': '3',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect((await get(`${key.assetBase}message/13`)).status).toBe(404)
    expect((await get(`${newKey().assetBase}message/12`)).status).toBe(401)
    expect((await get('/a//message/12')).status).toBe(401)
    expect((await get(key.assetBase)).status).toBe(204)
  })

  it('carries calls and streams, and tells the program when the page is gone', async () => {
    const socket = open()
    const api = client(socket)
    expect(await api.app.info()).toEqual(info)
    expect(socket.protocol).toBe(socketProtocol)
    const events = await api.app.events()
    expect(await events.next()).toEqual({ done: false, value: { type: 'accounts' } })
    socket.terminate()
    await expect.poll(program.eventsEnded).toBe(1)
    expect(await client(open()).app.info()).toEqual(info)
  })

  it('carries the largest input there is, escaped', async () => {
    const text = '"'.repeat(largestTemplateFile)
    expect(await client(open()).templates.import({ text })).toMatchObject({ added: text.length })
  })

  it('refuses input the contract does not allow', async () => {
    await expect(client(open()).app.openExternal({ url: 'x'.repeat(9000) })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('cuts off a message beyond the limit and goes on serving', async () => {
    const socket = open()
    await new Promise((resolve) => socket.once('open', resolve))
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send('x'.repeat(2 * largestTemplateFile + 2 * 1024 * 1024))
    await closed
    expect(await client(open()).app.info()).toEqual(info)
  })

  it('survives nonsense on the wire', async () => {
    const { hostname, port } = new URL(origin)
    for (const nonsense of ['\0\0\0\0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', `GET /rpc HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(nonsense))
        socket.on('data', () => undefined)
        socket.on('close', () => resolve())
        socket.on('error', () => undefined)
      })
    }
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const socket = open()
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('not a message')
    socket.send(new Uint8Array([255, 0, 1]))
    expect(await client(open()).app.info()).toEqual(info)
    socket.terminate()
    logged.mockRestore()
  })

  it('closes while windows are open', async () => {
    const socket = open()
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    await serving.close()
    expect(await closed).toBe(1001)
  })

  it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('gives nothing to another user of this computer who knows the address', async () => {
    const script = `fetch(process.argv[1]).then((answer) => console.log(answer.status), () => console.log('refused'))`
    const asking = (uid: number): Promise<string> =>
      new Promise((resolve) => execFile(process.execPath, ['-e', script, serving.alive], { uid, cwd: '/' }, (error, stdout) => resolve(error ? error.message : stdout.trim())))
    expect(await asking(0)).toBe('204')
    expect(await asking(65534)).toBe('refused')
  })
})
