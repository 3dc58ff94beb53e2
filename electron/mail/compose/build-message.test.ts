// What is built is read back by two parsers that are not ours, and must say exactly what was written.
import { createHash } from 'node:crypto'
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { FileHash, type DraftContent, type Recipient } from '../../../shared/model/draft.ts'
import type { IdentityId } from '../../../shared/model/ids.ts'
import { parseMessage } from '../mime/parse-message.ts'
import { buildMessage, draftField, type MessageInput } from './build-message.ts'
import type { BuiltMessage } from './built-message.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const hashOf = (bytes: Uint8Array): FileHash => FileHash.parse(createHash('sha256').update(bytes).digest('hex'))

const content = (changed: Partial<DraftContent> = {}): DraftContent => ({
  identityId: 1 as IdentityId, to: [{ name: 'Ada Lovelace', address: 'ada@x.example' }], cc: [], bcc: [], subject: 'Hello', html: '<p>Hello Ada,</p><p></p><p>how are you?</p>',
  quote: false, files: [], notify: false, ...changed,
})
const input = (changed: Partial<DraftContent> = {}, more: Partial<MessageInput> = {}): MessageInput => ({
  identityId: 1 as IdentityId, from: { name: 'Ingrid Solberg', address: 'ingrid@firm.example' }, replyTo: null, content: content(changed), quote: null, inReplyTo: null, references: [],
  bytes: new Map(), headerMessageId: 'one@firm.example', date: Date.UTC(2026, 10, 21, 12, 30), locale: 'en', timeZone: 'Europe/Oslo', copyOf: null, ...more,
})
const withFiles = (files: readonly { name: string; type: string; bytes: Uint8Array }[], changed: Partial<DraftContent> = {}): MessageInput => {
  const stored = files.map((file) => ({ hash: hashOf(file.bytes), filename: file.name, mimeType: file.type, size: file.bytes.byteLength }))
  return input({ ...changed, files: stored }, { bytes: new Map(files.map((file) => [hashOf(file.bytes), file.bytes])) })
}

/** Every rule a strict server or reader would hold the bytes to. */
function expectWellFormed(built: BuiltMessage): void {
  for (const bytes of [built.raw, built.copy]) {
    const text = Buffer.from(bytes).toString('latin1')
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/)
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
    const header = text.slice(0, text.indexOf('\r\n\r\n'))
    for (const line of header.split('\r\n')) expect(line).toMatch(/^(?:[!-9;-~]+:|[ \t]+\S)/)
  }
}

const addresses = (field: AddressObject | AddressObject[] | undefined): { name: string; address: string }[] =>
  [field ?? []].flat().flatMap((one) => one.value.map(({ name, address }) => ({ name, address: address ?? '' })))

async function readBack(built: BuiltMessage, which: 'raw' | 'copy' = 'raw'): Promise<{ mail: ParsedMail; postal: Awaited<ReturnType<typeof PostalMime.parse>> }> {
  expectWellFormed(built)
  return { mail: await simpleParser(Buffer.from(built[which]), { skipImageLinks: true, skipTextToHtml: true }), postal: await PostalMime.parse(Buffer.from(built[which])) }
}

/** A generator of numbers that a seed repeats (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

describe('a simple mail', () => {
  it('has both forms of its text and says nothing about who made it', async () => {
    const built = await buildMessage(input())
    const { mail, postal } = await readBack(built)
    expect(mail.text?.trimEnd()).toBe('Hello Ada,\n\nhow are you?')
    expect(mail.html).toContain('<p style="margin:0">Hello Ada,</p><p style="margin:0"><br></p><p style="margin:0">how are you?</p>')
    expect(postal.subject).toBe('Hello')
    expect(mail.messageId).toBe('<one@firm.example>')
    expect(Buffer.from(built.raw).toString()).toMatch(/^Date: Sat, 21 Nov 2026 13:30:00 \+0100\r$/m)
    expect([...mail.headers.keys()].sort()).toEqual(['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'])
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' })
    expect(built.raw).toBe(built.copy)
  })

  it('keeps Bcc for the own copy alone, and everybody in the envelope once', async () => {
    const built = await buildMessage(
      input({ cc: [{ name: '', address: 'ADA@x.example' }, { name: '', address: 'bo@x.example' }], bcc: [{ name: 'Geheim', address: 'secret@y.example' }, { name: '', address: 'bo@x.example' }] }),
    )
    const { mail } = await readBack(built)
    expect(mail.bcc).toBeUndefined()
    expect(Buffer.from(built.raw).toString()).not.toMatch(/secret|geheim/i)
    const copy = (await readBack(built, 'copy')).mail
    expect(addresses(copy.bcc).map((one) => one.address)).toEqual(['secret@y.example', 'bo@x.example'])
    expect(built.recipients.map((one) => [one.kind, one.address])).toEqual([['to', 'ada@x.example'], ['cc', 'bo@x.example'], ['bcc', 'secret@y.example']])
    // Beyond that field the two are the same bytes.
    expect(Buffer.from(built.copy).toString('latin1').replace(/^Bcc:.*\r\n(?:[ \t].*\r\n)*/m, '')).toBe(Buffer.from(built.raw).toString('latin1'))
  })

  it('answers and refers to what it answers', async () => {
    const references = Array.from({ length: 20 }, (_, i) => `${'x'.repeat(80)}${String(i)}@list.example`)
    const built = await buildMessage(input({}, { inReplyTo: 'parent@x.example', references, replyTo: 'antwort@firm.example' }))
    const { mail, postal } = await readBack(built)
    expect(mail.inReplyTo).toBe('<parent@x.example>')
    expect([mail.references ?? []].flat()).toEqual(references.map((id) => `<${id}>`))
    expect(postal.references).toBe(references.map((id) => `<${id}>`).join(' '))
    expect(mail.replyTo?.value[0]?.address).toBe('antwort@firm.example')
  })

  it('marks a signature in the text as mail programs do, and names no signature to others', async () => {
    const built = await buildMessage(input({ html: '<p>Hei</p><div data-signature="7"><p>Ingrid</p><p>+47 22 00 00 00</p></div>' }))
    const { mail } = await readBack(built)
    expect(mail.text?.trimEnd()).toBe('Hei\n-- \nIngrid\n+47 22 00 00 00')
    expect(mail.html).not.toContain('data-signature')
  })
})

