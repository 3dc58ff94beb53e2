import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { extractAttachment, parseMessage } from './parse-message.ts'

const mail = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1')
const head = ['From: Jane <jane@example.org>', 'To: me@example.net', 'Date: Tue, 3 Mar 2026 10:00:00 +0100', 'MIME-Version: 1.0']
const base64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64').replace(/(.{76})/g, '$1\r\n')
const pdf = Buffer.from(`%PDF-1.4 ${'x'.repeat(5_000)}`)

const application = mail(
  ...head,
  'Subject: =?utf-8?Q?S=C3=B8knad?=',
  'Content-Type: multipart/mixed; boundary="m"',
  '',
  '--m',
  'Content-Type: multipart/related; boundary="r"',
  '',
  '--r',
  'Content-Type: multipart/alternative; boundary="a"',
  '',
  '--a',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Hei! Her er s=C3=B8knaden min.',
  '',
  '-- ',
  'Jane',
  '--a',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Hei! <img src="cid:photo@x"></p>',
  '--a--',
  '--r',
  'Content-Type: image/png',
  'Content-ID: <photo@x>',
  'Content-Disposition: attachment; filename="photo.png"',
  'Content-Transfer-Encoding: base64',
  '',
  base64('png bytes'),
  '--r--',
  '--m',
  'Content-Type: application/pdf; name="=?utf-8?B?U8O4a25hZC5wZGY=?="',
  "Content-Disposition: attachment; filename*0*=utf-8''S%C3%B8k; filename*1*=nad.pdf",
  'Content-Transfer-Encoding: base64',
  '',
  base64(pdf),
  '--m--',
  '',
)

