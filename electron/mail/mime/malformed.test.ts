// Every kind of broken mail: read in time, without a throw, and without losing what its writer said.
import { afterAll, describe, expect, it } from 'vitest'
import { malformedMessages } from '../../../e2e/corpus/malformed.ts'
import { messageDocument } from './message-document.ts'
import { extractAttachment, parseMessage } from './parse-message.ts'
import { createParsePool } from './parse-pool.ts'

/** Processor time, as the machine may be busy. Generous: what hangs or grows quadratically is far beyond it. */
const limitMs = 4_000
const bigLimitMs = 15_000

const used = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

describe('broken and extreme mail', () => {
  it('comes in at least a hundred kinds with unique names', () => {
    expect(new Set(malformedMessages.map((one) => one.name)).size).toBe(malformedMessages.length)
    expect(malformedMessages.length).toBeGreaterThanOrEqual(150)
  })

  it.each(malformedMessages.map((one) => [one.name, one] as const))('reads: %s', (_, { build, keeps, big }) => {
    const source = build()
    const before = Buffer.from(source)
    const start = used()
    const message = parseMessage(source)
    const took = used() - start
    expect(took).toBeLessThan(big ? bigLimitMs : limitMs)
    expect(Buffer.compare(before, Buffer.from(source))).toBe(0)
    if (keeps !== null) expect(`${message.headers.subject}\n${message.text ?? ''}\n${message.textFromHtml ?? ''}`).toContain(keeps)
    expect(message.snippet.length).toBeLessThanOrEqual(200)
    for (const attachment of message.attachments.slice(0, 20)) {
      expect(attachment.filename).toMatch(/^[^\\/:*?"<>|\p{Cc}]{1,200}$/u)
      expect(attachment.filename).not.toMatch(/^\.|^(con|aux|nul|prn)(\.|$)|[\u202a-\u202e\u2066-\u2069]/i)
      const extracted = extractAttachment(source, attachment.index)
      expect(extracted?.bytes.byteLength).toBe(attachment.size)
    }
    const shown = [message.headers.from?.name ?? '', message.headers.from?.address ?? '', message.headers.subject].join('')
    expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
  })

  it.each(malformedMessages.filter((one) => !one.big).map((one) => [one.name, one] as const))('draws: %s', (_, { build }) => {
    const { html, text, headers } = parseMessage(build())
    const start = used()
    const { html: page } = messageDocument({ html, text, cids: {}, images: 'blocked', theme: 'dark', subject: headers.subject })
    expect(used() - start).toBeLessThan(limitMs)
    expect(page.startsWith('<!doctype html>')).toBe(true)
  })
})

describe('the pool over the whole corpus', () => {
  const pool = createParsePool({ workerUrl: new URL('./parse-worker.ts', import.meta.url), workers: 1, timeLimitMs: 60_000 })
  afterAll(() => pool.close())

  it('gives an outcome for every message, in order, and goes on working', async () => {
    const kinds = malformedMessages.filter((one) => !one.big)
    const outcomes = await pool.parse(kinds.map((one) => one.build()))
    expect(outcomes).toHaveLength(kinds.length)
    const failed = outcomes.flatMap((outcome, i) => (outcome.ok ? [] : [`${kinds[i]?.name ?? ''}: ${outcome.reason}`]))
    expect(failed).toEqual([])
    const [after] = await pool.parse([Buffer.from('Subject: still here\r\n\r\ntext')])
    expect(after?.ok === true && after.message.headers.subject).toBe('still here')
  }, 240_000)
})
