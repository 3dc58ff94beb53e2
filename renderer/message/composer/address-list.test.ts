import { describe, expect, it } from 'vitest'
import { isAddress, splitAddresses, splitTyped, withRecipients } from './address-list.ts'

const read = (text: string) => splitAddresses(text).map(({ name, address }) => (name === '' ? address : `${name}|${address}`))

describe('pasted addresses', () => {
  it.each<[string, string, string[]]>([
    ['one alone', 'kari@a.no', ['kari@a.no']],
    ['commas, semicolons and names', 'Kari Nordmann <kari@a.no>; b@c.de, "Jane Doe" <jane@d.com>', ['Kari Nordmann|kari@a.no', 'b@c.de', 'Jane Doe|jane@d.com']],
    ['a comma in a quoted name', '"Doe, Jane" <jane@d.com>, x@y.no', ['Doe, Jane|jane@d.com', 'x@y.no']],
    ['family name first, as Outlook copies it', 'Nordmann, Kari <kari@a.no>; Müller, Jörg <j@m.de>', ['Nordmann, Kari|kari@a.no', 'Müller, Jörg|j@m.de']],
    ['family name first after an address', 'x@y.no, Nordmann, Kari <kari@a.no>', ['x@y.no', 'Nordmann, Kari|kari@a.no']],
    ['one to a line', 'kari@a.no\r\nb@c.de\n\n c@d.com ', ['kari@a.no', 'b@c.de', 'c@d.com']],
    ['cells of a table', 'Kari Nordmann\tkari@a.no', ['Kari Nordmann', 'kari@a.no']],
    ['a name and an address side by side', 'Kari Nordmann kari@a.no', ['Kari Nordmann|kari@a.no']],
    ['addresses with only spaces between', 'kari@a.no b@c.de  c@d.com', ['kari@a.no', 'b@c.de', 'c@d.com']],
    ['the old way of naming', 'kari@a.no (Kari Nordmann)', ['Kari Nordmann|kari@a.no']],
    ['a mailto link', 'mailto:kari@a.no?subject=Hi', ['kari@a.no']],
    ['a mailto in brackets', 'Kari <mailto:kari@a.no>', ['Kari|kari@a.no']],
    ['single quotes and escapes', String.raw`'Kari' <kari@a.no>, "O\"Hara" <o@h.ie>`, ['Kari|kari@a.no', 'O"Hara|o@h.ie']],
    ['an address as its own name', 'kari@a.no <kari@a.no>', ['kari@a.no']],
    ['a full stop after it', 'kari@a.no.', ['kari@a.no']],
    ['full-width separators', 'a@b.jp；c@d.jp', ['a@b.jp', 'c@d.jp']],
    ['a quote that never closes', '"Kari <kari@a.no>\nb@c.de', ['"Kari|kari@a.no', 'b@c.de']],
    ['what is no address, kept to be mended', 'Kari, b@c.de', ['Kari', 'b@c.de']],
    ['nothing', ' ,; \n', []],
  ])('%s', (_what, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it('reads thousands of them without losing one', () => {
    const many = Array.from({ length: 3000 }, (_, at) => `Person ${String(at)} <p${String(at)}@example.com>`)
    expect(splitAddresses(many.join('; '))).toHaveLength(3000)
  })
})

describe('an address', () => {
  it.each(['a@b.no', 'first.last+tag@sub.example.co.uk', 'jörg@müller.de', '用户@例子.广告', '"odd one"@b.no', "o'hara@x.ie", 'a@[192.0.2.1]', 'a@xn--mller-kva.de'])('%s can be written to', (text) => {
    expect(isAddress(text)).toBe(true)
  })
  it.each(['', 'kari', '@b.no', 'a@b', 'a@', 'a b@c.no', 'a@b..no', '.a@b.no', 'a.@b.no', 'a..b@c.no', 'a@-b.no', 'a@b-.no', 'a@b c.no', 'a,b@c.no', `${'a'.repeat(65)}@b.no`])('%j cannot', (text) => {
    expect(isAddress(text)).toBe(false)
  })
})

describe('a list of recipients', () => {
  it('names nobody twice, whatever the case, and takes the name where one was missing', () => {
    expect(withRecipients([{ name: '', address: 'Kari@a.no' }], [{ name: 'Kari', address: 'kari@A.no' }, { name: '', address: 'b@c.de' }])).toEqual([
      { name: 'Kari', address: 'Kari@a.no' },
      { name: '', address: 'b@c.de' },
    ])
  })
})

describe('a line that was typed before the field was there', () => {
  it.each<[string, string, string[], string]>([
    ['is whole where a separator ends it', 'Kari Nordmann <kari@a.no>; b@c.de,', ['Kari Nordmann|kari@a.no', 'b@c.de'], ''],
    ['goes on after the last separator', 'kari@a.no, hen', ['kari@a.no'], 'hen'],
    ['keeps a family name with what follows', 'kari@a.no; Nordmann, Ol', ['kari@a.no'], 'Nordmann, Ol'],
    ['keeps a quoted name together', '"Doe, Ja', [], '"Doe, Ja'],
    ['ends at Enter', 'kari@a.no\n', ['kari@a.no'], ''],
    ['is all rest without a separator', 'Nordmann', [], 'Nordmann'],
  ])('%s', (_what, text, whole, rest) => {
    const found = splitTyped(text)
    expect(found.whole.map(({ name, address }) => (name === '' ? address : `${name}|${address}`))).toEqual(whole)
    expect(found.rest).toBe(rest)
  })
})
