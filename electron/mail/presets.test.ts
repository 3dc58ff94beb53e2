import { describe, expect, it } from 'vitest'
import { Preset } from '../../shared/api/contract.ts'
import { allPresets, presetFor } from './presets.ts'

describe('a preset', () => {
  it('is found by the domain, whatever its case', () => {
    expect(presetFor(' Kari.Nordmann@GMAIL.com ')).toMatchObject({ provider: 'gmail', notes: ['app-password'], settings: { userName: 'Kari.Nordmann@GMAIL.com', incoming: { host: 'imap.gmail.com', port: 993, security: 'tls' } } })
  })

  it('says when a password cannot work at all', () => {
    expect(presetFor('a@outlook.com')).toMatchObject({ usable: false, notes: ['password-off'] })
  })

  it('is a guess with encryption for an unknown domain, in its ASCII form', () => {
    expect(presetFor('a@müller-bau.example').settings.incoming).toEqual({ host: 'imap.xn--mller-bau-q9a.example', port: 993, security: 'tls' })
  })

  it('is not fooled by a domain that only ends like a known one', () => {
    expect(presetFor('a@notgmail.com').provider).toBe('other')
    expect(presetFor('a@gmail.com.evil.example').provider).toBe('other')
  })

  it('always fits the contract, also while an address is typed', () => {
    for (const typed of ['', 'a', 'a@', '@b', 'a@b', 'a b@c', 'a@gmail.com']) expect(Preset.safeParse(presetFor(typed)).success, typed).toBe(true)
    for (const one of allPresets()) expect(Preset.safeParse(one).success, one.name).toBe(true)
  })
})
