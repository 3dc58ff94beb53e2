import { describe, expect, it } from 'vitest'
import { judgeLink, shownHost } from './link-verdict.ts'

describe('judging a link', () => {
  it('opens a link whose text is prose', () => {
    expect(judgeLink('https://acme.example/jobs', 'Apply now')).toMatchObject({ kind: 'open', host: 'acme.example' })
  })

  it('opens a link whose text names the same host, with or without www and path', () => {
    expect(judgeLink('https://www.acme.com/jobs?id=1', 'acme.com')).toMatchObject({ kind: 'open' })
    expect(judgeLink('https://acme.com/x', 'https://www.acme.com/jobs')).toMatchObject({ kind: 'open' })
    expect(judgeLink('https://jobs.acme.com/x', 'acme.com/jobs')).toMatchObject({ kind: 'open' })
  })

  it('asks when the text names another host', () => {
    expect(judgeLink('https://click.mailer.net/u/1', 'https://www.bank.example/login')).toEqual({
      kind: 'ask', target: 'https://click.mailer.net/u/1', host: 'click.mailer.net', shown: 'www.bank.example', reasons: ['shown-elsewhere'],
    })
  })

  it('asks when the shown host is only the beginning of the real one', () => {
    expect(judgeLink('https://bank.com.evil.example/', 'bank.com')).toMatchObject({ kind: 'ask' })
    expect(judgeLink('https://evilbank.com/', 'bank.com')).toMatchObject({ kind: 'ask' })
    expect(judgeLink('https://evil.example/', 'acme.evil.example')).toMatchObject({ kind: 'ask' })
  })

  it('sees through invisible characters in the shown address', () => {
    expect(judgeLink('https://evil.example/', 'ba\u200bnk\u00ad.com')).toMatchObject({ kind: 'ask', shown: 'bank.com' })
  })

  it('asks for punycode, bare addresses and credentials in the address', () => {
    expect(judgeLink('https://аpple.com/', 'Sign in')).toMatchObject({ kind: 'ask', reasons: ['punycode'] })
    expect(judgeLink('http://192.0.2.7/x', 'Sign in')).toMatchObject({ kind: 'ask', reasons: ['ip'] })
    expect(judgeLink('http://3221225991/x', 'Sign in')).toMatchObject({ kind: 'ask', reasons: ['ip'] })
    expect(judgeLink('http://[2001:db8::1]/x', 'Sign in')).toMatchObject({ kind: 'ask', reasons: ['ip'] })
    expect(judgeLink('https://bank.com@evil.example/', 'Sign in')).toMatchObject({ kind: 'ask', host: 'evil.example', reasons: ['credentials'] })
  })

  it('asks when the document found a host in the words that this side did not', () => {
    expect(judgeLink('https://acme.com/', 'Log in to bank.example now', 'bank.example')).toMatchObject({ kind: 'ask', shown: 'bank.example', reasons: ['shown-elsewhere'] })
    expect(judgeLink('https://acme.com/', 'See acme.com now', 'acme.com')).toMatchObject({ kind: 'open' })
  })

  it('refuses every scheme but the four a mail may use', () => {
    for (const href of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x', 'ms-word:ofe|u|x', 'blob:https://a/b', '//acme.com', 'no url', ''])
      expect(judgeLink(href, 'x').kind, href).toBe('refuse')
    expect(judgeLink('mailto:Ada%20%3Cada@acme.com%3E?subject=hi', 'x')).toMatchObject({ kind: 'open', host: 'Ada <ada@acme.com>' })
    expect(judgeLink('tel:+4712345678', 'x')).toMatchObject({ kind: 'open', host: '+4712345678' })
  })
})

describe('the host a text claims', () => {
  it.each([
    ['acme.com', 'acme.com'],
    ['<https://acme.com/jobs>', 'acme.com'],
    ['See acme.com', null],
    ['cv.pdf', null],
    ['https://cv.pdf/', 'cv.pdf'],
    ['ada@acme.com', null],
    ['1.500', null],
    ['Müller.', null],
    ['müller.de', 'xn--mller-kva.de'],
    ['http://localhost', null],
    ['', null],
  ])('%s -> %s', (text, host) => {
    expect(shownHost(text)).toBe(host)
  })
})
