// Broken and extreme mail, each kind made by a few lines of code so that a corpus of any size needs no files. The bytes are
// the same on every run. `keeps` is a word a reader must still find in the text or the subject: a message may be
// damaged, but what its writer said must not get lost.
import { Buffer } from 'node:buffer'

export type MalformedMessage = {
  readonly name: string
  readonly keeps: string | null
  /** Over a megabyte: costs time and memory to make. */
  readonly big: boolean
  readonly build: () => Uint8Array
}

const word = 'Kjennetegn'
const head = ['From: Jane Doe <jane@example.org>', 'To: Recruiter <me@example.net>', 'Date: Tue, 3 Mar 2026 10:00:00 +0100', 'Message-ID: <malformed@example.org>', 'MIME-Version: 1.0']

/** Lines joined as mail asks for; each character one byte. */
function bytes(...lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

function message(fields: readonly string[], ...body: readonly string[]): Uint8Array {
  // Not spread into arguments: some bodies have more lines than a call can take.
  return Buffer.from([...head, ...fields, '', ...body].join('\r\n'), 'latin1')
}

const plain = 'Content-Type: text/plain; charset=utf-8'
const mixed = 'Content-Type: multipart/mixed; boundary="b1"'
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
const textPart = ['--b1', plain, '', `Hello ${word}`]
const pdf = ['--b1', 'Content-Type: application/pdf', 'Content-Disposition: attachment; filename="cv.pdf"', 'Content-Transfer-Encoding: base64', '']
const attached = (filename: string): Uint8Array =>
  message([mixed], ...textPart, '--b1', 'Content-Type: application/octet-stream', `Content-Disposition: attachment; ${filename}`, 'Content-Transfer-Encoding: base64', '', base64('content'), '--b1--', '')
const withCalendar = (...lines: readonly string[]): Uint8Array =>
  message(['Content-Type: multipart/alternative; boundary="b1"'], ...textPart, '--b1', 'Content-Type: text/calendar; method=REQUEST; charset=utf-8', '', ...lines, '--b1--', '')
const withTnef = (content: Uint8Array): Uint8Array =>
  message([mixed], ...textPart, '--b1', 'Content-Type: application/ms-tnef; name="winmail.dat"', 'Content-Transfer-Encoding: base64', '', Buffer.from(content).toString('base64'), '--b1--', '')
const tnefHead = (): Buffer => {
  const start = Buffer.alloc(6)
  start.writeUInt32LE(0x223e9f78, 0)
  return start
}

/** A generator that gives the same numbers on every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function noise(length: number, seed: number): Buffer {
  const next = numbers(seed)
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)))
}

type Entry = readonly [name: string, build: () => Uint8Array, keeps?: string | null]

const structure: readonly Entry[] = [
  ['empty message', () => new Uint8Array(0), null],
  ['a single line end', () => bytes('', ''), null],
  ['a single letter', () => bytes('x'), 'x'],
  ['no headers, only text', () => bytes(`Dear all, ${word} and nothing else.`, 'Second line')],
  ['headers without a body', () => bytes(...head, `Subject: ${word}`)],
  ['headers and the empty line, nothing after', () => bytes(...head, `Subject: ${word}`, '', '')],
  ['no empty line between headers and body', () => bytes(...head, `this line is no header but says ${word}`, 'and so does this one')],
  ['blank lines before the headers', () => Buffer.concat([Buffer.from('\r\n\r\n'), message([plain], word)])],
  ['mbox From line before the headers', () => Buffer.concat([Buffer.from('From jane@example.org Tue Mar  3 10:00:00 2026\r\n'), message([plain], word)])],
  ['CR only as line end', () => Buffer.from(message([plain], word).toString().replaceAll('\r\n', '\r')), null],
  ['real CR only line ends', () => Buffer.from([...head, plain, '', `Hello ${word}`, 'bye'].join('\r'), 'latin1')],
  ['bare LF as line end', () => Buffer.from([...head, mixed, '', ...textPart, '--b1--', ''].join('\n'), 'latin1')],
  ['mixed line ends', () => Buffer.from(`${head.join('\r\n')}\n${mixed}\r\n\n${textPart.join('\n')}\r\n--b1--\n`, 'latin1')],
  ['CR CR LF line ends', () => Buffer.from([...head, plain, '', word, ''].join('\r\r\n'), 'latin1')],
  ['missing final boundary', () => message([mixed], ...textPart)],
  ['missing final boundary in the middle of an attachment', () => message([mixed], ...textPart, ...pdf, base64('%PDF-1.4 cut').slice(0, 9))],
  ['boundary never appears', () => message([mixed], `Hello ${word}`, 'no delimiter anywhere')],
  ['boundary parameter missing', () => message(['Content-Type: multipart/mixed'], ...textPart, '--b1--', '')],
  ['boundary parameter empty', () => message(['Content-Type: multipart/mixed; boundary=""'], ...textPart, '--b1--', '')],
  ['boundary declared differently from the one used', () => message(['Content-Type: multipart/mixed; boundary="other"'], ...textPart, '--b1--', '')],
  ['boundary with spaces', () => message(['Content-Type: multipart/mixed; boundary="a b  c"'], '--a b  c', plain, '', word, '--a b  c--', '')],
  ['boundary with trailing spaces in the parameter', () => message(['Content-Type: multipart/mixed; boundary="b1  "'], ...textPart, '--b1--', '')],
  ['delimiter lines with trailing blanks', () => message([mixed], '--b1 \t ', plain, '', word, '--b1-- \t', '')],
  ['boundary of 2,000 characters', () => message([`Content-Type: multipart/mixed; boundary="${'x'.repeat(2000)}"`], `--${'x'.repeat(2000)}`, plain, '', word, `--${'x'.repeat(2000)}--`, '')],
  ['boundary with characters that need quoting, unquoted', () => message(['Content-Type: multipart/mixed; boundary=----=_Part_1:2?3(4)'], '------=_Part_1:2?3(4)', plain, '', word, '------=_Part_1:2?3(4)--', '')],
  ['boundary in eight-bit characters', () => message(['Content-Type: multipart/mixed; boundary="b\xf8\xe5"'], '--b\xf8\xe5', plain, '', word, '--b\xf8\xe5--', '')],
  ['boundary that is the beginning of another', () => message(['Content-Type: multipart/mixed; boundary="aa"'], '--aa', 'Content-Type: multipart/alternative; boundary="aab"', '', '--aab', plain, '', word, '--aab--', '--aa--', '')],
  ['inner boundary equal to the outer one', () => message([mixed], '--b1', 'Content-Type: multipart/alternative; boundary="b1"', '', ...textPart, '--b1--', '--b1--', '')],
  ['inner multipart never closed', () => message([mixed], '--b1', 'Content-Type: multipart/alternative; boundary="b2"', '', '--b2', plain, '', word, '--b1', plain, '', 'after', '--b1--', '')],
  ['text after the final boundary', () => message([mixed], ...textPart, '--b1--', '', 'an epilogue', '--b1', plain, '', 'more')],
  ['preamble longer than the parts', () => message([mixed], ...Array.from({ length: 500 }, () => 'This is a multi-part message in MIME format.'), ...textPart, '--b1--', '')],
  ['multipart with no parts', () => message([mixed], '--b1--', ''), null],
  ['multipart with only empty parts', () => message([mixed], '--b1', '', '--b1', '', '', '--b1--', ''), null],
  ['part without a header', () => message([mixed], '--b1', '', word, '--b1--', '')],
  ['part header that never ends', () => message([mixed], '--b1', 'Content-Type: text/plain', 'X-More: yes', '--b1--', '', word), null],
  ['part that begins with text instead of a header', () => message([mixed], '--b1', `${word} is said here`, '', 'more', '--b1--', '')],
  ['multipart in base64', () => message([mixed, 'Content-Transfer-Encoding: base64'], ...textPart, '--b1--', '')],
  ['content type without a subtype', () => message(['Content-Type: text'], word)],
  ['content type that is nonsense', () => message(['Content-Type: ;;;=?/'], word)],
  ['content type twice, different', () => message([plain, mixed], word)],
  ['every header twice', () => bytes(...head, ...head, `Subject: ${word}`, 'Subject: second', plain, plain, '', 'text')],
  ['mime version 7', () => message(['MIME-Version: 7.0 (produced by hand)', plain], word)],
  ['unknown transfer encoding', () => message([plain, 'Content-Transfer-Encoding: x-rot13'], word)],
  ['unknown multipart subtype', () => message(['Content-Type: multipart/x-invented; boundary="b1"'], ...textPart, '--b1--', '')],
  ['alternative with the plain text last', () => message(['Content-Type: multipart/alternative; boundary="b1"'], '--b1', 'Content-Type: text/html', '', `<p>${word}</p>`, ...textPart, '--b1--', '')],
  ['alternative of attachments only', () => message(['Content-Type: multipart/alternative; boundary="b1"'], ...pdf, base64('%PDF-1.4'), '--b1--', ''), null],
  ['text body declared as attachment', () => message([plain, 'Content-Disposition: attachment'], word), null],
  ['uuencoded file in the text', () => message([plain], `Hello ${word}`, '', 'begin 644 cv.txt', '#0V%T', '`', 'end', 'after')],
  ['uuencoded file without an end', () => message([plain], `Hello ${word}`, 'begin 644 cv.txt', '#0V%T')],
  ['the word begin in ordinary prose', () => message([plain], 'begin 644 times', `and ${word} follows`)],
  ['yenc', () => message([plain], `Hello ${word}`, '=ybegin line=128 size=12 name=x.bin', 'r\x8f\x96\x96\x99Vz\x9b\x9e', '=yend size=12')],
  ['binary noise', () => noise(50_000, 1), null],
  ['binary noise after real headers', () => Buffer.concat([message([plain], word, ''), noise(50_000, 2)]), null],
  ['delivery report', () =>
    message(['Content-Type: multipart/report; report-type=delivery-status; boundary="b1"'], ...textPart, '--b1', 'Content-Type: message/delivery-status', '', 'Final-Recipient: rfc822; x@example.org', 'Action: failed', 'Status: 5.1.1', '--b1', 'Content-Type: message/rfc822', '', ...head, '', 'original', '--b1--', '')],
  ['attached message without headers', () => message([mixed], ...textPart, '--b1', 'Content-Type: message/rfc822', '', 'just text', '--b1--', '')],
  ['attached message in base64', () => message([mixed], ...textPart, '--b1', 'Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', base64(`${head.join('\r\n')}\r\n\r\ninner`), '--b1--', '')],
  ['partial message', () => message(['Content-Type: message/partial; id="x"; number=2; total=5'], word), null],
  ['external body', () => message([mixed], ...textPart, '--b1', 'Content-Type: message/external-body; access-type=URL; URL="http://127.0.0.1/x"', '', 'Content-Type: image/png', '', '--b1--', '')],
  ['encrypted by s/mime', () => message(['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'Content-Transfer-Encoding: base64'], base64('not really')), null],
  ['encrypted by openpgp', () => message(['Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b1"'], '--b1', 'Content-Type: application/pgp-encrypted', '', 'Version: 1', '--b1', 'Content-Type: application/octet-stream', '', '-----BEGIN PGP MESSAGE-----', '--b1--', ''), null],
]

const encodings: readonly Entry[] = [
  ['base64 cut in the middle of a group', () => message([plain, 'Content-Transfer-Encoding: base64'], base64(`Hello ${word} and more`).slice(0, -3))],
  ['base64 with junk between the letters', () => message([plain, 'Content-Transfer-Encoding: base64'], base64(`Hello ${word}`).replace(/(.{5})/g, '$1 !*%\r\n'))],
  ['base64 that is plain text', () => message([plain, 'Content-Transfer-Encoding: base64'], 'This is not base64 at all, sorry.'), null],
  ['two base64 texts glued together', () => message([plain, 'Content-Transfer-Encoding: base64'], base64('A ') + base64(`and ${word}`), base64(' too'))],
  ['base64 on one line of a megabyte', () => message([plain, 'Content-Transfer-Encoding: base64'], base64(`${word} ${'lorem ipsum '.repeat(70_000)}`))],
  ['base64 letters one per line', () => message([plain, 'Content-Transfer-Encoding: base64'], ...base64(`Hello ${word}`).split(''))],
  ['quoted-printable with broken escapes', () => message([plain, 'Content-Transfer-Encoding: quoted-printable'], `=ZZ =3 = =C3=B8 ${word} =`, 'next=3')],
  ['quoted-printable in lower case hex', () => message([plain, 'Content-Transfer-Encoding: quoted-printable'], `s=c3=b8knad ${word}`)],
  ['quoted-printable soft break at the end', () => message([plain, 'Content-Transfer-Encoding: quoted-printable'], `${word}=`)],
  ['quoted-printable soft breaks with blanks after them', () => message([plain, 'Content-Transfer-Encoding: quoted-printable'], `Kjenne=  `, 'tegn')],
  ['eight bit text declared seven bit', () => message(['Content-Type: text/plain; charset=us-ascii', 'Content-Transfer-Encoding: 7bit'], `${word} \xe5\xe6\xf8`)],
  ['utf-8 declared as latin-1', () => message(['Content-Type: text/plain; charset=iso-8859-1'], `${word} ${Buffer.from('blåbær').toString('latin1')}`), 'blåbær'],
  ['latin-1 declared as utf-8', () => message([plain], `${word} bl\xe5b\xe6r`), 'blåbær'],
  ['windows-1252 declared as latin-1', () => message(['Content-Type: text/plain; charset=iso-8859-1'], `${word} \x93quoted\x94 \x80 50`), '€ 50'],
  ['no charset, utf-8', () => message(['Content-Type: text/plain'], Buffer.from(`${word} blåbær`).toString('latin1')), 'blåbær'],
  ['no charset, latin-1', () => message(['Content-Type: text/plain'], `${word} bl\xe5b\xe6r`), 'blåbær'],
  ['charset nobody knows', () => message(['Content-Type: text/plain; charset=x-klingon'], `${word} bl\xe5b\xe6r`)],
  ['charset that is a method name', () => message(['Content-Type: text/plain; charset=constructor'], word)],
  ['charset that is an encoding of the converter', () => message(['Content-Type: text/plain; charset=base64'], word)],
  ['charset of a thousand characters', () => message([`Content-Type: text/plain; charset=${'x'.repeat(1000)}`], word)],
  ['charset in quotes with blanks', () => message(['Content-Type: text/plain; charset=" UTF-8 "'], word)],
  ['utf-7', () => message(['Content-Type: text/plain; charset=utf-7'], `${word} bl+AOU-b+AOY-r`), 'blåbær'],
  ['iso-8859-8-i', () => message(['Content-Type: text/plain; charset=iso-8859-8-i'], `${word} \xf9\xec\xe5\xed`), 'שלום'],
  ['windows-874', () => message(['Content-Type: text/plain; charset=windows-874'], `${word} \xca\xc7\xd1\xca\xb4\xd5`), 'สวัสดี'],
  ['koi8-r', () => message(['Content-Type: text/plain; charset=koi8-r'], `${word} \xf0\xd2\xc9\xd7\xc5\xd4`), 'Привет'],
  ['iso-2022-jp', () => message(['Content-Type: text/plain; charset=iso-2022-jp'], `${word} \x1b$B$3$s\x1b(B`), 'こん'],
  ['iso-2022-kr', () => message(['Content-Type: text/plain; charset=iso-2022-kr'], word)],
  ['hz-gb-2312', () => message(['Content-Type: text/plain; charset=hz-gb-2312'], word)],
  ['big5 and gb18030 in one message', () => message([mixed], '--b1', 'Content-Type: text/plain; charset=big5', '', `${word} \xa7A\xa6n`, '--b1', 'Content-Type: text/plain; charset=gb18030', '', '\xc4\xe3\xba\xc3', '--b1--', ''), '你好'],
  ['utf-16 with a byte order mark', () => Buffer.concat([message(['Content-Type: text/plain; charset=utf-16'], ''), Buffer.from([0xff, 0xfe]), Buffer.from(`${word} blåbær`, 'utf16le')]), 'blåbær'],
  ['utf-16 big endian without a mark', () => Buffer.concat([message(['Content-Type: text/plain; charset=utf-16'], ''), Buffer.from(`${word} bær`, 'utf16le').swap16()])],
  ['utf-16 of an odd number of bytes', () => Buffer.concat([message(['Content-Type: text/plain; charset=utf-16le', 'Content-Transfer-Encoding: binary'], ''), Buffer.from(word, 'utf16le'), Buffer.from([0x41])])],
  ['utf-16 half a surrogate pair', () => Buffer.concat([message(['Content-Type: text/plain; charset=utf-16le'], ''), Buffer.from(`${word} \ud83d end`, 'utf16le')])],
  ['utf-32', () => message(['Content-Type: text/plain; charset=utf-32le'], Array.from(word, (char) => `${char}\0\0\0`).join(''))],
  ['utf-8 byte order mark before the text', () => message([plain], `\xef\xbb\xbf${word}`)],
  ['utf-8 byte order mark before the headers', () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), message([plain], word)])],
  ['utf-8 cut in the middle of a character', () => Buffer.concat([message([plain], word), Buffer.from([0xc3])])],
  ['overlong and impossible utf-8', () => message([plain], `${word} \xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80\xff`)],
  ['html with its own charset and none in the header', () => message(['Content-Type: text/html'], `<html><head><meta charset="windows-1251"></head><body>${word} \xcf\xf0\xe8\xe2\xe5\xf2</body></html>`), 'Привет'],
  ['html that claims to be utf-16 and is not', () => message(['Content-Type: text/html'], `<meta http-equiv="Content-Type" content="text/html; charset=utf-16"><p>${word}</p>`)],
  ['nul bytes in the text', () => message([plain], `Kjenne\0tegn \0\0\0 end`)],
  ['nul bytes in the headers', () => message([`Subject: Kjenne\0tegn`, plain], 'text')],
  ['control characters everywhere', () => message([plain], `\x01\x02${word}\x07\x1b[31m\x7f`)],
]

const headers: readonly Entry[] = [
  ['a header line of a megabyte', () => message([`X-Long: ${'a'.repeat(1_000_000)}`, plain], word)],
  ['a subject of a megabyte', () => message([`Subject: ${word} ${'a'.repeat(1_000_000)}`, plain], 'text')],
  ['50,000 header fields', () => message([...Array.from({ length: 50_000 }, (_, i) => `X-${i}: ${i}`), plain], word)],
  ['a header folded over 50,000 lines', () => message([`Subject: ${word}`, ...Array.from({ length: 50_000 }, () => ' x'), plain], 'text')],
  ['20,000 references', () => message([`References: ${Array.from({ length: 20_000 }, (_, i) => `<${i}@example.org>`).join('\r\n ')}`, plain], word)],
  ['the same reference 5,000 times', () => message([`References: ${'<same@example.org> '.repeat(5_000)}`, plain], word)],
  ['references without brackets', () => message(['References: one@example.org, two@example.org', plain], word)],
  ['message ids with blanks and without brackets', () => bytes('From: jane@example.org', 'Message-ID: spaced out@example.org', 'In-Reply-To: Your mail of Monday <a b@example.org>', plain, '', word)],
  ['10,000 recipients', () => message([`Cc: ${Array.from({ length: 10_000 }, (_, i) => `"Person ${i}" <p${i}@example.org>`).join(',\r\n ')}`, plain], word)],
  ['200 To fields', () => message([...Array.from({ length: 200 }, (_, i) => `To: p${i}@example.org`), plain], word)],
  ['address groups nested 5,000 deep', () => message([`To: ${'g:'.repeat(5_000)}a@example.org${';'.repeat(5_000)}`, plain], word)],
  ['comments nested 5,000 deep', () => message([`To: ${'('.repeat(5_000)}x${')'.repeat(5_000)} a@example.org`, plain], word)],
  ['comments that never close', () => message([`Cc: ${'('.repeat(50_000)}`, plain], word)],
  ['quotes that never close', () => message(['Cc: "Doe, Jane <jane@example.org>, "Bob" <bob@example.org>', plain], word)],
  ['100,000 opening brackets', () => message([`Cc: ${'<a '.repeat(100_000)}`, plain], word)],
  ['addresses that are only commas', () => message([`Cc: ${','.repeat(100_000)}`, plain], word)],
  ['an address of 100,000 characters', () => message([`Cc: ${'a'.repeat(50_000)}@${'b'.repeat(50_000)}`, plain], word)],
  ['undisclosed recipients', () => bytes('From: jane@example.org', 'To: undisclosed-recipients:;', plain, '', word)],
  ['no sender', () => bytes('To: me@example.net', `Subject: ${word}`, '', 'text')],
  ['empty sender', () => bytes('From:', 'To: <>', `Subject: ${word}`, '', 'text')],
  ['several authors', () => bytes('From: Jane <jane@example.org>, Bob <bob@example.org>', 'Sender: Office <office@example.org>', plain, '', word)],
  ['an encoded word that hides an address', () => bytes(`From: =?utf-8?B?${base64('boss@example.com <boss@example.com>')}?= <evil@example.org>`, plain, '', word)],
  ['direction marks in the sender', () => bytes(`From: =?utf-8?B?${base64('\u202emoc.elpmaxe@ssob\u202c')}?= <evil@example.org>`, plain, '', word)],
  ['raw utf-8 headers', () => bytes(Buffer.from('From: Jørgen Ås <jørgen@eksempel.no>').toString('latin1'), Buffer.from(`Subject: ${word} på norsk`).toString('latin1'), plain, '', 'text')],
  ['raw latin-1 headers', () => bytes('From: J\xf8rgen <j@example.no>', `Subject: ${word} p\xe5 norsk`, plain, '', 'text'), 'på norsk'],
  ['encoded word of an unknown charset', () => message([`Subject: =?x-unknown?B?${base64(word)}?=`, plain], 'text')],
  ['encoded word that never ends', () => message([`Subject: ${word} =?utf-8?Q?half`, plain], 'text')],
  ['encoded word with blanks inside', () => message([`Subject: =?utf-8?Q?${word} and more?=`, plain], 'text')],
  ['encoded word with broken base64', () => message([`Subject: ${word} =?utf-8?B?####?= end`, plain], 'text')],
  ['encoded words cut inside a character', () => message(['Subject: =?utf-8?B?S2plbm5ldGVnbiBibMM=?= =?utf-8?B?pWLDpnI=?=', plain], 'text'), 'blåbær'],
  ['50,000 encoded words', () => message([`Subject: ${word} ${'=?utf-8?Q?a?= '.repeat(50_000)}`, plain], 'text')],
  ['50,000 beginnings of encoded words', () => message([`Subject: ${word} ${'=?utf-8?Q?'.repeat(50_000)}`, plain], 'text')],
  ['header line without a colon', () => message(['this is no header', `Subject: ${word}`, plain], 'text')],
  ['header name with blanks before the colon', () => message([`Subject  : ${word}`, plain], 'text')],
  ['header continued before the first field', () => bytes('  continued from nowhere', ...head, `Subject: ${word}`, '', 'text'), null],
  ['date of the year -5', () => bytes(...head.filter((line) => !line.startsWith('Date')), 'Date: Tue, 3 Mar -5 10:00:00 +0100', '', word)],
  ['date of the year 99999', () => bytes(...head.filter((line) => !line.startsWith('Date')), 'Date: Tue, 3 Mar 99999 10:00:00 +0100', '', word)],
  ['date of the 45th of Nonsense', () => bytes(...head.filter((line) => !line.startsWith('Date')), 'Date: Foo, 45 Non 2026 77:99:99 +9999', '', word)],
  ['date in two digits', () => bytes(...head.filter((line) => !line.startsWith('Date')), 'Date: 3 Mar 26 10:00 EST', '', word)],
  ['date of a megabyte', () => bytes(...head.filter((line) => !line.startsWith('Date')), `Date: ${'1 '.repeat(500_000)}`, '', word)],
  ['no date', () => bytes(...head.filter((line) => !line.startsWith('Date')), '', word)],
]

const names: readonly Entry[] = [
  ['file name that climbs out of its folder', () => attached('filename="../../../../etc/passwd"')],
  ['file name with a Windows path', () => attached('filename="C:\\\\Windows\\\\system32\\\\evil.dll"')],
  ['file name that is a Windows device', () => attached('filename="CON"')],
  ['file name that is a Windows device with an extension', () => attached('filename="aux.pdf"')],
  ['file name with a nul byte', () => attached('filename="cv.pdf\0.exe"')],
  ['file name with line ends', () => attached("filename*=utf-8''cv%0d%0aX-Header:%20evil.pdf")],
  ['file name turned around by direction marks', () => attached("filename*=utf-8''cv_%E2%80%AEfdp.exe")],
  ['file name with two extensions', () => attached('filename="invoice.pdf.exe"')],
  ['file name padded with blanks', () => attached(`filename="cv.pdf${' '.repeat(200)}.exe"`)],
  ['file name of dots', () => attached('filename=".."')],
  ['file name that is empty', () => attached('filename=""')],
  ['file name of 5,000 characters', () => attached(`filename="${'æ'.repeat(5_000)}.pdf"`)],
  ['file name in encoded words', () => attached(`filename="=?utf-8?B?${base64('Søknad.pdf')}?="`)],
  ['file name in raw utf-8', () => attached(`filename="${Buffer.from('Søknad.pdf').toString('latin1')}"`)],
  ['file name in parts, out of order', () => attached("filename*1*=%20del%202.pdf; filename*0*=utf-8''S%C3%B8knad")],
  ['file name in parts, one missing', () => attached("filename*0*=utf-8''S%C3%B8; filename*2=knad.pdf")],
  ['file name in parts with broken escapes', () => attached("filename*0*=utf-8''S%C3%ZZ%; filename*1*=knad%.pdf")],
  ['file name in 5,000 parts', () => attached(Array.from({ length: 5_000 }, (_, i) => `filename*${i}="x"`).join('; '))],
  ['file name in a charset nobody knows', () => attached("filename*=x-none'en'S%F8knad.pdf")],
  ['file name unquoted with blanks and brackets', () => attached('filename=My CV (final version).pdf')],
  ['file name quoted and never closed', () => attached('filename="cv.pdf')],
  ['file name only of what file systems refuse', () => attached('filename="<>:|?*"')],
]

const contained: readonly Entry[] = [
  ['winmail.dat of noise', () => withTnef(noise(5_000, 3))],
  ['winmail.dat with nothing in it', () => withTnef(tnefHead())],
  ['winmail.dat with a length beyond its end', () => withTnef(Buffer.concat([tnefHead(), Buffer.from([2, 0x0f, 0x80, 0, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3])]))],
  ['winmail.dat of noise after a good beginning', () => withTnef(Buffer.concat([tnefHead(), Buffer.from([1, 0x03, 0x90, 6, 0, 0x88, 0x13, 0, 0]), noise(5_000, 4)]))],
  ['winmail.dat of 20,000 attributes', () => withTnef(Buffer.concat([tnefHead(), ...Array.from({ length: 20_000 }, () => Buffer.from([2, 0x02, 0x90, 6, 0, 0, 0, 0, 0, 0, 0]))]))],
  ['winmail.dat that is empty', () => withTnef(new Uint8Array(0))],
  ['calendar that breaks off', () => withCalendar('BEGIN:VCALENDAR', 'METHOD:REQUEST', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:Interview', 'DTSTART:20260303T1000')],
  ['calendar that is no calendar', () => withCalendar('this is not a calendar', 'at all')],
  ['calendar with a date that is none', () => withCalendar('BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'DTSTART:20269999T999999Z', 'DTEND:tomorrow', 'END:VEVENT', 'END:VCALENDAR')],
  ['calendar with an unknown zone', () => withCalendar('BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;TZID=Middle-earth/Shire:20260303T100000', 'END:VEVENT', 'END:VCALENDAR')],
  ['calendar that repeats every second for ever', () => withCalendar('BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'DTSTART:20260303T100000Z', 'RRULE:FREQ=SECONDLY;INTERVAL=1', 'END:VEVENT', 'END:VCALENDAR')],
  ['calendar whose zone changes every second', () =>
    withCalendar('BEGIN:VCALENDAR', 'BEGIN:VTIMEZONE', 'TZID:Odd', 'BEGIN:STANDARD', 'DTSTART:16010101T000000', 'RRULE:FREQ=SECONDLY', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;TZID=Odd:20260303T100000', 'END:VEVENT', 'END:VCALENDAR')],
  ['calendar nested 5,000 deep', () => withCalendar(...Array.from({ length: 5_000 }, () => 'BEGIN:VEVENT'))],
  ['calendar with 20,000 attendees', () => withCalendar('BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'DTSTART:20260303T100000Z', ...Array.from({ length: 20_000 }, (_, i) => `ATTENDEE;CN=P${i}:mailto:p${i}@example.org`), 'END:VEVENT', 'END:VCALENDAR')],
  ['calendar lines without colons', () => withCalendar('BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'SUMMARY', 'DTSTART;TZID', 'X-;=:', 'UID:1', 'SUMMARY:Interview', 'END:VEVENT', 'END:VCALENDAR')],
]

function nestedMultipart(depth: number): Uint8Array {
  const lines: string[] = [...head]
  for (let i = 0; i < depth; i++) lines.push(`Content-Type: multipart/mixed; boundary="n${i}"`, '', `--n${i}`)
  lines.push(plain, '', word)
  for (let i = depth - 1; i >= 0; i--) lines.push(`--n${i}--`)
  return bytes(...lines, '')
}

function nestedMessages(depth: number): Uint8Array {
  const lines: string[] = []
  for (let i = 0; i < depth; i++) lines.push(`Subject: ${word} ${i}`, 'Content-Type: message/rfc822', '')
  return bytes(...lines, 'Subject: innermost', plain, '', 'text')
}

const html = (...body: readonly string[]): Uint8Array => message(['Content-Type: text/html; charset=utf-8'], ...body)

const extremes: readonly Entry[] = [
  ['multipart nested 1,000 deep', () => nestedMultipart(1_000), null],
  ['multipart nested 40 deep', () => nestedMultipart(40)],
  ['attached messages nested 1,000 deep', () => nestedMessages(1_000)],
  ['20,000 parts', () => message([mixed], ...textPart, ...Array.from({ length: 20_000 }, () => '--b1\r\n\r\nx'), '--b1--', '')],
  ['100,000 delimiter lines', () => message([mixed], ...textPart, '--b1\r\n'.repeat(99_999) + '--b1', '--b1--', '')],
  ['a million lines that almost are delimiters', () => message([mixed], ...textPart, '--b'.concat('\r\n--b'.repeat(1_000_000)), '--b1--', '')],
  ['a delimiter without end', () => message([mixed], ...textPart, `--b1${'-'.repeat(2_000_000)}`)],
  ['two megabytes of empty lines', () => message([plain], word, '\r\n'.repeat(1_000_000))],
  ['one line of five megabytes', () => message([plain], `${word} ${'x'.repeat(5_000_000)}`)],
  ['a million quote marks', () => message([plain], `Hello ${word}`, '>'.repeat(1_000_000))],
  ['100,000 quoted lines with a growing depth', () => message([plain], `Hello ${word}`, ...Array.from({ length: 2_000 }, (_, i) => `${'>'.repeat(i % 300)} line`))],
  ['100,000 lines that look like attributions', () => message([plain], `Hello ${word}`, 'On Monday, 3 March 2026 at 10:00 Jane Doe <jane@example.org>\r\n'.repeat(100_000))],
  ['100,000 header-like lines in the text', () => message([plain], `Hello ${word}`, 'From: x\r\n'.repeat(100_000))],
  ['50 MB of text', () => Buffer.concat([message([plain], word, ''), Buffer.alloc(50 * 1024 * 1024, 'All work and no play makes Jack a dull boy.\r\n')])],
  ['50 MB attachment', () => Buffer.concat([message([mixed], ...textPart, ...pdf), Buffer.alloc(50 * 1024 * 1024, `${'QUJD'.repeat(19)}\r\n`), Buffer.from('\r\n--b1--\r\n')])],
  ['20 MB of markup', () => Buffer.concat([html(`<p>${word}</p>`), Buffer.alloc(20 * 1024 * 1024, '<table><tr><td>x</td></tr></table>')])],
  ['html nested 200,000 deep', () => html(`<p>${word}</p>`, '<div>'.repeat(200_000))],
  ['html with 200,000 unclosed links', () => html(`<p>${word}</p>`, '<a href="http://example.org/">'.repeat(200_000))],
  ['html with 100,000 comments that never close', () => html(`<p>${word}</p>`, '<!--'.repeat(100_000))],
  ['html with an attribute that never closes', () => html(`<p>${word}</p>`, `<a href="${'x'.repeat(1_000_000)}`)],
  ['html of a million less-than signs', () => html(`<p>${word}</p>`, '<'.repeat(1_000_000))],
  ['html of a million ampersands', () => html(`<p>${word}</p>`, '&'.repeat(1_000_000))],
  ['html with a style of a megabyte', () => html(`<style>${'.a{color:red}'.repeat(80_000)}</style><p>${word}</p>`)],
  ['html with a style nested 100,000 deep', () => html(`<style>${'@media screen{'.repeat(100_000)}</style><p>${word}</p>`)],
  ['html with 50,000 attributes', () => html(`<p ${Array.from({ length: 50_000 }, (_, i) => `a${i}=1`).join(' ')}>${word}</p>`)],
  ['html without any tag', () => html(word)],
  ['html that is only a doctype', () => html('<!doctype html>'), null],
  ['html in plain text', () => message([plain], `<b>${word}</b>`)],
]

function entries(list: readonly Entry[], big: ReadonlySet<string>): MalformedMessage[] {
  return list.map(([name, build, keeps]) => ({ name, build, keeps: keeps === undefined ? word : keeps, big: big.has(name) }))
}

const big = new Set(['50 MB of text', '50 MB attachment', '20 MB of markup', 'one line of five megabytes', 'a million lines that almost are delimiters', '20,000 parts', 'two megabytes of empty lines'])

/** Every kind, in a fixed order. Names are unique. */
export const malformedMessages: readonly MalformedMessage[] = [structure, encodings, headers, names, contained, extremes].flatMap((list) => entries(list, big))
