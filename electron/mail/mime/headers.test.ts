import { describe, expect, it } from 'vitest'
import { readAddresses } from './addresses.ts'
import { decodeHeaderText } from './encoded-word.ts'
import { readStructured } from './header-fields.ts'
import { parseHeaders } from './headers.ts'
import { readDate } from './mail-date.ts'

const headers = (...lines: readonly string[]) => parseHeaders(Buffer.from(`${lines.join('\r\n')}\r\n\r\nbody: no header`, 'latin1'))
const people = (raw: string): readonly string[] => readAddresses(raw, 100).addresses.map((one) => `${one.name}|${one.address}`)

describe('addresses', () => {
  it.each([
    ['jane@x.no', ['|jane@x.no']],
    ['Jane Doe <jane@x.no>', ['Jane Doe|jane@x.no']],
    ['"Doe, Jane" <jane@x.no>, bob@x.no', ['Doe, Jane|jane@x.no', '|bob@x.no']],
    ['Doe, Jane <jane@x.no>; bob@x.no', ['Doe, Jane|jane@x.no', '|bob@x.no']],
    ['jane@x.no (Jane Doe)', ['Jane Doe|jane@x.no']],
    ['Team: a@x.no, "B" <b@x.no>;, c@x.no', ['|a@x.no', 'B|b@x.no', '|c@x.no']],
    ['undisclosed-recipients:;', []],
    ['=?utf-8?Q?J=C3=B8rgen_=C3=85s?= <j@x.no>', ['Jørgen Ås|j@x.no']],
    ['"=?utf-8?Q?J=C3=B8rgen?=" <j@x.no>', ['Jørgen|j@x.no']],
    ['=?utf-8?B?Ym9zc0B4Lm5vIDxib3NzQHgubm8+?= <evil@y.no>', ['boss@x.no <boss@x.no>|evil@y.no']],
    ['<jane@x.no>', ['|jane@x.no']],
    ['jane@x.no <jane@x.no>', ['|jane@x.no']],
    ["'jane@x.no' <jane@x.no>", ['|jane@x.no']],
    ['"Jane \\"JD\\" Doe" <jane@x.no>', ['Jane "JD" Doe|jane@x.no']],
    ['"john doe"@x.no', ['|"john doe"@x.no']],
    ['<@relay.example:jane@x.no>', ['|jane@x.no']],
    ['MAILER-DAEMON', ['|MAILER-DAEMON']],
    ['Mail Delivery System', ['Mail Delivery System|']],
    ['Jane <jane@x.no', ['Jane|jane@x.no']],
    ['שרה כהן <sara@x.il>', ['שרה כהן|sara@x.il']],
    ['', []],
    [',,,;', []],
  ] as const)('reads %s', (raw, expected) => {
    expect(people(Buffer.from(raw, 'utf8').toString('latin1'))).toEqual(expected)
  })

  it('takes direction overrides and control characters out of what is shown', () => {
    expect(people('=?utf-8?B?4oCubW9jLmVscG1heGVAc3NvYg==?= <evil@x.no>')).toEqual(['moc.elpmaxe@ssob|evil@x.no'])
  })

  it('counts what it does not list', () => {
    const read = readAddresses(Array.from({ length: 300 }, (_, i) => `p${i}@x.no`).join(','), 100)
    expect([read.addresses.length, read.total]).toEqual([100, 300])
  })
})

describe('encoded words', () => {
  it.each([
    ['plain', 'plain'],
    ['=?utf-8?q?a_b=20c?=', 'a b c'],
    ['=?utf-8?B?w6Y=?= =?utf-8?B?w7g=?=', 'æø'],
    ['=?utf-8?B?w6?= =?utf-8?B?Y=?=', 'æ'],
    ['=?iso-8859-1?Q?=E6?= og =?utf-8?Q?=C3=B8?=', 'æ og ø'],
    ["=?utf-8*nb?Q?bl=C3=A5?=", 'blå'],
    ['=?utf-8?Q?half', '=?utf-8?Q?half'],
    ['=?unknown?Q?x?=', 'x'],
    ['=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=', 'こん'],
    ['1 =? 2 ?= 3', '1 =? 2 ?= 3'],
  ])('reads %s', (raw, expected) => {
    expect(decodeHeaderText(raw)).toBe(expected)
  })
})

describe('structured values', () => {
  it.each([
    ['text/plain; charset="utf-8"', 'text/plain', { charset: 'utf-8' }],
    ['text/plain; charset=us-ascii (Plain text)', 'text/plain', { charset: 'us-ascii' }],
    ['multipart/mixed; flag; boundary="a;b"; boundary=c', 'multipart/mixed', { flag: '', boundary: 'a;b' }],
    ["a; filename*=iso-8859-1'no'S%F8knad.pdf", 'a', { filename: 'Søknad.pdf' }],
    ['a; filename*0="long "; filename*1="name.pdf"', 'a', { filename: 'long name.pdf' }],
    ["a; filename=plain.pdf; filename*=utf-8''b%C3%A5de.pdf", 'a', { filename: 'både.pdf' }],
    ['a; name="=?utf-8?Q?S=C3=B8knad.pdf?="', 'a', { name: 'Søknad.pdf' }],
    ['a; name="C:\\\\dir\\\\file.txt"', 'a', { name: 'C:\\dir\\file.txt' }],
    ['', '', {}],
  ])('reads %s', (raw, value, params) => {
    const read = readStructured(raw)
    expect(read.value).toBe(value)
    expect(Object.fromEntries(read.params)).toEqual(params)
  })
})

