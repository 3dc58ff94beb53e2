// Measures the program beside its peers on the same generated mailbox in one run, and prints a table with ratios.
// Asserts nothing. Options: --messages 20000,100000 (sizes), --dir DIR (keeps the mailboxes there for the next run).
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startDovecot } from '../e2e/servers/dovecot.ts'
import { writeMailbox, type MailboxSummary } from '../e2e/servers/generate-mail.ts'
import { PROBES } from '../e2e/servers/vocabulary.ts'
import { coldStart } from './cold-start.ts'
import { mbsync, notmuch } from './peers.ts'

type Spread = { p50: number; p95: number; n: number }
type Subject = {
  messages: number
  first500: number
  listed: number | null
  full: number
  peakSyncing: number
  loopDelay: { p50: number; p99: number; max: number }
  bytesPerMessage: number
  during: Record<'list' | 'thread' | 'search', Spread>
  after: Record<'list' | 'next' | 'thread' | 'word' | 'half' | 'pair' | 'prefix' | 'from', Spread>
}

const { values } = parseArgs({ options: { messages: { type: 'string', default: '20000' }, dir: { type: 'string' }, 'skip-peers': { type: 'boolean', default: false } } })
const keep = values.dir !== undefined
const dir = values.dir ?? mkdtempSync(join(tmpdir(), 'shortlist-bench-'))
const credentials = { user: 'bench', password: 'bench' }

function child(script: string, args: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${script} ended with ${String(status)}:\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}')
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const millis = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
const spread = ({ p50, p95 }: Spread): string => `${millis(p50)} / ${millis(p95)}`

async function measure(messages: number): Promise<void> {
  const home = join(dir, String(messages))
  mkdirSync(home, { recursive: true })
  const seeded = join(home, 'summary.json')
  const dovecot = await startDovecot({ dir: join(home, 'dovecot'), users: { [credentials.user]: credentials.password } })
  let summary: MailboxSummary
  if (existsSync(seeded)) summary = JSON.parse(readFileSync(seeded, 'utf8')) as MailboxSummary
  else {
    await dovecot.stop()
    summary = writeMailbox(dovecot.maildir(credentials.user), { seed: 1, messages })
    writeFileSync(seeded, JSON.stringify(summary))
    await dovecot.start()
  }
  const server = { port: dovecot.port, ...credentials }
  const login = ['--port', String(server.port), '--user', server.user, '--password', server.password]
  console.log(`\n${messages.toLocaleString('en')} messages, ${megabytes(summary.bytes)}, ${String(cpus().length)} cores, ${process.version}`)

  // The first reader makes Dovecot build its own indexes; nobody is charged for that.
  child('ceiling.ts', login)
  const ceiling = child('ceiling.ts', login) as { full: number }
  const peers = join(home, 'peers')
  rmSync(peers, { recursive: true, force: true })
  const copied = values['skip-peers'] ? null : mbsync(peers, server)
  const indexed = copied === null ? null : notmuch(peers)
  const data = join(home, 'data')
  rmSync(data, { recursive: true, force: true })
  const subject = child('subject.ts', ['--data', data, ...login, '--half', PROBES.half, '--pair', `${PROBES.hundredth},${PROBES.half}`, '--sender', 'anna']) as Subject
  const cold = await coldStart(data)
  await dovecot.stop()
  await dovecot.dispose()

  const ratio = (other: number | null): string => (other === null ? 'not installed' : `${(subject.full / other).toFixed(2)} x`)
  const together = copied === null || indexed === null ? null : copied + indexed.index
  const rows: [string, string, string][] = [
    ['newest 500 listed', seconds(subject.first500), 'aim < 2 s'],
    ['full sync, text and index', `${seconds(subject.full)} = ${Math.round((subject.messages / subject.full) * 1000).toString()}/s`, ''],
    ['  bare imapflow loop (ceiling)', seconds(ceiling.full), ratio(ceiling.full)],
    ['  mbsync (copies files only)', copied === null ? '-' : seconds(copied), `${ratio(copied)}, aim < 2 x`],
    ['  mbsync + notmuch new', together === null ? '-' : seconds(together), `${ratio(together)}, aim < 0.33 x`],
    ['peak RSS', megabytes(subject.peakSyncing), 'aim < 400 MB at 100,000'],
    ['event loop delay p99 / max, syncing', `${millis(subject.loopDelay.p99)} / ${millis(subject.loopDelay.max)}`, 'aim p99 < 16 ms'],
    ['database', `${subject.bytesPerMessage.toFixed(0)} bytes a message`, ''],
    ['during sync: list / thread / search p50 / p95', [subject.during.list, subject.during.thread, subject.during.search].map(spread).join('   '), ''],
    ['list page', spread(subject.after.list), 'aim p95 < 20 ms'],
    ['next pages', spread(subject.after.next), ''],
    ['open thread', spread(subject.after.thread), 'aim p95 < 50 ms'],
    ['search, a word in 1 % of mail', spread(subject.after.word), searchRatio(subject.after.word, PROBES.hundredth)],
    ['search, a word in half of all mail', spread(subject.after.half), searchRatio(subject.after.half, PROBES.half)],
    ['search, two words', spread(subject.after.pair), searchRatio(subject.after.pair, `${PROBES.hundredth} ${PROBES.half}`)],
    ['search, three letters typed', spread(subject.after.prefix), searchRatio(subject.after.prefix, `${PROBES.half.slice(0, 3)}*`)],
    ['search, sender', spread(subject.after.from), searchRatio(subject.after.from, 'from:anna')],
    ['cold start to address / to inbox', cold === null ? 'not built, or no Chromium' : `${millis(cold.address)} / ${millis(cold.inbox)}`, 'aim inbox < 1.5 s'],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const middle = Math.max(...rows.map(([, figure]) => figure.length))
  for (const [name, figure, beside] of rows) console.log(`${name.padEnd(width)}  ${figure.padEnd(middle)}  ${beside}`)

  function searchRatio(own: Spread, query: string): string {
    if (!indexed) return ''
    const samples = Array.from({ length: 5 }, () => indexed.search(query)).sort((a, b) => a - b)
    const theirs = samples[2] ?? 0
    return `notmuch search ${millis(theirs)}: ${(own.p50 / theirs).toFixed(2)} x`
  }
}

for (const size of values.messages.split(',')) await measure(Number(size))
if (!keep) rmSync(dir, { recursive: true, force: true })
process.exit(0)
