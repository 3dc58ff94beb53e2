import { describe, expect, it } from 'vitest'
import type { DraftContent, DraftWarning, Recipient } from '../../../shared/model/draft.ts'
import type { IdentityId } from '../../../shared/model/ids.ts'
import { checkDraft, isAutomatic, type CheckInput } from './draft-checks.ts'
import { greetingMismatch } from './greeting-names.ts'
import { isAddress } from './message-address.ts'

const ada: Recipient = { name: 'Ada Lovelace', address: 'ada@x.example' }
const check = (changed: Partial<DraftContent> = {}, more: Partial<CheckInput> = {}): DraftWarning[] =>
  checkDraft({
    kind: 'new', hasSender: true, missingFiles: [], size: 10_000, sizeLimit: null, bounced: new Set(),
    content: { identityId: 1 as IdentityId, to: [ada], cc: [], bcc: [], subject: 'Interview', html: '<p>Hi Ada,</p><p>see you then.</p>', quote: false, files: [], notify: false, ...changed }, ...more,
  })
const codes = (changed: Partial<DraftContent> = {}, more: Partial<CheckInput> = {}): string[] => check(changed, more).map((one) => one.code)
const says = (text: string, changed: Partial<DraftContent> = {}, more: Partial<CheckInput> = {}): string[] => codes({ html: `<p>${text}</p>`, ...changed }, more)

it('has nothing to say about a mail that is in order', () => {
  expect(check()).toEqual([])
})

describe('an attachment that was promised', () => {
  it.each([
    'Please find my CV attached.', 'I have attached the profile.', 'I am attaching two profiles', 'See the enclosed agreement.', 'The details are in the attachment.',
    'Anbei das Profil von Frau Lunde.', 'Im Anhang finden Sie den Vertrag.', 'Ich hänge Ihnen den Lebenslauf an.', 'Das beigefügte Dokument', 'Die Unterlagen füge ich bei.', 'Siehe Anlage.',
    'Vedlagt følger kontrakten.', 'Se vedlegg.', 'Jeg legger ved CV-en.', 'Jeg har lagt ved to profiler.', 'CV er vedlagt.',
  ])('is missed: %s', (text) => {
    expect(says(text)).toEqual(['attachment-forgotten'])
    expect(says(text, { files: [{ hash: 'a'.repeat(64) as never, filename: 'a.pdf', mimeType: 'application/pdf', size: 1 }] })).toEqual([])
  })
  it.each([
    'Thanks for the attached CV.', 'I read your attachment.', 'The CV you attached was empty.', 'She is attached to the team in Oslo.', 'Danke für den Anhang!', 'Ihre Anlage habe ich erhalten.', 'Ihr Werk baut Anlagen in Hamburg.',
    'Ich habe keinen Anhang erhalten.', 'Takk for vedlegget!', 'Jeg fikk ikke noe vedlegg.', 'Det var et fint møte.', 'Der Anhänger ist rot.',
  ])('is not suspected: %s', (text) => {
    expect(says(text)).toEqual([])
  })
  it('is not read out of quotes and signatures', () => {
    expect(codes({ html: '<p>Yes.</p><blockquote><p>Please find attached my CV</p></blockquote><div data-signature="1"><div>All attachments are confidential.</div></div>' })).toEqual([])
    expect(codes({ html: '<p>Text</p><div data-signature="1"><p>x</p></div><p>see attached</p>' })).toEqual(['attachment-forgotten'])
  })
})

describe('a greeting', () => {
  const greets = (text: string, ...to: Recipient[]) => greetingMismatch(text, to)
  const person = (name: string, address = `${name.split(' ')[0]?.toLowerCase() ?? 'x'}@firm.example`): Recipient => ({ name, address })
  it.each([
    ['Hi Peter,', person('Paul Simon')], ['Dear Ms Hansen,', person('Kari Nordmann')], ['Hallo Herr Müller,', person('Jörg Schmidt')], ['Sehr geehrte Frau Dr. Weber,', person('Anna Krause')],
    ['Kjære Ingrid', person('Kari Nordmann')], ['Hei Ola!', person('Kari Nordmann')], ['Liebe Anna, lieber Paul,', person('Anna Krause')], ['Hi Ada and Bob,', person('Ada Lovelace')],
    ['Hello Peter', { name: '', address: 'paul.simon@firm.example' }], ['Hi Anne,', person('Petra Kelly')],
  ] as const)('that names somebody else is told: %s', (text, to) => {
    expect(greets(`${text}\nthanks`, to)).not.toBeNull()
  })
  it.each([
    ['Hi all,', person('Paul Simon')], ['Hi,', person('Paul Simon')], ['Hello everyone!', person('Paul Simon')], ['Hallo zusammen,', person('Paul')], ['Sehr geehrte Damen und Herren,', person('Paul Simon')],
    ['Hei alle sammen', person('Paul')], ['Hi Paul,', person('Paul Simon')], ['Dear Mr Simon,', person('Paul Simon')], ['Hallo Herr Mueller,', person('Jörg Müller')], ['Hallo Jörg,', person('Joerg Müller')],
    ['Hi Bob,', person('Robert Smith')], ['Hi Alex', person('Alexandra Kraus')], ['Hei Kåre', person('Kaare Berg')], ['Hei Soren,', person('Søren Kirk')], ['Hi Anna-Lena,', person('Lena Hoffmann')],
    ['Dear Hiring Manager,', person('Paul')], ['Hi Team,', person('Paul')], ['Hello Kari,', { name: 'Nordlys Energi HR', address: 'hr@nordlys.example' }], ['Hello Kari,', { name: '', address: 'info@nordlys.example' }],
    ['Hi Ada,', { name: '', address: 'alovelace@x.example' }], ['Thank you Peter for this.', person('Paul')], ['Hi there Paul', person('Anna')], ['Hi Paul, Thanks for the call', person('Paul Simon')], ['Hi Paul thanks', person('Paul Simon')],
    ['Hello from Oslo', person('Paul')], ['Liebe Anna, lieber Paul,', person('Anna Krause')],
  ] as const)('that fits, or names nobody, is not: %s', (text, to) => {
    expect(greets(`${text}\nthanks`, to, ...(text.startsWith('Liebe Anna, lieber') ? [person('Paul Simon')] : []))).toBeNull()
  })
  it('is not judged when many are written to, or somebody who cannot be named', () => {
    expect(greets('Hi Peter,', ...Array.from({ length: 6 }, (_, i) => person(`Person${String(i)} X`)))).toBeNull()
    expect(greets('Hi Peter,', person('Paul Simon'), { name: '', address: 'p22@x.example' })).toBeNull()
  })
})