describe('dates', () => {
  it.each([
    ['Tue, 3 Mar 2026 10:00:00 +0100', '2026-03-03T09:00:00.000Z'],
    ['3 Mar 26 10:00 EST', '2026-03-03T15:00:00.000Z'],
    ['Tue, 03 Mar 2026 10:00:00 +0100 (CET)', '2026-03-03T09:00:00.000Z'],
    ['Tue, 3 March 2026 10.00.00 GMT', '2026-03-03T10:00:00.000Z'],
    ['Tue Mar  3 10:00:00 2026', '2026-03-03T10:00:00.000Z'],
    ['Tue, 3 Mar 2026 10:00:00', '2026-03-03T10:00:00.000Z'],
    ['2026-03-03T10:00:00+01:00', '2026-03-03T09:00:00.000Z'],
    ['Tue, 3 Mar 2026 10:00:00 +01:00', '2026-03-03T09:00:00.000Z'],
    ['Tue, 3 Mar 2026 10:00:00 +9999', '2026-03-03T10:00:00.000Z'],
    ['Tue, 3 Mar 126 10:00:00 +0000', '2026-03-03T10:00:00.000Z'],
  ])('reads %s', (raw, iso) => {
    expect(new Date(readDate(raw) ?? Number.NaN).toISOString()).toBe(iso)
  })

  it.each(['', 'tomorrow', 'Tue, 45 Non 2026 10:00:00', 'Tue, 3 Mar 99999 10:00:00', 'Thu, 1 Jan 1903 00:00:00 +0000', '1 1 1'])('reads nothing from %s', (raw) => {
    expect(readDate(raw)).toBeNull()
  })
})

describe('parseHeaders', () => {
  it('reads ids without brackets, references oldest first and without repeats', () => {
    const read = headers('Message-ID: <m@x>', 'In-Reply-To: <c@x>', 'References: <a@x> <b@x>', '\t<a@x> <c@x>')
    expect(read).toMatchObject({ messageId: 'm@x', inReplyTo: 'c@x', references: ['a@x', 'b@x', 'c@x'] })
  })

  it('keeps the first and the last 99 of a long chain', () => {
    const { references } = headers(`References: ${Array.from({ length: 500 }, (_, i) => `<${i}@x>`).join(' ')}`)
    expect([references.length, references[0], references[1], references.at(-1)]).toEqual([100, '0@x', '401@x', '499@x'])
  })

  it('reads raw utf-8 and latin-1', () => {
    expect(headers(`Subject: ${Buffer.from('blåbær').toString('latin1')}`).subject).toBe('blåbær')
    expect(headers('Subject: bl\xe5b\xe6r').subject).toBe('blåbær')
  })

  it('tells who wrote it', () => {
    expect(headers('From: a@x', 'Auto-Submitted: auto-replied').automatic).toBe('reply')
    expect(headers('From: a@x', 'Auto-Submitted: no').automatic).toBeNull()
    expect(headers('From: a@x', 'Auto-Submitted: auto-generated').automatic).toBe('notice')
    expect(headers('From: MAILER-DAEMON@x', 'Return-Path: <>').automatic).toBe('bounce')
    expect(headers('From: a@x', 'List-Unsubscribe: <https://x/u>').automatic).toBe('bulk')
    expect(headers('From: a@x', 'List-Id: Talk <talk.x>', 'List-Post: <mailto:talk@x>', 'List-Unsubscribe: <https://x/u>').automatic).toBeNull()
  })

  it('reads how to leave a list', () => {
    expect(headers('List-Unsubscribe: <mailto:off@x?subject=off>,', ' <https://x/off>', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click').listUnsubscribe).toEqual({ mailto: 'mailto:off@x?subject=off', url: 'https://x/off', oneClick: true })
    expect(headers('List-Unsubscribe: <javascript:alert(1)>').listUnsubscribe).toBeNull()
  })

  it('keeps the first of a repeated field and joins repeated recipients', () => {
    const read = headers('Subject: one', 'Subject: two', 'To: a@x', 'To: b@x')
    expect(read.subject).toBe('one')
    expect(read.to.map((one) => one.address)).toEqual(['a@x', 'b@x'])
  })

  it('knows who sent a message on', () => {
    expect(headers('From: a@x', 'Resent-From: Hub <hub@x>', 'Resent-To: me@x').resent).toMatchObject({ from: { name: 'Hub', address: 'hub@x' }, to: [{ address: 'me@x' }] })
    expect(headers('From: a@x').resent).toBeNull()
  })

  it('reads when the last server took it', () => {
    expect(headers('Received: from a by b; Tue, 3 Mar 2026 10:00:05 +0000', 'Received: from c by a; Tue, 3 Mar 2026 09:00:00 +0000').receivedAt).toBe(Date.UTC(2026, 2, 3, 10, 0, 5))
  })

  it('never throws', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from(':'), Buffer.from('a:'), Buffer.alloc(1000, 0x3a), Buffer.alloc(1000, 0x28), Buffer.from([255, 254, 0, 1])]) expect(() => parseHeaders(bytes)).not.toThrow()
  })
})
