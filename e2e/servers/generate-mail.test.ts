import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startDovecot } from './dovecot.ts'
import { generateMail, writeMailbox } from './generate-mail.ts'
import type { GeneratedMail, MailboxPlan } from './generate-mail.ts'
import { encodeModifiedUtf7 } from './modified-utf7.ts'
import { PROBES, createRandom, vocabularyOf } from './vocabulary.ts'
import type { Probe } from './vocabulary.ts'

const PLAN: MailboxPlan = { seed: 7, messages: 1500, until: new Date('2026-10-01T08:00:00Z'), months: 24 }

const header = (mail: GeneratedMail, name: string): string =>
  new RegExp(`^${name}: (.*(?:\\n[ \\t].*)*)`, 'm').exec(mail.raw.toString('latin1'))?.[1]?.replace(/\n[ \t]/g, ' ') ?? ''

describe('generated mail', () => {
  const all = [...generateMail(PLAN)]

  it('is the same for the same plan and another for another seed', () => {
    const digest = (plan: MailboxPlan): string => {
      const hash = createHash('sha256')
      for (const mail of generateMail(plan)) hash.update(mail.raw).update(mail.path.join('/')).update(mail.flags.join())
      return hash.digest('hex')
    }
    const small = { ...PLAN, messages: 200 }
    expect(digest(small)).toBe(digest(small))
    expect(digest(small)).not.toBe(digest({ ...small, seed: 8 }))
  })

  it('has exactly as many messages as asked for, each with an id of its own, within its time', () => {
    expect(all).toHaveLength(PLAN.messages)
    expect(new Set(all.map((mail) => mail.messageId)).size).toBe(PLAN.messages)
    const times = all.map((mail) => mail.date.getTime())
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.parse('2026-10-01T08:00:00Z'))
    expect(Math.min(...times)).toBeGreaterThan(Date.parse('2024-09-01T00:00:00Z'))
    for (const mail of all.slice(0, 50)) expect(Date.parse(header(mail, 'Date'))).toBe(mail.date.getTime())
  })

  it('refers to mail that exists, earlier in the same thread', () => {
    const byId = new Map(all.map((mail) => [mail.messageId, mail]))
    let replies = 0
    for (const mail of all) {
      expect(header(mail, 'Message-ID')).toBe(mail.messageId)
      for (const id of [...header(mail, 'References').split(' '), header(mail, 'In-Reply-To')].filter(Boolean)) {
        expect(byId.get(id)?.thread).toBe(mail.thread)
        expect(byId.get(id)?.date.getTime()).toBeLessThanOrEqual(mail.date.getTime())
        replies += 1
      }
    }
    expect(replies).toBeGreaterThan(PLAN.messages / 2)
    const sizes = new Map<number, number>()
    for (const { thread } of all) sizes.set(thread, (sizes.get(thread) ?? 0) + 1)
    expect(Math.max(...sizes.values())).toBeGreaterThan(10)
  })

  it('has the sizes of real mail: most small, a few very large', () => {
    const sizes = all.map((mail) => mail.raw.length).sort((a, b) => a - b)
    const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
    expect(average).toBeGreaterThan(14_000)
    expect(average).toBeLessThan(30_000)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(8_000)
    expect(sizes.at(-1)).toBeGreaterThan(500_000)
  })

  it('comes in several languages, encodings and shapes', () => {
    const text = all.map((mail) => mail.raw.toString('latin1'))
    const share = (pattern: RegExp): number => text.filter((each) => pattern.test(each)).length / text.length
    expect(share(/multipart\/alternative/)).toBeGreaterThan(0.4)
    expect(share(/multipart\/mixed/)).toBeGreaterThan(0.04)
    expect(share(/charset=iso-8859-1/)).toBeGreaterThan(0.04)
    expect(share(/Transfer-Encoding: quoted-printable/)).toBeGreaterThan(0.2)
    expect(share(/List-Unsubscribe:/)).toBeGreaterThan(0.03)
    for (const each of text) expect(each.split('\n').every((line) => line.length <= 998)).toBe(true)
  })

  it('attaches PDFs whose own table of contents is right', () => {
    const mail = all.find((each) => /filename="[^"]*\.pdf"/.test(each.raw.toString('latin1')))
    const base64 = /\.pdf"\nContent-Transfer-Encoding: base64\n\n([A-Za-z0-9+/=\n]+)\n--/.exec(mail?.raw.toString('latin1') ?? '')?.[1]
    const pdf = Buffer.from(base64 ?? '', 'base64').toString('latin1')
    expect(pdf.startsWith('%PDF-1.4\n')).toBe(true)
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1])
    expect(pdf.slice(table, table + 9)).toBe('xref\n0 7\n')
    const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n/gm)].map((match) => Number(match[1]))
    offsets.forEach((offset, index) => {
      expect(pdf.slice(offset).startsWith(`${index + 1} 0 obj`)).toBe(true)
    })
    expect(offsets).toHaveLength(6)
  })

  it('draws words as often as natural language does', () => {
    const random = createRandom(1)
    const { draw, words } = vocabularyOf('en')
    const counts = new Map<string, number>()
    for (let index = 0; index < 200_000; index += 1) {
      const word = draw(random)
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    const of = (rank: number): number => counts.get(words[rank] ?? '') ?? 0
    expect(of(0) / of(20)).toBeGreaterThan(5)
    expect(of(0) / of(20)).toBeLessThan(12)
    expect(counts.size).toBeGreaterThan(8_000)
    for (const probe of Object.values(PROBES)) expect(words.join(' ').toLowerCase()).not.toContain(probe)
  })
})

describe('a generated mailbox in Dovecot', () => {
  it('is listed, dated, flagged and sized as it was made, and has the probe words it claims', { timeout: 120_000 }, async () => {
    await using dovecot = await startDovecot()
    await dovecot.stop()
    const summary = writeMailbox(dovecot.maildir('anna'), PLAN)
    await dovecot.start()
    const session = await dovecot.session('anna')
    const found: Record<Probe, number> = { half: 0, hundredth: 0, thousandth: 0 }
    let unread = 0
    for (const [folder, count] of Object.entries(summary.folders)) {
      const { untagged } = await session.do(`SELECT "${encodeModifiedUtf7(folder)}"`)
      expect(untagged).toContain(`* ${count} EXISTS`)
      unread += (await session.search('UNSEEN')).length
      for (const [probe, word] of Object.entries(PROBES)) found[probe as Probe] += (await session.search(`BODY ${word}`)).length
      const times = (await session.do('FETCH 1:* INTERNALDATE')).untagged.map((line) => Date.parse(/"(.*)"/.exec(line)?.[1] ?? ''))
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
    expect(found).toEqual(summary.probes)
    expect(found.half / PLAN.messages).toBeCloseTo(0.5, 2)
    expect(unread).toBe(summary.unread)

    await session.do('SELECT INBOX')
    const [line = ''] = (await session.do('FETCH 1 (RFC822.SIZE BODY.PEEK[])')).untagged
    const [, size, literal] = /RFC822.SIZE (\d+) BODY\[\] \{(\d+)\}/.exec(line) ?? []
    expect(size).toBe(literal)
    await session.close()
    expect(await dovecot.log()).not.toMatch(/Error|Corrupt/)
  })
})
