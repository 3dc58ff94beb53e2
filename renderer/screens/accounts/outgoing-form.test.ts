import { describe, expect, it } from 'vitest'
import { emptyForm, formDraft, formOfAccount, formProblems, needsCheck, withHost, withTrusted } from './account-form.ts'
import { emptyOutgoing, outgoingOf, outgoingProblems, portWarning, withOutgoingPort, withOutgoingPreset, withOutgoingSecurity } from './outgoing-form.ts'

const preset = { server: { host: 'smtp.office365.com', port: 587, security: 'starttls' }, signIn: 'incoming', userName: '', sentCopy: 'auto' } as const

describe('the server that sends', () => {
  it('follows the one mail is read from until it was typed', () => {
    const form = withHost({ ...emptyForm, address: 'a@firma.no' }, 'imap.firma.no')
    expect(form.outgoing).toMatchObject({ host: 'smtp.firma.no', port: '465', security: 'tls' })
    expect(withHost(form, 'mail.firma.no').outgoing.host).toBe('mail.firma.no')
    const typed = { ...form, outgoing: { ...form.outgoing, host: 'relay.firma.no', byHand: true } }
    expect(withHost(typed, 'imap.other.no').outgoing.host).toBe('relay.firma.no')
    expect(withOutgoingPreset(typed.outgoing, preset).host).toBe('relay.firma.no')
    expect(withOutgoingPreset(form.outgoing, preset)).toMatchObject({ host: 'smtp.office365.com', port: '587', security: 'starttls' })
  })

  it('has port and protection that go together', () => {
    expect(withOutgoingSecurity(emptyOutgoing, 'starttls').port).toBe('587')
    expect(withOutgoingPort(emptyOutgoing, '587').security).toBe('starttls')
    expect(withOutgoingSecurity(withOutgoingPort(emptyOutgoing, '2526'), 'starttls').port).toBe('2526')
    expect([portWarning({ ...emptyOutgoing, port: '25' }), portWarning({ ...emptyOutgoing, port: '2525' }), portWarning(emptyOutgoing)]).toEqual(['port25', 'port2525', null])
  })

  it('is none for a mailbox that only reads, whatever was typed before', () => {
    expect(outgoingOf({ ...emptyOutgoing, host: 'smtp.firma.no', sends: false })).toBeNull()
    expect(outgoingProblems({ ...emptyOutgoing, sends: false }, false)).toEqual({})
  })

  it('cannot be one that takes no mail from here', () => {
    const of = (host: string) => outgoingProblems({ ...emptyOutgoing, host }, false)
    expect(of('smtp-relay.gmail.com')).toEqual({ host: 'relay-only' })
    expect(of('alt1.aspmx.l.google.com.')).toEqual({ host: 'receives-only' })
    expect(of('')).toEqual({ host: 'missingSendHost' })
    expect(of('a b')).toEqual({ host: 'bad-host' })
    expect(of('smtp.gmail.com')).toEqual({})
    expect(outgoingProblems({ ...emptyOutgoing, host: 'x.no', signIn: 'own' }, false)).toEqual({ userName: 'missing' })
  })

  it('is not used without encryption unless that was agreed to', () => {
    const form = { ...emptyForm, address: 'a@firma.no', host: 'imap.firma.no', outgoing: { ...emptyOutgoing, host: 'smtp.firma.no', security: 'plain' as const } }
    expect(formProblems(form, null)).toMatchObject({ plainConsent: 'consent-missing' })
    expect(formDraft({ ...form, plainConsent: true }, null).settings.plainConsent).toBe(true)
  })

  it('keeps a certificate that was trusted for it, and is asked anew when it changed', () => {
    const form = { ...emptyForm, address: 'a@firma.no', host: 'imap.firma.no', outgoing: { ...emptyOutgoing, host: 'smtp.firma.no' } }
    const trusting = withTrusted(form, { host: 'smtp.firma.no', fingerprint: 'x', pem: '' })
    expect(formDraft(trusting, null).settings.trusted).toHaveLength(1)
    expect(needsCheck(form, { ...form, outgoing: { ...form.outgoing, host: 'other.no' } }, '')).toBe(true)
    expect(needsCheck(form, { ...form, outgoing: { ...form.outgoing, sends: false } }, '')).toBe(false)
  })

  it('of a stored mailbox without one is a suggestion that is switched off', () => {
    const settings = { kind: 'imap', incoming: { host: 'imap.firma.no', port: 993, security: 'tls' }, outgoing: null, userName: 'a', plainConsent: false, trusted: [] } as const
    const form = formOfAccount({ id: 'x' as never, name: '', address: 'a@firma.no', color: '', settings: { ...settings, trusted: [] }, keep: { bodies: 'all', attachments: 'all' }, paused: false, position: 0 })
    expect(form.outgoing).toMatchObject({ sends: false, host: 'smtp.firma.no' })
    expect(formDraft(form, null).settings.outgoing).toBeNull()
  })
})