describe('the text part', () => {
  it('keeps links, lists, quotes and rows', async () => {
    const { mail } = await readBack(
      await buildMessage(
        input({
          html: '<h2>Plan</h2><ul><li><p>first</p></li><li><p>second <a href="https://x.example/a?b=1&amp;c=2">here</a></p></li></ul><ol><li>one</li><li>two</li></ol><blockquote><p>said</p><p>before</p></blockquote><p><a href="https://x.example/">https://x.example/</a></p>',
        }),
      ),
    )
    expect(mail.text).toMatch(/^Plan\n/)
    expect(mail.text).toMatch(/- first\n\s*- second here <https:\/\/x\.example\/a\?b=1&c=2>/)
    expect(mail.text).toMatch(/1\. one\n\s*2\. two/)
    expect(mail.text).toMatch(/^> said\n> before$/m)
    expect(mail.text?.match(/https:\/\/x\.example\/(?!a)/g)).toHaveLength(1)
  })

  it('quotes the original below, in both forms', async () => {
    const quote = { kind: 'reply' as const, about: { from: { name: 'Ada', address: 'ada@x.example' }, to: [], cc: [], date: Date.UTC(2026, 10, 20, 9, 5), subject: 'x' }, html: '<div>first line</div><div>second</div>' }
    const english = await readBack(await buildMessage(input({ html: '<p>Yes.</p>', quote: true }, { quote })))
    expect(english.mail.text?.trimEnd()).toBe('Yes.\n\nOn Fri, 20 November 2026 at 10:05, Ada <ada@x.example> wrote:\n> first line\n> second')
    expect(english.mail.html).toMatch(/<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On [^<]+wrote:<\/div><blockquote class="gmail_quote" type="cite"/)
    const german = await readBack(await buildMessage(input({ html: '<p>Ja.</p>', quote: true }, { quote, locale: 'de' })))
    expect(german.mail.text).toContain('Am 20. November 2026 um 10:05 schrieb Ada <ada@x.example>:')
    const without = await readBack(await buildMessage(input({ html: '<p>Yes.</p>', quote: false }, { quote })))
    expect(without.mail.text?.trimEnd()).toBe('Yes.')
    // Our own reader folds it away as history.
    const parsed = parseMessage((await buildMessage(input({ html: '<p>Ja takk.</p>', quote: true }, { quote, locale: 'nb' }))).raw)
    expect(parsed.snippet).toBe('Ja takk.')
  })
})

