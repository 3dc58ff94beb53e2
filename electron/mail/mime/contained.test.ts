// What mail wraps: winmail.dat, calendars, transfer encodings, charsets, file names.
import { describe, expect, it } from 'vitest'
import { attachmentKind, isDangerous, safeFilename } from './attachment-kind.ts'
import { readInvite } from './calendar-invite.ts'
import { decodeBytes } from './charset.ts'
import { parseMessage } from './parse-message.ts'
import { readTnef } from './tnef.ts'
import { decodeBase64, decodedSize, decodeQuotedPrintable } from './transfer-encoding.ts'

function attribute(level: number, name: number, data: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head[0] = level
  head.writeUInt16LE(name, 1)
  head.writeUInt32LE(data.length, 5)
  return Buffer.concat([head, data, Buffer.alloc(2)])
}

function property(type: number, id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(id, 2)
  head.writeUInt32LE(1, 4)
  head.writeUInt32LE(value.length, 8)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}

function props(...list: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32LE(list.length)
  return Buffer.concat([count, ...list])
}

const tnefPieces = [
  Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0]),
  attribute(1, 0x9007, Buffer.from([0xe4, 0x04, 0, 0, 0, 0, 0, 0])),
  attribute(1, 0x9003, props(property(0x0102, 0x1013, Buffer.from('<p>Body</p>')))),
  attribute(2, 0x9002, Buffer.alloc(14)),
  attribute(2, 0x8010, Buffer.from('LEBENS~1.PDF\0')),
  attribute(2, 0x800f, Buffer.from('%PDF')),
  attribute(2, 0x9005, props(property(0x001f, 0x3707, Buffer.from('Lebenslauf Müller.pdf', 'utf16le')), property(0x001e, 0x370e, Buffer.from('application/pdf\0')), property(0x001e, 0x3712, Buffer.from('cv@x\0')))),
]
const tnef = Buffer.concat(tnefPieces)

describe('winmail.dat', () => {
  it('gives its attachments with long names and types, and its body', () => {
    const content = readTnef(tnef)
    expect(content).toMatchObject({ html: '<p>Body</p>', text: null, damaged: false })
    expect(content?.attachments).toMatchObject([{ filename: 'Lebenslauf Müller.pdf', mimeType: 'application/pdf', contentId: 'cv@x' }])
    expect(content?.attachments[0]?.bytes.toString()).toBe('%PDF')
  })

  it('is unpacked into the message that carries it', () => {
    const message = parseMessage(Buffer.from(`Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${tnef.toString('base64')}`))
    expect(message.html).toBe('<p>Body</p>')
    expect(message.attachments).toMatchObject([{ filename: 'Lebenslauf Müller.pdf', size: 4, kind: 'pdf', partPath: null }])
  })

  it('stays an attachment beside what could be read when it is damaged', () => {
    const whole = new Set(tnefPieces.map((_, i) => Buffer.concat(tnefPieces.slice(0, i)).length))
    for (let length = 1; length < tnef.length; length++) {
      // Cut between two attributes it is a shorter file like any other.
      if (whole.has(length)) continue
      const message = parseMessage(Buffer.from(`Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${tnef.subarray(0, length).toString('base64')}`))
      expect(message.attachments.some((one) => one.filename === 'winmail.dat')).toBe(true)
    }
  })

  it('survives any byte changed', () => {
    for (let at = 6; at < tnef.length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const damaged = Buffer.from(tnef)
        damaged[at] = value
        expect(() => readTnef(damaged)).not.toThrow()
      }
    }
  })
})