describe('parseMessage', () => {
  it('takes a message with text, HTML, an inline picture and an attachment apart', () => {
    const message = parseMessage(application)
    expect(message.headers.subject).toBe('Søknad')
    expect(message.text).toBe('Hei! Her er søknaden min.\n\n-- \nJane')
    expect(message.html).toBe('<p>Hei! <img src="cid:photo@x"></p>')
    expect(message.textFromHtml).toBeNull()
    expect(message.snippet).toBe('Hei! Her er søknaden min.')
    expect(message.problems).toEqual([])
    expect(message.attachments).toEqual([
      { index: 0, filename: 'photo.png', mimeType: 'image/png', size: 9, contentId: 'photo@x', inline: true, partPath: '1.2', kind: 'image', dangerous: false },
      { index: 1, filename: 'Søknad.pdf', mimeType: 'application/pdf', size: pdf.length, contentId: null, inline: false, partPath: '2', kind: 'pdf', dangerous: false },
    ])
  })

  it('gives the bytes of an attachment by its index, and null beyond the last', () => {
    expect(Buffer.from(extractAttachment(application, 1)?.bytes ?? []).equals(pdf)).toBe(true)
    expect(extractAttachment(application, 0)).toMatchObject({ filename: 'photo.png', mimeType: 'image/png' })
    expect(extractAttachment(application, 2)).toBeNull()
  })

  it('draws text from the HTML where there is none, and where the text part only says that there is HTML', () => {
    expect(parseMessage(mail(...head, 'Content-Type: text/html', '', '<style>p{}</style><p>One</p><p>Two&nbsp;&amp;</p>')).textFromHtml).toBe('One\n\nTwo &')
    const long = `<p>${'A real newsletter says a lot. '.repeat(200)}</p>`
    const stub = parseMessage(mail(...head, 'Content-Type: multipart/alternative; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'Please use an HTML viewer.', '--b', 'Content-Type: text/html', '', long, '--b--', ''))
    expect(stub.text).toBe('Please use an HTML viewer.')
    expect(stub.textFromHtml).toContain('A real newsletter')
    expect(stub.snippet).toMatch(/^A real newsletter/)
  })

  it('joins text around pictures in the order it was written', () => {
    const message = parseMessage(
      mail(...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/html', '', '<p>Before</p>', '--b', 'Content-Type: image/png', 'Content-Disposition: inline; filename=a.png', '', 'x', '--b', 'Content-Type: text/plain', '', 'A <footer>', '--b--', ''),
    )
    expect(message.html).toBe('<p>Before</p>\n<div style="white-space:pre-wrap">A &lt;footer&gt;</div>')
    expect(message.text).toBe('Before\n\nA <footer>')
    expect(message.attachments.map((one) => one.inline)).toEqual([false])
  })

  it('keeps an attached message closed but openable', () => {
    const inner = mail('Subject: The inner one', 'From: bob@example.org', '', 'inner text')
    const message = parseMessage(mail(...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'outer', '--b', 'Content-Type: message/rfc822', '', inner.toString('latin1'), '--b--', ''))
    expect(message.text).toBe('outer')
    expect(message.attachments[0]).toMatchObject({ filename: 'The inner one.eml', kind: 'message', inline: false })
    const opened = parseMessage(extractAttachment(mail(...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'outer', '--b', 'Content-Type: message/rfc822', '', inner.toString('latin1'), '--b--', ''), 0)?.bytes ?? new Uint8Array())
    expect(opened.headers.from?.address).toBe('bob@example.org')
    expect(opened.text).toBe('inner text')
  })

  it('joins flowed lines but not the signature, and keeps quote levels apart', () => {
    const message = parseMessage(mail(...head, 'Content-Type: text/plain; format=flowed; delsp=no', '', 'This is one ', 'paragraph.', '> quoted ', '> text', '  stuffed', '-- ', 'Jane'))
    expect(message.text).toBe('This is one paragraph.\n> quoted text\n stuffed\n-- \nJane')
  })

  it('counts a signature or a delivery report as part of the message, not as an attachment', () => {
    const signed = parseMessage(mail(...head, 'Content-Type: multipart/signed; boundary=b', '', '--b', '', 'text', '--b', 'Content-Type: application/pkcs7-signature; name=smime.p7s', 'Content-Disposition: attachment; filename=smime.p7s', '', 'x', '--b--', ''))
    expect(signed.attachments.map((one) => one.inline)).toEqual([true])
    const report = parseMessage(
      mail(...head, 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', '', 'could not', '--b', 'Content-Type: message/delivery-status', '', 'Status: 5.1.1', '--b', 'Content-Type: message/rfc822', '', 'Subject: lost', '', 'x', '--b--', ''),
    )
    expect(report.headers.automatic).toBe('bounce')
    expect(report.attachments.map((one) => [one.filename, one.inline])).toEqual([['attachment-1.txt', true], ['lost.eml', false]])
  })

  it('finds uuencoded files in a text and takes them out of it', () => {
    const source = mail(...head, '', 'See below', 'begin 644 cv.txt', '#0V%T', '`', 'end', 'Bye')
    const message = parseMessage(source)
    expect(message.text).toBe('See below\nBye')
    expect(message.attachments[0]).toMatchObject({ filename: 'cv.txt', size: 3, partPath: null })
    expect(Buffer.from(extractAttachment(source, 0)?.bytes ?? []).toString()).toBe('Cat')
  })

  it('gives attachments whose contents were left out the sizes they have on the server', () => {
    const encoded = base64(Buffer.alloc(100_000))
    const skeleton = (contents: string): Buffer =>
      mail(...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'text', '--b', 'Content-Type: application/pdf; name=cv.pdf', 'Content-Transfer-Encoding: base64', '', contents, '--b', 'Content-Type: message/rfc822', '', 'Content-Type: multipart/mixed; boundary=c', '', '--c', 'Content-Type: image/png', 'Content-Transfer-Encoding: base64', '', contents, '--c--', '', '--b--', '')
    const whole = parseMessage(skeleton(encoded)).attachments.map((one) => one.size)
    const omitted = parseMessage(skeleton(''), { omitted: [encoded.length, encoded.length] }).attachments.map((one) => one.size)
    omitted.forEach((size, i) => {
      expect(Math.abs(size - (whole[i] ?? 0))).toBeLessThan(100)
    })
  })

  it('says what was wrong', () => {
    const problemsOf = (...lines: readonly string[]): readonly string[] => parseMessage(mail(...lines)).problems
    expect(problemsOf(...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x')).toEqual(['unclosed-multipart'])
    expect(problemsOf('just text')).toEqual(['no-headers'])
    expect(problemsOf('From: a@b.c', 'Date: never', '', 'x')).toEqual(['bad-date'])
    expect(problemsOf(...head, 'Content-Type: text/plain; charset=x-none', '', '\xe5')).toEqual(['charset-unknown'])
    expect(problemsOf(...head, 'Content-Type: application/pkcs7-mime', '', 'x')).toEqual(['encrypted'])
  })

  it('never throws for a source cut off at any byte', () => {
    for (let length = 0; length <= application.length; length += 7) {
      const message = parseMessage(application.subarray(0, length))
      // A cut delimiter counts as letters of the attachment before it: the size is off by no more than that.
      for (const one of message.attachments) expect(Math.abs((extractAttachment(application.subarray(0, length), one.index)?.bytes.byteLength ?? -1_000) - one.size)).toBeLessThan(8)
    }
  })

  it('never throws for a source with any byte changed', () => {
    let state = 7
    const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0)
    for (let run = 0; run < 600; run++) {
      const damaged = Buffer.from(application)
      for (let k = 0; k < 1 + (run % 8); k++) damaged[next() % damaged.length] = next() >>> 8
      expect(() => parseMessage(damaged)).not.toThrow()
    }
  })
})

describe('beside another parser', async () => {
  const { default: PostalMime } = await import('postal-mime')
  const seeds = globSync('electron/mail/sample/seed/**/*.eml', { cwd: new URL('../../..', import.meta.url).pathname }).sort()
  const flat = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim()

  it.runIf(seeds.length > 0)('reads the sample mailbox alike', async () => {
    for (const seed of seeds) {
      const source = readFileSync(new URL(`../../../${seed}`, import.meta.url))
      const ours = parseMessage(source)
      const theirs = await PostalMime.parse(source, { forceRfc822Attachments: true })
      expect({ seed, subject: flat(ours.headers.subject) }).toEqual({ seed, subject: flat(theirs.subject) })
      expect({ seed, html: flat(ours.html) }).toEqual({ seed, html: flat(theirs.html) })
      if (ours.text !== null) expect({ seed, text: flat(ours.text) }).toEqual({ seed, text: flat(theirs.text) })
      expect({ seed, from: ours.headers.from?.address ?? '' }).toEqual({ seed, from: theirs.from?.address ?? '' })
      const people = (list: typeof theirs.to): readonly (string | undefined)[] => (list ?? []).flatMap((one) => one.group ?? [one]).map((one) => one.address)
      expect({ seed, to: ours.headers.to.map((one) => one.address) }).toEqual({ seed, to: people(theirs.to) })
      if (ours.attachments.every((one) => one.partPath !== null)) expect({ seed, files: ours.attachments.length }).toEqual({ seed, files: theirs.attachments.length })
    }
  })
})