describe('attachments', () => {
  it('arrive byte for byte under their names, whatever these hold', async () => {
    const names = ['CV.pdf', 'Lebenslauf Jörg Müller.pdf', 'søknad – «Ærlig».docx', '履歴書.pdf', 'a"b\\c;d=e.txt', `${'lang '.repeat(40)}.txt`, 'סיכום.txt', "it's 100% (final) [v2].xlsx", '😀.png']
    const files = names.map((name, i) => ({ name, type: ['application/pdf', 'text/plain', 'application/octet-stream'][i % 3] ?? '', bytes: Buffer.from(`content ${String(i)}\r\n\n\rüø\0${name}`) }))
    const built = await buildMessage(withFiles(files))
    const { mail, postal } = await readBack(built)
    expect(mail.attachments.map((one) => one.filename)).toEqual(names)
    expect(postal.attachments.map((one) => one.filename)).toEqual(names)
    for (const [i, file] of files.entries()) {
      expect(mail.attachments[i]?.content.equals(file.bytes)).toBe(true)
      expect(Buffer.from(postal.attachments[i]?.content as ArrayBuffer).equals(file.bytes)).toBe(true)
      expect(mail.attachments[i]?.contentDisposition).toBe('attachment')
    }
    expect(parseMessage(built.raw).attachments.map((one) => one.size)).toEqual(files.map((file) => file.bytes.byteLength))
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/mixed' })
  })

  it('show pictures where they stand, each carried once', async () => {
    const hash = hashOf(png)
    const built = await buildMessage(input({ html: `<p>Look: <img src="cid:${hash}" alt="logo"></p><p><img src="cid:${hash}"></p><p><img src="http://track.example/x.gif"><img src="data:text/html;base64,AAAA"></p>` }, { bytes: new Map([[hash, png]]) }))
    const { mail, postal } = await readBack(built)
    expect(mail.attachments).toHaveLength(1)
    expect(mail.attachments[0]).toMatchObject({ contentType: 'image/png', related: true, contentDisposition: 'inline' })
    const id = (mail.attachments[0]?.contentId ?? '').replace(/[<>]/g, '')
    expect(id).toMatch(/@firm\.example$/)
    expect(postal.html?.match(new RegExp(`cid:${id}`, 'g'))).toHaveLength(2)
    expect(postal.html).not.toContain('track.example')
    expect(postal.html).not.toContain('data:')
    expect(parseMessage(built.raw).attachments[0]?.inline).toBe(true)
  })

  it('carry a message as a message, in the encoding its lines need', async () => {
    const eml = Buffer.from('From: a@x.example\r\nSubject: =?utf-8?q?=C3=A6?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nblåbær\r\n')
    const { postal, mail } = await readBack(await buildMessage(withFiles([{ name: 'æ.eml', type: 'message/rfc822', bytes: eml }])))
    expect(mail.attachments[0]?.contentType).toBe('message/rfc822')
    expect(Buffer.from(mail.attachments[0]?.content ?? '').toString()).toBe(eml.toString())
    expect(postal.attachments[0]?.filename).toBe('æ.eml')
    const long = Buffer.from(`From: a@x.example\r\n\r\n${'x'.repeat(3000)}\r\n`)
    const other = (await readBack(await buildMessage(withFiles([{ name: 'long.eml', type: 'message/rfc822', bytes: long }])))).postal
    expect(other.attachments[0]?.mimeType).toBe('application/octet-stream')
    expect(Buffer.from(other.attachments[0]?.content as ArrayBuffer).equals(long)).toBe(true)
  })
})

