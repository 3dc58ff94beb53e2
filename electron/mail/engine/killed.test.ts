// A sync of a real Dovecot killed again and again at moments drawn from a seed: it goes on where it was, and ends with
// exactly what the server has.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDovecot, type Dovecot } from '../../../e2e/servers/dovecot.ts'
import { writeMailbox, type MailboxSummary } from '../../../e2e/servers/generate-mail.ts'
import { PROBES } from '../../../e2e/servers/vocabulary.ts'
import { openTestDb } from '../../../db/test-rows.ts'
import { ledgerLines } from '../../../db/queries/folders.ts'
import type { AccountId } from '../../../shared/model/ids.ts'

const messages = 1500
const kills = 12
const seed = 20261121
let dovecot: Dovecot
let summary: MailboxSummary
let dir: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-killed-'))
  dovecot = await startDovecot()
  await dovecot.stop()
  summary = writeMailbox(dovecot.maildir('anna'), { seed: 7, messages, months: 6 })
  await dovecot.start()
})
afterAll(async () => {
  await dovecot.dispose()
  rmSync(dir, { recursive: true, force: true })
})

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
function numbers(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Runs the sync; killed after `ms`, or left alone until it says it is done. */
async function sync(file: string, ms: number | null): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'sync-process.ts'), file, String(dovecot.port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  if (ms === null) await Promise.race([once(child.stdout, 'data'), ended.then(() => { throw new Error('The sync ended by itself.') })])
  else await delay(ms)
  child.kill('SIGKILL')
  await ended
}

describe('a sync that is killed', () => {
  it(`${String(kills)} times resumes each time and ends with exactly what the server has`, async () => {
    const file = join(dir, 'a.db')
    const random = numbers(seed)
    const progress: number[] = []
    for (let i = 0; i < kills; i++) {
      await sync(file, 350 + random() * 1600)
      const db = openTestDb(file)
      expect(db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
      expect(db.get('SELECT count(*) AS n FROM (SELECT 1 FROM placement GROUP BY folder_id, remote_id HAVING count(*) > 1)')).toEqual({ n: 0 })
      progress.push(db.get<{ n: number }>('SELECT count(*) AS n FROM placement')?.n ?? 0)
      await db.close()
    }
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    await sync(file, null)

    const db = openTestDb(file)
    const lines = ledgerLines(db, 'anna' as AccountId, 0)
    for (const [path, count] of Object.entries(summary.folders)) {
      expect(lines.find((line) => line.path.replaceAll(' / ', '/') === path), path).toMatchObject({ serverCount: count, ourCount: count, toFetch: 0, bodiesToFetch: 0, unexplained: 0 })
    }
    expect(db.get('SELECT count(*) AS n FROM message')).toEqual({ n: messages })
    expect(db.get('SELECT count(*) AS n FROM idx.search WHERE search MATCH ?', PROBES.half)).toEqual({ n: summary.probes.half })
    expect(db.get('SELECT sum(message_count) AS n FROM thread')).toEqual({ n: messages })
    expect(db.get('SELECT sum(total) AS n FROM folder')).toEqual({ n: messages })
    await db.close()
  }, 240_000)
})
