import { describe, expect, it } from 'vitest'
import { parseHeaders } from '../mime/headers.ts'
import { readMailto } from './mailto.ts'
import { replyRecipients, type Answered } from './reply-recipients.ts'
import { bareSubject, forwardSubject, replySubject } from './subject-prefix.ts'

const at = (...names: string[]) => names.map((name) => ({ name: name.toUpperCase(), address: `${name}@x.example` }))
const own = new Set(['me@x.example', 'alias@x.example'])
const mail = (changed: Partial<Answered> = {}): Answered => ({ from: at('ada')[0] ?? null, replyTo: [], to: at('me'), cc: [], listPost: null, followupTo: [], ...changed })
const who = (list: readonly { address: string }[]): string[] => list.map((one) => one.address.split('@')[0] ?? '')
const answer = (message: Answered, everyone = false): [string[], string[]] => {
  const { to, cc } = replyRecipients(message, everyone, own)
  return [who(to), who(cc)]
}

describe('an answer', () => {
  it('goes to whoever wrote, or where they asked', () => {
    expect(answer(mail())).toEqual([['ada'], []])
    expect(answer(mail({ replyTo: at('desk', 'ada') }))).toEqual([['desk', 'ada'], []])
  })
  it('to all leaves our own addresses out and names each person once', () => {
    expect(answer(mail({ to: at('me', 'bo', 'ada'), cc: at('alias', 'cy', 'bo', 'cy') }), true)).toEqual([['ada', 'bo'], ['cy']])
  })
  it('to our own mail goes on to those it was sent to', () => {
    const sent = mail({ from: at('alias')[0] ?? null, to: at('bo', 'me'), cc: at('cy') })
    expect(answer(sent)).toEqual([['bo'], []])
    expect(answer(sent, true)).toEqual([['bo'], ['cy']])
  })
  it('to a note to oneself goes to oneself', () => {
    expect(answer(mail({ from: at('me')[0] ?? null, to: at('me') }))).toEqual([['me'], []])
  })
  it('on a list that put itself into Reply-To is meant for the writer, to all for both', () => {
    const list = mail({ replyTo: at('list'), to: at('list'), listPost: 'list@x.example' })
    expect(answer(list)).toEqual([['ada'], []])
    expect(answer(list, true)).toEqual([['ada', 'list'], []])
  })
  it('to all goes where the writer wants it to (Mail-Followup-To)', () => {
    expect(answer(mail({ to: at('list'), cc: at('bo'), listPost: 'list@x.example', followupTo: at('list', 'me') }), true)).toEqual([['list'], []])
    expect(answer(mail({ followupTo: at('list') }))).toEqual([['ada'], []])
  })
})

it('reads what an answer needs from the header of a list', () => {
  const header = 'From: a@x.example\r\nList-Post: <mailto:dev@list.example?subject=x> (moderated)\r\nMail-Followup-To: dev@list.example, "A" <a@x.example>\r\n\r\n'
  expect(parseHeaders(Buffer.from(header))).toMatchObject({ listPost: 'dev@list.example', followupTo: [{ address: 'dev@list.example' }, { name: 'A', address: 'a@x.example' }] })
  expect(parseHeaders(Buffer.from('From: a@x.example\r\nList-Post: NO\r\n\r\n'))).toMatchObject({ listPost: null, followupTo: [] })
})

describe('a subject', () => {
  it.each(['Plan', 'Re: Plan', 'RE: Re: Plan', 'AW: WG: Plan', 'SV: VS: Plan', 'Antw: Plan', 'Re[2]: Plan', 'RE (3): Plan', 'Fwd: FW: TR: Plan', '回复：Plan', 'Odp: PD: Plan', 're : Plan', 'Re:Plan', '  Re:   Plan '])('gets one prefix: %s', (subject) => {
    expect(replySubject(subject)).toBe('Re: Plan')
    expect(forwardSubject(subject)).toBe('Fwd: Plan')
  })
  it('keeps words that only look like one', () => {
    for (const subject of ['Rewards: 2026', 'Area: Oslo', 'TRS: x', 'SVG: icons', 'Invoice: 12']) expect(bareSubject(subject)).toBe(subject)
    expect(replySubject('')).toBe('Re:')
  })
})

describe('a mailto address', () => {
  it('is read as RFC 6068 says', () => {
    expect(readMailto('mailto:chris@x.example?subject=100%25%20sure&body=line%201%0D%0Aline+2&cc=bob%2Cjoe@x.example,al@x.example&bcc=b@x.example')).toMatchObject({
      subject: '100% sure', body: 'line 1\nline+2', cc: [{ address: 'al@x.example' }], bcc: [{ address: 'b@x.example' }], to: [{ address: 'chris@x.example' }],
    })
    expect(readMailto('MAILTO:?to=a@x.example&amp;subject=x')).toMatchObject({ to: [{ address: 'a@x.example' }], subject: 'x' })
    expect(readMailto('mailto:user@example.org?subject=caf%C3%A9&in-reply-to=%3Cid@x%3E')).toMatchObject({ subject: 'café', inReplyTo: 'id@x' })
  })
  it('brings nothing else along', () => {
    const parts = readMailto('mailto:a@x.example?attach=/etc/passwd&attachment=x&from=evil@x.example&subject=a%0d%0aBcc:%20v@x.example')
    expect(Object.keys(parts ?? {}).sort()).toEqual(['bcc', 'body', 'cc', 'inReplyTo', 'subject', 'to'])
    expect(parts?.subject).toBe('a Bcc: v@x.example')
    expect(readMailto('https://x.example')).toBeNull()
    expect(readMailto('mailto:%E0%A4%A')).toMatchObject({ to: [] })
  })
})