describe('hostile words', () => {
  it('never begin a header field', async () => {
    const evil = 'x\r\nBcc: victim@x.example\r\n\r\nbody'
    const built = await buildMessage(
      input(
        { to: [{ name: evil, address: 'a@x.example\r\nBcc: victim@x.example' }], subject: evil, files: [{ hash: hashOf(png), filename: `a${evil}.pdf`, mimeType: 'application/pdf\r\nX-Evil: 1', size: png.length }] },
        { from: { name: evil, address: 'me@firm.example' }, inReplyTo: 'a\r\nX-Evil: 1', references: ['b>\r\nX-Evil: 2'], bytes: new Map([[hashOf(png), png]]), replyTo: 'r@x.example\r\nX-Evil: 3' },
      ),
    )
    const { mail } = await readBack(built)
    expect(mail.bcc).toBeUndefined()
    expect(mail.headers.has('x-evil')).toBe(false)
    expect(mail.subject).toBe('x Bcc: victim@x.example body')
    expect(Buffer.from(built.raw).toString().match(/^Bcc:/gim)).toBeNull()
  })

  it('bring nothing along that runs, loads or reports', async () => {
    const { mail } = await readBack(
      await buildMessage(input({ html: '<p onclick="x()">a<script>alert(1)</script><style>p{}</style><a href="javascript:x()">b</a><img src="x" onerror="y"><iframe src="https://x"></iframe><form><input></form><span style="position:fixed;color:#123456;background:url(https://t.example/x)">c</span></p>' })),
    )
    const html = mail.html || ''
    expect(html).not.toMatch(/script|onclick|onerror|iframe|<form|<input|position|url\(|alert/i)
    expect(html).toContain('color:#123456')
  })
})

describe('addresses', () => {
  it('are written in ASCII where the wire wants it, and as they are where they need SMTPUTF8', async () => {
    const built = await buildMessage(input({ to: [{ name: 'Jörg', address: 'joerg@müller.example' }, { name: '', address: 'jörg@müller.example' }] }, { from: { name: 'Ø', address: 'post@blåbær.example' }, headerMessageId: 'x@xn--blbr-roah.example' }))
    expectWellFormed(built)
    expect(built.recipients.map((one) => one.address)).toEqual(['joerg@xn--mller-kva.example', 'jörg@müller.example'])
    expect(built.from.address).toBe('post@xn--blbr-roah.example')
    const { postal } = await readBack(built)
    expect(postal.to?.map((one) => one.address)).toEqual(['joerg@xn--mller-kva.example', 'jörg@müller.example'])
  })

  it('survive by the thousand', async () => {
    const to: Recipient[] = Array.from({ length: 1000 }, (_, i) => ({ name: i % 3 === 0 ? `Kåre "K." Öst, ${String(i)}` : i % 3 === 1 ? `Person ${String(i)}` : '', address: `person.${String(i)}@firma${String(i % 7)}.example` }))
    const built = await buildMessage(input({ to }))
    const { mail, postal } = await readBack(built)
    expect(addresses(mail.to)).toEqual(to)
    expect(postal.to?.map(({ name, address }) => ({ name, address }))).toEqual(to)
    expect(built.recipients).toHaveLength(1000)
  })
})

describe('a copy of a draft', () => {
  it('says of which draft, keeps Bcc and where the signature and the original begin', async () => {
    const quote = { kind: 'forward' as const, about: { from: null, to: [], cc: [], date: 0, subject: 'Fax' }, html: '<div>o</div>' }
    const built = await buildMessage(input({ to: [], bcc: [{ name: '', address: 'b@x.example' }], html: '<p>x</p><div data-signature="3"><p>I</p></div>', quote: true }, { quote, copyOf: { name: 'abc', version: 4, sendingName: 'abc' } }))
    const { mail } = await readBack(built, 'copy')
    expect(mail.headers.get(draftField.toLowerCase())).toBe('abc; version=4')
    expect(mail.html).toContain('data-signature="3"')
    expect(mail.html).toContain('id="shortlist-quote"')
    expect(addresses(mail.bcc)).toEqual([{ name: '', address: 'b@x.example' }])
  })
})

describe('whatever is written', () => {
  const alphabets = ['abc xyz ', 'äöüß ÄÖ ', 'æøå ÆØÅ', '日本語の文字', 'עברית ', 'العربية ', '😀👩‍💻🏳️‍🌈', '"\\\'<>&;:,@()[]=?_', ' \t\u00a0 ', 'e\u0301\u200d\u202e']
  for (const seed of [1, 7, 42, 1999, 20261121, 31337, 271828, 314159]) {
    it(`is read back exactly (seed ${String(seed)})`, async () => {
      const random = seeded(seed)
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
      const words = (atMost: number): string => {
        let out = ''
        for (let i = 0; i < atMost; i++) out += pick(Array.from(pick(alphabets)))
        return out
      }
      for (let round = 0; round < 12; round++) {
        const clean = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\s+/g, ' ').trim()
        const person = (): Recipient => ({ name: clean(words(Math.floor(random() * 60))), address: `p${String(Math.floor(random() * 1e9))}@x.example` })
        const lines = Array.from({ length: 1 + Math.floor(random() * 8) }, () => clean(random() < 0.1 ? 'w'.repeat(1500) : words(Math.floor(random() * 400))))
        const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
        const subject = random() < 0.1 ? 's'.repeat(1500) : clean(words(Math.floor(random() * 200)))
        const files = Array.from({ length: Math.floor(random() * 3) }, (_, i) => ({ name: clean(`${words(20)}${String(i)}.bin`), type: 'application/octet-stream', bytes: Buffer.from(words(3000)) }))
        const to = Array.from({ length: 1 + Math.floor(random() * 4) }, person)
        const built = await buildMessage(withFiles(files, { to, subject, html: lines.map((line) => `<p>${escape(line)}</p>`).join('') }))
        const { mail, postal } = await readBack(built)
        expect(mail.subject ?? '').toBe(subject)
        expect(postal.subject ?? '').toBe(subject)
        expect(postal.to?.map(({ name, address }) => ({ name, address }))).toEqual(to)
        expect(postal.attachments.map((one) => one.filename)).toEqual(files.map((one) => one.name))
        for (const [i, file] of files.entries()) expect(Buffer.from(postal.attachments[i]?.content as ArrayBuffer).equals(file.bytes)).toBe(true)
        // Nothing of the text is lost or added; only blanks may be where lines were broken.
        const squeezed = (text: string): string => text.replace(/\s+/g, '')
        expect(squeezed(postal.text ?? '')).toBe(squeezed(lines.join('')))
        const fromHtml = (postal.html ?? '').replace(/<[^>]+>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&')
        expect(squeezed(fromHtml)).toBe(squeezed(lines.join('')))
      }
    })
  }
})
