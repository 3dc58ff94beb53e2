import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchElectron, findElectron } from './electron-binary.ts'

const PROGRAM = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron'

let root: string
let server: Server
let answer: (response: ServerResponse) => void | Promise<void>

/** A project with a stand-in for the package electron, whose downloader asks our server. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'shortlist-electron-'))
  server = createServer((_, response) => void answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const folder = join(root, 'node_modules', 'electron')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, 'package.json'), '{}')
  writeFileSync(join(folder, 'package.json'), '{"name":"electron","version":"45.0.0"}')
  writeFileSync(
    join(folder, 'install.js'),
    `const { mkdirSync, writeFileSync } = require('node:fs'), { dirname, join } = require('node:path')
    ;(async () => {
      const response = await fetch('http://127.0.0.1:${port}/electron.zip')
      if (!response.ok) throw new Error('Response code ' + response.status)
      let size = 0
      for await (const chunk of response.body) size += chunk.length
      const program = join(__dirname, 'dist', ${JSON.stringify(PROGRAM)})
      mkdirSync(dirname(program), { recursive: true })
      writeFileSync(program, String(size))
      writeFileSync(join(__dirname, 'path.txt'), ${JSON.stringify(PROGRAM)})
    })().catch((error) => { console.error(error.stack); process.exit(1) })`,
  )
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(root, { recursive: true, force: true })
})

const fetchIt = (silenceMs: number, now = Date.now, progress: string[] = []): ReturnType<typeof fetchElectron> =>
  fetchElectron(root, (each) => progress.push(each), { silenceMs, now })

describe("Electron's program", () => {
  it('is found where the package keeps it, or where the environment says it is', () => {
    expect(findElectron(root)).toBeNull()
    const elsewhere = join(root, 'elsewhere')
    mkdirSync(join(elsewhere, PROGRAM, '..'), { recursive: true })
    writeFileSync(join(elsewhere, PROGRAM), '')
    chmodSync(join(elsewhere, PROGRAM), 0o755)
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBe(join(elsewhere, PROGRAM))
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'nowhere') })).toBeNull()
  })

  it('is fetched however slowly it comes, as long as it comes', async () => {
    answer = async (response) => {
      response.writeHead(200, { 'content-length': '1000' })
      for (let part = 0; part < 10; part += 1) {
        response.write(Buffer.alloc(100))
        await delay(300)
      }
      response.end()
    }
    const progress: string[] = []
    const fetched = await fetchIt(2000, Date.now, progress)
    expect(fetched.program).toBe(join(root, 'node_modules', 'electron', 'dist', PROGRAM))
    expect(findElectron(root)).toBe(fetched.program)
    expect(progress.at(-1)).toBe('Fetching Electron, 100 %')
  })

  it.each([
    ['a server that never answers', (): void => undefined, 500, 'no answer within 0.5 s'],
    ['a download that stops', (response: ServerResponse): void => void response.writeHead(200, { 'content-length': '1000' }).write('x'), 2000, 'the download stopped for 2 s'],
    ['a refusal', (response: ServerResponse): void => void response.writeHead(404).end(), 20_000, 'Response code 404'],
  ])('is given up soon after %s', async (_, behave, silenceMs, why) => {
    answer = behave
    const before = Date.now()
    expect(await fetchIt(silenceMs)).toEqual({ program: null, why })
    expect(Date.now() - before).toBeLessThan(10_000)
  })

  it('is not asked for again for a day after that', async () => {
    let asked = 0
    answer = (response) => {
      asked += 1
      response.writeHead(503).end()
    }
    await fetchIt(20_000)
    expect(await fetchIt(20_000)).toEqual({ program: null, why: 'an attempt less than a day ago failed (Response code 503)' })
    expect(asked).toBe(1)
    await fetchIt(20_000, () => Date.now() + 25 * 3_600_000)
    expect(asked).toBe(2)
  })

  it('is not asked for where that is not wanted', async () => {
    answer = () => {
      throw new Error('asked')
    }
    const fetched = await fetchElectron(root, () => undefined, { env: { ...process.env, SHORTLIST_NO_ELECTRON_DOWNLOAD: '1' } })
    expect(fetched).toEqual({ program: null, why: 'SHORTLIST_NO_ELECTRON_DOWNLOAD is set' })
  })
})