describe('what blocks', () => {
  const blocking = (warnings: readonly DraftWarning[]): string[] => warnings.filter((one) => one.blocks).map((one) => one.code)
  it('is a missing recipient or sender, or an address that cannot be one', () => {
    expect(blocking(check({ to: [] }))).toEqual(['no-recipient'])
    expect(blocking(check({}, { hasSender: false }))).toEqual(['no-sender'])
    expect(check({ to: [ada, { name: '', address: 'ada@' }] }).filter((one) => one.blocks)).toEqual([{ code: 'bad-address', blocks: true, values: { address: 'ada@' } }])
  })
  it('is a merge field nobody filled in, also in the subject and across markup', () => {
    expect(check({ subject: 'Hi {{ candidate.first_name }}', html: '<p>Dear {{ <b>x</b> }} {% if y %}</p>' }).filter((one) => one.blocks).map((one) => one.values.field)).toEqual(['{{ candidate.first_name }}', '{{ x }}', '{% if y %}'])
  })
  it('is a size over the limit of the account, naming both', () => {
    expect(check({}, { size: 30_000_000, sizeLimit: 25_000_000 })).toEqual([{ code: 'too-large', blocks: true, values: { limit: '25000000', size: '30000000' } }])
    expect(check({}, { size: 30_000_000, sizeLimit: null })).toEqual([])
  })
  it('is a file that is not here', () => {
    expect(blocking(check({}, { missingFiles: ['cv.pdf'] }))).toEqual(['file-missing'])
  })
})

describe('what only warns', () => {
  it('is an empty subject, an empty text, many in To, nobody at the other end, mail that came back', () => {
    expect(codes({ subject: '  ' })).toEqual(['empty-subject'])
    expect(codes({ html: '<p></p><div data-signature="1"><p>Ingrid</p></div>' })).toEqual(['empty-text'])
    expect(codes({ html: '<p></p>', quote: true }, { kind: 'forward' })).toEqual([])
    expect(codes({ to: Array.from({ length: 11 }, (_, i) => ({ name: '', address: `a${String(i)}@x.example` })) })).toEqual(['many-in-to'])
    expect(codes({ cc: [{ name: '', address: 'no-reply@x.example' }] })).toEqual(['automatic-address'])
    expect(codes({}, { bounced: new Set(['ada@x.example']) })).toEqual(['bounced-before'])
  })
  it('knows addresses nobody reads from those of people', () => {
    for (const address of ['noreply@x.example', 'no-reply@x.example', 'donotreply@x.example', 'do-not-reply+12@x.example', 'MAILER-DAEMON@x.example', 'bounces+1@x.example', 'jobs-noreply@linkedin.example', 'ikke-svar@x.example']) expect(isAutomatic(address)).toBe(true)
    for (const address of ['norbert.reply@x.example', 'noreen@x.example', 'nora.epley@x.example', 'bouncer@x.example']) expect(isAutomatic(address)).toBe(false)
  })
})

it('knows an address from something else', () => {
  for (const good of ['a@b.example', 'a.b+c@sub.b.example', 'jörg@müller.example', '"a b"@x.example', 'a@[192.0.2.1]', "o'brien@x.example", 'a@xn--mller-kva.example']) expect(isAddress(good), good).toBe(true)
  for (const bad of ['', 'a', 'a@', '@b.example', 'a b@c.example', 'a@b', 'a@b..example', 'a..b@c.example', '.a@c.example', 'a@-b.example', 'a@b.example,c@d.example', 'a@b.example>', 'a\r\n@b.example', `${'a'.repeat(65)}@b.example`]) expect(isAddress(bad), bad).toBe(false)
})
