import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rendererFromDevServer } from './assets.ts'
import { systemClock } from './clock.ts'
import { readHolder, takeFolder } from './data-folder.ts'
import { externalUrl, isExternalUrl } from './external-url.ts'
import { readOptions } from './options.ts'
import { placesFor } from './places.ts'

describe('an address that leaves the program', () => {
  it('is a web page, a mail or a phone number, in its escaped form', () => {
    expect(externalUrl('https://example.com/a b"c')).toBe('https://example.com/a%20b%22c')
    expect(externalUrl('HTTP://EXAMPLE.com')).toBe('http://example.com/')
    expect(isExternalUrl('mailto:ada@example.com?subject=hi')).toBe(true)
    expect(isExternalUrl('tel:+4712345678')).toBe(true)
  })

  it('is never anything that could start a program or read a file', () => {
    for (const address of ['file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'smb://host/share', 'ms-msdt:/id', 'shortlist://app/', 'vbscript:x', '\\\\host\\share', '/etc/passwd', '--help', '', ' ', 'C:\\x.exe', 'ssh://-oProxyCommand=x', `https://example.com/${'x'.repeat(9000)}`]) {
      expect(isExternalUrl(address), address).toBe(false)
    }
    expect(() => externalUrl('file:///x')).toThrow('rejected')
  })
})

describe('the command line', () => {
  it('is read', () => {
    expect(readOptions(['--sample', '--data', 'mail', '--port', '4000', '--no-open'], '/home/ada')).toEqual({ sample: true, data: '/home/ada/mail', help: false, port: 4000, open: false, printUrlJson: false })
    expect(readOptions([], '/')).toEqual({ sample: false, data: null, help: false, port: 0, open: true, printUrlJson: false })
  })

  it('is refused when it says something unknown or impossible', () => {
    for (const args of [['--what'], ['extra'], ['--port', 'x'], ['--port', '65536'], ['--data', ''], ['--data']]) expect(() => readOptions(args, '/'), args.join(' ')).toThrow()
  })

  it('may hold words meant for others when read leniently', () => {
    expect(readOptions(['--no-sandbox', '--lang=de', '.', '--sample', '--data', '/x'], '/', true)).toMatchObject({ sample: true, data: '/x' })
    expect(() => readOptions(['--data'], '/', true)).toThrow('--data needs a folder')
  })
})

describe('the places of each platform', () => {
  it('keep secrets apart from the data', () => {
    const home = '/home/ada'
    expect(placesFor('linux', {}, home)).toEqual({ data: '/home/ada/.local/share/Shortlist', secrets: '/home/ada/.config/Shortlist/secrets' })
    expect(placesFor('linux', { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: 'relative' }, home)).toEqual({ data: '/d/Shortlist', secrets: '/home/ada/.config/Shortlist/secrets' })
    expect(placesFor('darwin', {}, '/Users/ada').data).toBe('/Users/ada/Library/Application Support/Shortlist')
    expect(placesFor('win32', { LOCALAPPDATA: 'C:\\L', APPDATA: 'C:\\R' }, 'C:\\U')).toEqual({ data: 'C:\\L\\Shortlist', secrets: 'C:\\R\\Shortlist\\Secrets' })
  })
})

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shortlist-folder-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('has one holder at a time, whom others can find', () => {
    const held = takeFolder(folder)
    expect(held).not.toBeNull()
    expect(takeFolder(folder)).toBeNull()
    expect(readHolder(folder)).toBeNull()
    held?.announce({ url: 'http://127.0.0.1:1/#token=x', alive: 'http://127.0.0.1:1/a/' })
    expect(readHolder(folder)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:1/#token=x', alive: 'http://127.0.0.1:1/a/' })
    held?.announce(null)
    expect(readHolder(folder)).toMatchObject({ url: null })
    held?.release()
    expect(readHolder(folder)).toBeNull()
    const again = takeFolder(folder)
    expect(again).not.toBeNull()
    writeFileSync(join(folder, 'running.json'), '{"pid":')
    expect(readHolder(folder)).toBeNull()
    again?.release()
  })
})

describe('the clock', () => {
  afterEach(() => vi.useRealTimers())

  it('waits longer than one timer can, and can be stopped', () => {
    vi.useFakeTimers()
    const day = 24 * 60 * 60 * 1000
    const rang: string[] = []
    systemClock.after(60 * day, () => rang.push('late'))
    const stop = systemClock.after(50 * day, () => rang.push('never'))
    vi.advanceTimersByTime(26 * day)
    stop()
    expect(rang).toEqual([])
    vi.advanceTimersByTime(34 * day)
    expect(rang).toEqual(['late'])
    systemClock.after(-5, () => rang.push('now'))
    vi.advanceTimersByTime(1)
    expect(rang).toEqual(['late', 'now'])
  })
})

describe('a renderer under development', () => {
  it('comes from a server on this machine and from no other', async () => {
    const server = createServer((request, response) => response.setHeader('content-type', 'text/css').end(request.url))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    const port = typeof bound === 'object' ? bound?.port : 0
    const answer = await rendererFromDevServer(`http://127.0.0.1:${String(port)}`).serve('main.css?t=1')
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/css' } })
    expect(Buffer.from(answer.body).toString()).toBe('/main.css?t=1')
    for (const path of ['http://evil.example/x', '/evil.example/x', '\\\\evil.example']) expect(await rendererFromDevServer(`http://127.0.0.1:${String(port)}`).serve(path), path).toMatchObject({ status: 200 })
    server.close()
    expect(() => rendererFromDevServer('http://evil.example')).toThrow()
  })
})
