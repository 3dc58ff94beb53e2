import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseMessage } from '../mime/mime.ts'

type Entry = { readonly file: string; readonly folder: string; readonly flags: readonly string[] }
type Index = { readonly folders: readonly { readonly path: string; readonly special?: string }[]; readonly messages: readonly Entry[] }

const seedDir = join(import.meta.dirname, 'seed')
const index = JSON.parse(readFileSync(join(seedDir, 'index.json'), 'utf8')) as Index
const messages = index.messages.map((entry) => {
  const source = readFileSync(join(seedDir, entry.file))
  return { ...entry, source, parsed: parseMessage(source) }
})

describe('the sample mail', () => {
  it('names every file once, and no file that is not there', () => {
    const files = readdirSync(seedDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'))
    expect(messages.map((one) => one.file).sort()).toEqual(files.map((name) => name.replaceAll('\\', '/')).sort())
  })

  it('is a year of mail: over 150 messages in over 60 threads', () => {
    const roots = new Set(messages.map(({ parsed }) => parsed.headers.references[0] ?? parsed.headers.messageId))
    expect(messages.length).toBeGreaterThanOrEqual(150)
    expect(roots.size).toBeGreaterThanOrEqual(60)
  })

  it('has a message id for every message, and none twice', () => {
    const ids = messages.map((one) => one.parsed.headers.messageId)
    expect(ids).not.toContain(null)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is read without trouble, every text and name in its own charset', () => {
    for (const { file, parsed } of messages) {
      expect.soft(parsed.problems, file).toEqual([])
      const words = [parsed.headers.subject, parsed.headers.from?.name, parsed.text, parsed.html, ...parsed.attachments.map((one) => one.filename)].join('\n')
      expect.soft(words, file).not.toContain('\uFFFD')
    }
    const named = (address: string): string | undefined => messages.find((one) => one.parsed.headers.from?.address === address)?.parsed.headers.from?.name
    expect(named('yusuf.almasri.ot@gmail.com')).toBe('يوسف المصري')
    expect(named('noa.bendavid.ml@gmail.com')).toBe('נועה בן־דוד')
    expect(named('olga.smirnova.qa@gmail.com')).toBe('Ольга Смирнова')
    expect(named('kenichi.tanaka.eng@gmail.com')).toBe('田中 健一')
    expect(named('zoe.lindqvist.design@gmail.com')).toBe('Zoë 🦊 Lindqvist')
  })

  it('carries real documents', () => {
    const files = messages.flatMap((one) => one.parsed.attachments.map((file) => file.filename))
    expect(files.filter((name) => name.endsWith('.pdf')).length).toBeGreaterThan(10)
    expect(files.filter((name) => name.endsWith('.docx')).length).toBeGreaterThan(4)
    // Out of a winmail.dat.
    expect(files).toContain('Anforderungsprofil Kaufm Leitung.docx')
    expect(files).toContain('السيرة الذاتية - يوسف المصري.pdf')
  })

  it('has invitations, an answer, a change and a cancellation', () => {
    const methods = new Set(messages.flatMap((one) => (one.parsed.invite ? [one.parsed.invite.method] : [])))
    expect([...methods].sort()).toEqual(['CANCEL', 'REPLY', 'REQUEST'])
  })

  it('has what no person wrote: notices, bounces and lists', () => {
    const kinds = new Set(messages.map((one) => one.parsed.headers.automatic))
    expect(kinds).toEqual(new Set([null, 'reply', 'notice', 'bounce', 'bulk']))
  })

  it('keeps a word that stands in bodies only', () => {
    const holds = (text: string | null): boolean => text?.includes('hydrokraft') === true
    expect(messages.some((one) => holds(one.parsed.text))).toBe(true)
    expect(messages.some((one) => holds(one.parsed.headers.subject))).toBe(false)
  })

  it('belongs to companies that do not exist', () => {
    const freeMail = ['gmail.com', 'gmx.de', 'online.no']
    for (const { file, parsed } of messages) {
      for (const person of [parsed.headers.from, ...parsed.headers.to, ...parsed.headers.cc]) {
        if (!person) continue
        const domain = person.address.split('@')[1] ?? ''
        expect.soft(freeMail.includes(domain) || domain.endsWith('.example'), `${file}: ${person.address}`).toBe(true)
      }
    }
  })
})
