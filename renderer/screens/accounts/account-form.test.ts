import { describe, expect, it } from 'vitest'
import type { Preset } from '../../../shared/api/contract.ts'
import { AccountDraft } from '../../../shared/api/contract.ts'
import { domainUserName, emptyForm, formDraft, formProblems, needsCheck, pairAdvice, problemsLeft, readAddress, readHost, withHost, withPort, withPreset, withSecurity, withTrusted } from './account-form.ts'

const preset: Preset = {
  provider: 'fastmail',
  name: 'Fastmail',
  settings: {
    kind: 'imap',
    incoming: { host: 'imap.fastmail.com', port: 993, security: 'tls' },
    outgoing: { server: { host: 'smtp.fastmail.com', port: 465, security: 'tls' }, signIn: 'incoming', userName: '', sentCopy: 'auto' },
    userName: 'kari@fastmail.com', plainConsent: false,
    trusted: [],
  },
  notes: ['app-password'],
  usable: true,
}
const filled = { ...emptyForm, address: 'kari@firma.no', host: 'mail.firma.no', outgoing: { ...emptyForm.outgoing, host: 'mail.firma.no' } }

describe('port and protection', () => {
  it('the port suggests the protection', () => {
    expect(withPort(filled, '143').security).toBe('starttls')
    expect(withPort(withPort(filled, '143'), '993').security).toBe('tls')
  })
  it('the protection suggests the port', () => {
    expect(withSecurity(filled, 'starttls').port).toBe('143')
    expect(withSecurity(withSecurity(filled, 'starttls'), 'tls').port).toBe('993')
  })
  it('leaves alone what was chosen by hand, and advises instead', () => {
    const chosen = withPort(withSecurity(filled, 'starttls'), '993')
    expect(chosen.security).toBe('starttls')
    expect(pairAdvice(chosen)).toEqual({ port: 993, security: 'tls' })
    expect(pairAdvice(filled)).toBeNull()
    expect(pairAdvice(withPort(filled, '1993'))).toBeNull()
  })
  it('takes consent to an unprotected connection back when the host or the protection changes', () => {
    const agreed = { ...withSecurity(filled, 'plain'), plainConsent: true }
    expect(withHost(agreed, 'other.firma.no').plainConsent).toBe(false)
    expect(withSecurity(withSecurity(agreed, 'tls'), 'plain').plainConsent).toBe(false)
    expect(withPort(agreed, '1143').plainConsent).toBe(true)
  })
})

describe('a preset', () => {
  it('fills what was not typed by hand', () => {
    expect(withPreset(emptyForm, preset)).toMatchObject({ host: 'imap.fastmail.com', port: '993', security: 'tls' })
  })
  it('does not take back the port that followed a protection chosen by hand', () => {
    expect(withPreset(withSecurity(withPreset(emptyForm, preset), 'starttls'), preset)).toMatchObject({ host: 'imap.fastmail.com', port: '143', security: 'starttls' })
  })
  it('does not overwrite a host typed by hand', () => {
    expect(withPreset(withHost(emptyForm, 'my.own.host'), preset).host).toBe('my.own.host')
  })
})

describe('what people paste', () => {
  it('reads an address with a name, a mailto link and stray blanks', () => {
    expect(readAddress(' "Kari Nordmann" <kari@firma.no> \n')).toEqual({ address: 'kari@firma.no', name: 'Kari Nordmann' })
    expect(readAddress('mailto:kari@firma.no?subject=x')).toEqual({ address: 'kari@firma.no', name: '' })
    expect(readAddress('\tkari@firma.no;')).toEqual({ address: 'kari@firma.no', name: '' })
  })
  it('reads a host out of a URL or host:port', () => {
    expect(readHost('imaps://mail.firma.no:9993/INBOX')).toEqual({ host: 'mail.firma.no', port: '9993', security: 'tls' })
    expect(readHost('https://mail.firma.no/owa')).toEqual({ host: 'mail.firma.no', port: null, security: null })
    expect(readHost(' mail.firma.no:143 ')).toEqual({ host: 'mail.firma.no', port: '143', security: null })
    expect(readHost('::1')).toEqual({ host: '::1', port: null, security: null })
    expect(readHost('[2001:db8::5]')).toEqual({ host: '2001:db8::5', port: null, security: null })
  })
  it('uses the port and protection of a pasted host', () => {
    expect(withHost(emptyForm, 'mail.firma.no:143')).toMatchObject({ host: 'mail.firma.no', port: '143', security: 'starttls' })
  })
})

describe('problems', () => {
  it('names every empty field at once, but no server before there is an address', () => {
    expect(formProblems(emptyForm, '')).toEqual({ address: 'missing', password: 'missing' })
    expect(formProblems({ ...emptyForm, address: 'kari@firma.no' }, 'x')).toEqual({ host: 'missing' })
  })
  it('asks for consent before an unprotected connection', () => {
    expect(formProblems({ ...filled, security: 'plain' }, 'x')).toEqual({ plainConsent: 'consent-missing' })
  })
  it('refuses ports, hosts and months that cannot be', () => {
    expect(formProblems({ ...filled, port: '99999', host: 'a b', keep: { ...filled.keep, bodyMonths: '0' } }, 'x')).toEqual({ port: 'bad-port', host: 'bad-host', bodyMonths: 'bad-months' })
  })
  it('complains no longer than there is a reason, and about nothing new while typing', () => {
    expect(problemsLeft({ address: 'missing', password: 'missing' }, { password: 'missing', port: 'bad-port' })).toEqual({ password: 'missing' })
  })
  it('what passes here passes the contract', () => {
    expect(formProblems(filled, 'x')).toEqual({})
    expect(AccountDraft.safeParse(formDraft(filled, null)).success).toBe(true)
  })
})

describe('the draft', () => {
  const certificate = { host: 'mail.firma.no', fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'), pem: 'PEM' }
  it('falls back to the address for the name and the user name', () => {
    expect(formDraft(filled, null)).toMatchObject({ name: 'kari@firma.no', settings: { userName: 'kari@firma.no' } })
    expect(formDraft(filled, 'kari').settings.userName).toBe('kari')
    expect(formDraft({ ...filled, userName: 'FIRMA\\kari' }, 'kari').settings.userName).toBe('FIRMA\\kari')
  })
  it('carries a trusted certificate only to the host it was trusted for', () => {
    const trusting = withTrusted(filled, certificate)
    expect(formDraft(trusting, null).settings.trusted).toHaveLength(1)
    expect(formDraft(withHost(trusting, 'else.where'), null).settings.trusted).toEqual([])
  })
})

describe('a refused user name', () => {
  it('is offered as Windows servers spell it', () => {
    expect(domainUserName('kari@firma.no')).toBe('FIRMA\\kari')
    expect(domainUserName('kari')).toBeNull()
  })
})

describe('editing', () => {
  it('is checked again only when the server would be asked differently', () => {
    expect(needsCheck(filled, { ...filled, name: 'Work' }, '')).toBe(false)
    expect(needsCheck(filled, { ...filled, port: '143' }, '')).toBe(true)
    expect(needsCheck(filled, filled, 'new')).toBe(true)
  })
})
