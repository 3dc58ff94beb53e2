import { describe, expect, it } from 'vitest'
import { htmlToText } from './html-text.ts'
import { snippetOf, splitQuoted } from './quoted-text.ts'

const outlook = (from: string, sent: string, to: string, subject: string): string => `${from} Jane Doe <jane@x.no>\n${sent} Tuesday, 3 March 2026 10:00\n${to} me@x.no\n${subject} Interview`

describe('splitQuoted', () => {
  it.each([
    ['On Tue, 3 Mar 2026 at 10:00, Jane Doe <jane@x.no> wrote:\n> Hi\n> there'],
    ['On Tue, 3 Mar 2026 at 10:00, Jane Marie Doe-Henriksen\n<jane@x.no> wrote:\n\n> Hi'],
    ['Am 03.03.26 um 10:00 schrieb Jane Doe:\n> Hallo'],
    ['Am Dienstag, 3. März 2026 schrieb Jane Doe <jane@x.no>:\n\nHallo'],
    ['Den tir. 3. mars 2026 kl. 10:00 skrev Jane Doe <jane@x.no>:\n> Hei'],
    ['tir. 3. mars 2026 kl. 10:00 skrev Jane Doe <jane@x.no>:\n\n> Hei'],
    ['3. mars 2026 kl. 10:00 skrev Jane <jane@x.no>:\n> Hei'],
    ['Le mar. 3 mars 2026 à 10:00, Jane Doe <jane@x.no> a écrit :\n> Salut'],
    ['Jane Doe <jane@x.no> schrieb am Di., 3. März 2026, 10:00:\n> Hallo'],
    ['-----Original Message-----\nFrom: Jane\n\nHi'],
    ['-----Ursprüngliche Nachricht-----\nVon: Jane\n\nHallo'],
    ['-----Opprinnelig melding-----\nFra: Jane\n\nHei'],
    [`${outlook('From:', 'Sent:', 'To:', 'Subject:')}\n\nHi`],
    [`${outlook('Von:', 'Gesendet:', 'An:', 'Betreff:')}\n\nHallo`],
    [`${outlook('Fra:', 'Sendt:', 'Til:', 'Emne:')}\n\nHei`],
    [`________________________________\n${outlook('From:', 'Sent:', 'To:', 'Subject:')}\n\nHi`],
    ['> only\n> quotes\n> below'],
  ])('finds the history introduced by %s', (history) => {
    const split = splitQuoted(`Yes, Thursday suits me.\n\n${history}`)
    expect(split.fresh).toBe('Yes, Thursday suits me.')
    expect(split.quoted).toBe(history)
    expect(split.quotedKind).toBe('reply')
  })

  it.each([
    ['---------- Forwarded message ---------\nFrom: Jane <jane@x.no>\nDate: Tue\nSubject: CV\n\nHi'],
    ['Begin forwarded message:\n\nFrom: Jane'],
    ['-------- Weitergeleitete Nachricht --------\nBetreff: CV'],
    ['---------- Videresendt melding ----------\nFra: Jane'],
  ])('knows a forwarded message: %s', (carried) => {
    expect(splitQuoted(`What do you think?\n\n${carried}`)).toMatchObject({ fresh: 'What do you think?', quotedKind: 'forward' })
  })

  it.each([
    ['From: Oslo to Bergen by train\nwould be nice'],
    ['She wrote a letter to us on Monday and said: hello'],
    ['On Monday I wrote some code'],
    ['We met on Tuesday at 10:00.\nThey skrev ingenting'],
    ['a -> b'],
  ])('leaves prose alone: %s', (text) => {
    expect(splitQuoted(text)).toEqual({ fresh: text, signature: '', quoted: '', quotedKind: 'none' })
  })

  it('keeps answers written between quotes', () => {
    const text = 'On Tue, 3 Mar 2026, Jane <jane@x.no> wrote:\n> Can you come?\nYes.\n> When?\nAt ten.'
    expect(splitQuoted(text).fresh).toBe(text)
  })

  it('finds the signature', () => {
    expect(splitQuoted('Hi\n\n-- \nJane\nPhone')).toMatchObject({ fresh: 'Hi', signature: '-- \nJane\nPhone' })
    expect(splitQuoted('Hi\n\nVon meinem iPhone gesendet')).toMatchObject({ fresh: 'Hi' })
    expect(splitQuoted('Hi\n\n-- \nJane\n\nOn Tue, 3 Mar 2026, Bob <b@x.no> wrote:\n> x')).toMatchObject({ fresh: 'Hi', signature: '-- \nJane', quotedKind: 'reply' })
  })
})

describe('snippetOf', () => {
  it('shows what was written, without quote, signature and noise', () => {
    expect(snippetOf('Hi  Anna,\n\n[cid:logo.png]see <https://x.no/very/long>\n=====\n-- \nJane')).toBe('Hi Anna, see')
  })
  it('falls back to the quoted text when nothing was added', () => {
    expect(snippetOf('---------- Forwarded message ---------\nFrom: Jane <jane@x.no>\nDate: Tue\nSubject: CV\nTo: me\n\nPlease find my CV')).toBe('Please find my CV')
  })
  it('ends at a word, within 200 characters', () => {
    const snippet = snippetOf('word '.repeat(200))
    expect(snippet.length).toBeLessThanOrEqual(200)
    expect(snippet.endsWith('word')).toBe(true)
  })
  it('drops the padding newsletters put after their preheader', () => {
    expect(snippetOf(htmlToText(`<div>Big news</div><div>${'&zwnj;&nbsp;'.repeat(100)}</div><p>Hello</p>`))).toBe('Big news Hello')
  })
})

describe('htmlToText', () => {
  it.each([
    ['<p>a</p><p>b</p>', 'a\n\nb'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<div>a</div><div>b</div>', 'a\nb'],
    ['<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['<blockquote>q<blockquote>r</blockquote></blockquote>after', '> q\n>\n>> r\n\nafter'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['<title>x</title><style>y</style><script>z</script>text', 'text'],
    ['<!-- <p>no</p> -->yes<!-->also', 'yesalso'],
    ['<a title="a > b">x</a>', 'x'],
    ['1 < 2 &amp;&amp; 3 > 2', '1 < 2 && 3 > 2'],
    ['&aring;&#229;&#xE5;&euro;&#128;&unknown;&amp', 'ååå€€&unknown;&'],
    ['a&shy;b\u200bc', 'abc'],
    ['<p>a<b>b</b> <i>c</i></p>', 'ab c'],
    ['<script>never closed <p>x', ''],
    ['<p', ''],
    ['', ''],
  ])('turns %s into text', (html, text) => {
    expect(htmlToText(html)).toBe(text)
  })
})