describe('invitations', () => {
  const calendar = (...lines: readonly string[]): string => ['BEGIN:VCALENDAR', 'METHOD:REQUEST', ...lines, 'END:VCALENDAR'].join('\r\n')
  const event = (...lines: readonly string[]): string => calendar('BEGIN:VEVENT', 'UID:42', 'SUMMARY:Interview', ...lines, 'END:VEVENT')

  it('reads who meets when and where', () => {
    expect(
      readInvite(event('DTSTART;TZID=Europe/Oslo:20260303T100000', 'DTEND;TZID=Europe/Oslo:20260303T110000', 'LOCATION:Oslo\\, room 3', 'ORGANIZER;CN=Anna:mailto:anna@x.no', 'ATTENDEE;CN="Doe, Jane";PARTSTAT=ACCEPTED:mailto:jane@x.no'), ''),
    ).toEqual({
      method: 'REQUEST',
      uid: '42',
      summary: 'Interview',
      startsAt: Date.UTC(2026, 2, 3, 9),
      endsAt: Date.UTC(2026, 2, 3, 10),
      allDay: false,
      timeZone: 'Europe/Oslo',
      location: 'Oslo, room 3',
      organizer: { name: 'Anna', address: 'anna@x.no' },
      attendees: [{ name: 'Doe, Jane', address: 'jane@x.no', status: 'ACCEPTED' }],
    })
  })

  it.each([
    ['DTSTART:20260703T100000Z', Date.UTC(2026, 6, 3, 10)],
    ['DTSTART;TZID=W. Europe Standard Time:20260703T100000', Date.UTC(2026, 6, 3, 8)],
    ['DTSTART;TZID="Europe/Berlin":20260103T100000', Date.UTC(2026, 0, 3, 9)],
    ['DTSTART;VALUE=DATE:20260703', Date.UTC(2026, 6, 3)],
  ])('reads %s', (line, ms) => {
    expect(readInvite(event(line), '')?.startsAt).toBe(ms)
  })

  it('names the organiser’s zone where it has a registered name', () => {
    expect(readInvite(event('DTSTART;TZID=W. Europe Standard Time:20260703T100000'), '')?.timeZone).toBe('Europe/Berlin')
    expect(readInvite(event('DTSTART;TZID=Nowhere:20260703T100000'), '')?.timeZone).toBeNull()
    expect(readInvite(event('DTSTART:20260703T100000Z'), '')?.timeZone).toBeNull()
    expect(readInvite(event('DTSTART;VALUE=DATE:20260703'), '')?.timeZone).toBeNull()
  })

  it('uses the zone the calendar defines when nobody else knows it', () => {
    const zone = ['BEGIN:VTIMEZONE', 'TZID:Own', 'BEGIN:STANDARD', 'DTSTART:16010101T000000', 'TZOFFSETFROM:+0500', 'TZOFFSETTO:+0500', 'END:STANDARD', 'END:VTIMEZONE']
    expect(readInvite(calendar(...zone, 'BEGIN:VEVENT', 'UID:1', 'DTSTART;TZID=Own:20260303T100000', 'END:VEVENT'), '')?.startsAt).toBe(Date.UTC(2026, 2, 3, 5))
  })

  it('reads an end from a duration, and a whole day without one', () => {
    expect(readInvite(event('DTSTART:20260303T100000Z', 'DURATION:PT45M'), '')?.endsAt).toBe(Date.UTC(2026, 2, 3, 10, 45))
    expect(readInvite(event('DTSTART;VALUE=DATE:20260303'), '')).toMatchObject({ allDay: true, endsAt: Date.UTC(2026, 2, 4) })
  })

  it('reads what precedes a break', () => {
    expect(readInvite('BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:7\nSUMMARY:Half\nDTSTART:20260303T100000Z\nDESCR', 'CANCEL')).toMatchObject({ uid: '7', summary: 'Half', method: 'CANCEL', startsAt: Date.UTC(2026, 2, 3, 10) })
    expect(readInvite('nothing of the kind', '')).toBeNull()
  })
})

describe('transfer encodings', () => {
  it('counts base64 as it decodes it, whatever the line length', () => {
    for (let size = 0; size < 400; size += 7) {
      for (const [width, end] of [[76, '\r\n'], [64, '\n'], [4, '\r\n'], [1000, '\n']] as const) {
        const encoded = Buffer.from(Buffer.alloc(size, 0x41).toString('base64').replace(new RegExp(`(.{${width}})`, 'g'), `$1${end}`))
        expect(decodedSize(encoded, 'base64')).toBe(size)
        expect(decodeBase64(encoded).length).toBe(size)
      }
    }
  })

  it('reads quoted-printable, well made or not', () => {
    const read = (text: string): string => decodeQuotedPrintable(Buffer.from(text, 'latin1')).toString('utf8')
    expect(read('s=C3=B8k=\r\nnad')).toBe('søknad')
    expect(read('a=  \r\nb=\nc=')).toBe('abc')
    expect(read('1=3D1 =ZZ = x=')).toBe('1=1 =ZZ = x')
  })

  it('lets a byte order mark beat the label', () => {
    expect(decodeBytes(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('blå', 'utf16le')]), 'iso-8859-1').text).toBe('blå')
  })
})

describe('attachment names', () => {
  it.each([
    ['cv.pdf', 'cv.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\jane\\cv.pdf', 'cv.pdf'],
    ['Zeugnis 03/2026.pdf', 'Zeugnis 03_2026.pdf'],
    ['CON', '_CON'],
    ['aux.txt', '_aux.txt'],
    ['.htaccess', 'htaccess'],
    ['name. . .', 'name'],
    ['a\u202egpj.exe', 'agpj.exe'],
    ['a\0b\r\n.pdf', 'ab .pdf'],
    ['..', ''],
    ['', ''],
  ])('makes %j safe', (raw, safe) => {
    expect(safeFilename(raw)).toBe(safe)
  })

  it('shortens by bytes and keeps the extension', () => {
    const name = safeFilename(`${'æ'.repeat(500)}.pdf`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    expect(name.endsWith('.pdf')).toBe(true)
  })

  it.each([
    ['application/pdf', 'cv.pdf', 'pdf', false],
    ['application/octet-stream', 'cv.docx', 'document', false],
    ['application/octet-stream', 'cv.docm', 'document', true],
    ['application/pdf', 'cv.pdf.exe', 'executable', true],
    ['application/octet-stream', 'cv.exe.pdf', 'pdf', true],
    ['application/x-msdownload', 'cv.pdf', 'pdf', true],
    ['text/html', 'page.html', 'text', true],
    ['image/svg+xml', 'logo.svg', 'image', true],
    ['application/zip', 'a.zip', 'archive', false],
    ['application/octet-stream', 'disk.iso', 'archive', true],
    ['message/rfc822', 'mail.eml', 'message', false],
    ['text/calendar', 'invite.ics', 'calendar', false],
    ['application/octet-stream', 'example.com.pdf', 'pdf', false],
  ] as const)('judges %s %s', (type, name, kind, dangerous) => {
    expect([attachmentKind(type, name), isDangerous(type, name, name)]).toEqual([kind, dangerous])
  })

  it('warns of names made to mislead', () => {
    expect(isDangerous('application/pdf', 'cv_fdp.pdf', 'cv_\u202efdp.pdf')).toBe(true)
    expect(isDangerous('application/pdf', 'cv.pdf', `cv.pdf${' '.repeat(50)}.pdf`)).toBe(true)
  })
})
