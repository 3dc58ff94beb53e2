// Answers that real servers give and a textbook server does not.
import { afterEach, describe, expect, it } from 'vitest'
import type { Mailbox } from '../mailbox.ts'
import { all, asFailure, within } from '../mailbox-contract.ts'
import { createImapMailbox } from './imap-mailbox.ts'
import { startScripted } from './scripted-server.ts'
import type { Answer, Script, ScriptedServer } from './scripted-server.ts'

const never = new AbortController().signal
const open: { mailbox: Mailbox; server: ScriptedServer }[] = []

async function talkTo(script: Script): Promise<{ mailbox: Mailbox; server: ScriptedServer }> {
  const server = await startScripted(script)
  const mailbox = createImapMailbox({
    settings: { kind: 'imap', incoming: { host: server.host, port: server.port, security: 'plain' }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [] },
    password: () => Promise.resolve('geheim'),
    pollMs: 100,
  })
  open.push({ mailbox, server })
  return { mailbox, server }
}

afterEach(async () => {
  for (const { mailbox, server } of open.splice(0)) {
    await mailbox.close()
    await server.close()
  }
})

const head = (uid: number): string => `Message-ID: <${String(uid)}@q>\r\nSubject: ${String(uid)}\r\n\r\n`
const literal = (text: string): string => `{${String(Buffer.byteLength(text))}}\r\n${text}`
const row = (seq: number, uid: number): string => `* ${String(seq)} FETCH (UID ${String(uid)} FLAGS (\\Seen) INTERNALDATE "05-Jan-2026 09:00:00 +0000" RFC822.SIZE ${String(100 + uid)} BODY[HEADER] ${literal(head(uid))})`
const selected = (exists: number, uidNext: number, extra: readonly string[] = []): Answer => [
  '* FLAGS (\\Seen \\Deleted)',
  `* ${String(exists)} EXISTS`,
  '* OK [UIDVALIDITY 7] ok',
  `* OK [UIDNEXT ${String(uidNext)}] ok`,
  ...extra,
  'T OK [READ-WRITE] selected',
]
const pull = (mailbox: Mailbox, cursor: string | null = null, known: readonly string[] = []): Promise<{ added: string[]; total: number; toFetch: number; cursor: string; removed: readonly string[]; flagged: readonly string[] }> =>
  all(mailbox.pull('INBOX', cursor, { signal: never, pageSize: 100, known: () => known })).then((pages) => {
    const last = pages.at(-1)
    if (!last) throw new Error('no page')
    return {
      added: pages.flatMap((page) => page.added.map((one) => one.remoteId)),
      flagged: pages.flatMap((page) => page.flagged.map((one) => one.remoteId)),
      removed: pages.flatMap((page) => page.removed),
      total: last.total,
      toFetch: last.toFetch,
      cursor: last.cursor,
    }
  })

describe('a FETCH', () => {
  it('may come out of order, with what nobody asked for, and in pieces', async () => {
    const { mailbox } = await talkTo({
      rules: [
        [/^SELECT/i, selected(3, 31)],
        [
          /^FETCH/i,
          [
            row(2, 20),
            '* 3 FETCH (FLAGS (\\Seen))',
            '* 3 FETCH (FLAGS (\\Seen) UID 30)',
            '* OK still here',
            row(1, 10),
            `* 3 FETCH (UID 30 RFC822.SIZE 130 BODY[HEADER] ${literal(head(30))})`,
            '* 5 RECENT',
            'T OK',
          ],
        ],
      ],
    })
    expect(await pull(mailbox)).toMatchObject({ added: ['30.7', '20.7', '10.7'], total: 3, toFetch: 0 })
  })
  it('may leave out what was asked for', async () => {
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, selected(1, 11)], [/^FETCH/i, ['* 1 FETCH (UID 10)', 'T OK']]] })
    const [page] = await all(mailbox.pull('INBOX', null, { signal: never, pageSize: 10, known: () => [] }))
    expect(page?.added).toMatchObject([{ remoteId: '10.7', receivedAt: null, size: 0, flags: { seen: false, keywords: [] } }])
    expect(page?.added[0]?.headers.byteLength).toBe(0)
  })
  it('that cannot be read is asked for once more, and nothing is missing after that', async () => {
    let fetches = 0
    const { mailbox } = await talkTo({
      rules: [
        [/^SELECT/i, selected(51, 511)],
        [/^FETCH/i, [...Array.from({ length: 50 }, (_, index) => row(index + 2, (index + 2) * 10)), 'T OK']],
        [/^UID SEARCH/i, ['* SEARCH 10', 'T OK']],
        [/^UID FETCH/i, () => (++fetches === 1 ? ['* 1 FETCH ((((', 'T OK'] : [row(1, 10), 'T OK'])],
      ],
    })
    const { added, total, toFetch } = await pull(mailbox)
    expect(added.at(-1)).toBe('10.7')
    expect([added.length, total, toFetch]).toEqual([51, 51, 0])
  })
  it('may bring less than there was: messages that vanished are not counted as missing', async () => {
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, selected(3, 31)], [/^FETCH/i, [row(1, 10), row(3, 30), 'T OK']], [/^UID SEARCH/i, ['* SEARCH 10 30', 'T OK']]] })
    expect(await pull(mailbox)).toMatchObject({ added: ['30.7', '10.7'], total: 2, toFetch: 0 })
  })
  it('refused because of one broken message brings all the others, and the broken one is listed and counted', async () => {
    const broken = 20
    const { mailbox } = await talkTo({
      rules: [
        [/^SELECT/i, selected(4, 41)],
        [/^FETCH 1:4/i, ['T BAD Command Error. 12']],
        [/^UID SEARCH/i, ['* SEARCH 10 20 30 40', 'T OK']],
        [
          /^UID FETCH/i,
          (command) => {
            const wanted = [10, 20, 30, 40].filter((uid) => {
              const set = command.split(' ')[2] ?? ''
              return set.split(',').some((part) => {
                const [from = 0, to = from] = part.split(':').map(Number)
                return uid >= from && uid <= to
              })
            })
            return wanted.includes(broken) ? [...wanted.filter((uid) => uid < broken).map((uid) => row(uid / 10, uid)), 'T BAD Command Error. 12'] : [...wanted.map((uid) => row(uid / 10, uid)), 'T OK']
          },
        ],
      ],
    })
    expect(await pull(mailbox)).toMatchObject({ added: ['40.7', '30.7', '20.7', '10.7'], total: 4, toFetch: 0 })
    const bodies = await all(mailbox.fetchBodies('INBOX', ['20.7'], { signal: never, inlineLimit: 1000 }))
    expect(bodies).toMatchObject([{ remoteId: '20.7', complete: false }])
    expect(bodies[0]?.source).not.toBeNull()
    expect(await mailbox.fetchRaw('INBOX', '20.7', never).catch(asFailure)).toMatchObject({ kind: 'rejected', code: 'message-refused' })
  })
  it('may hold UIDs up to the very last', async () => {
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, selected(2, 4_294_967_295)], [/^FETCH/i, [row(1, 1), row(2, 4_294_967_294), 'T OK']]] })
    expect((await pull(mailbox)).added).toEqual(['4294967294.7', '1.7'])
  })
})

describe('numbering', () => {
  it('that goes backwards is not trusted', async () => {
    let uidNext = 31
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, () => selected(1, uidNext)], [/^FETCH/i, [row(1, 30), 'T OK']]] })
    const { cursor } = await pull(mailbox)
    uidNext = 12
    expect(await pull(mailbox, cursor).catch(asFailure)).toMatchObject({ kind: 'cursor-lost' })
  })
  it('is not believed when it makes messages vanish that are there', async () => {
    let garbled = false
    const { mailbox } = await talkTo({
      rules: [
        [/^SELECT/i, () => selected(garbled ? 1 : 2, 31)],
        [/^FETCH 1:2/i, [row(1, 10), row(2, 30), 'T OK']],
        [/^UID SEARCH/i, () => (garbled ? ['* SEARCH ((', 'T OK'] : ['* SEARCH 10 30', 'T OK'])],
        [/^FETCH 1:\*/i, ['* 2 FETCH (UID 30 FLAGS ())', 'T OK']],
      ],
    })
    const first = await pull(mailbox)
    garbled = true
    expect(await pull(mailbox, first.cursor, first.added)).toMatchObject({ removed: ['10.7'], total: 1 })
  })
  it('may be without a UIDNEXT', async () => {
    const { mailbox } = await talkTo({
      rules: [
        [/^SELECT/i, ['* 2 EXISTS', '* OK [UIDVALIDITY 7] ok', 'T OK selected']],
        [/^FETCH/i, [row(1, 4), row(2, 9), 'T OK']],
        [/^UID SEARCH/i, ['* SEARCH 9', 'T OK']],
      ],
    })
    const first = await pull(mailbox)
    expect(first.added).toEqual(['9.7', '4.7'])
    expect(await pull(mailbox, first.cursor, first.added)).toMatchObject({ added: [], removed: [], total: 2 })
  })
  it('of another time does not let a change hit the wrong message', async () => {
    const { mailbox, server } = await talkTo({ rules: [[/^SELECT/i, selected(1, 31)], [/^UID SEARCH/i, ['* SEARCH 30', 'T OK']]] })
    const change = { kind: 'delete', folderRemoteId: 'INBOX', remoteIds: ['30.6'] } as const
    expect(await mailbox.apply(change, never).catch(asFailure)).toMatchObject({ kind: 'gone' })
    expect(await all(mailbox.fetchBodies('INBOX', ['30.6'], { signal: never, inlineLimit: 1 }))).toEqual([{ remoteId: '30.6', source: null, complete: false }])
    expect(server.heard.filter((line) => /STORE|EXPUNGE/i.test(line))).toEqual([])
  })
})

describe('modification sequences', () => {
  const condstore = 'IMAP4rev1 ID NAMESPACE ENABLE CONDSTORE QRESYNC'
  it('that go backwards make us look at everything again', async () => {
    let modseq = 50
    const { mailbox, server } = await talkTo({
      capabilities: condstore,
      rules: [
        [/^SELECT/i, () => selected(2, 31, [`* OK [HIGHESTMODSEQ ${String(modseq)}] ok`])],
        [/^FETCH/i, [row(1, 10), row(2, 30), 'T OK']],
        [/^UID SEARCH/i, ['* SEARCH 10 30', 'T OK']],
        [/^UID FETCH/i, ['* 1 FETCH (UID 10 FLAGS (\\Flagged))', '* 2 FETCH (UID 30 FLAGS ())', 'T OK']],
      ],
    })
    const first = await pull(mailbox)
    modseq = 9
    const second = await pull(mailbox, first.cursor, first.added)
    expect(second.flagged.toSorted()).toEqual(['10.7', '30.7'])
    expect(server.heard.some((line) => line.includes('CHANGEDSINCE'))).toBe(false)
    expect(JSON.parse(second.cursor)).toMatchObject({ modseq: '9' })
  })
  it('with a list of vanished messages longer than the folder ever was are taken for what we hold', async () => {
    let modseq = 50
    const { mailbox } = await talkTo({
      capabilities: condstore,
      rules: [
        [/^SELECT/i, () => (modseq === 50 ? selected(2, 900_001, ['* OK [HIGHESTMODSEQ 50] ok']) : selected(1, 900_001, ['* OK [HIGHESTMODSEQ 60] ok']))],
        [/^FETCH/i, [row(1, 10), row(2, 900_000), 'T OK']],
        [/^UID FETCH/i, ['* VANISHED (EARLIER) 1:899999', 'T OK']],
      ],
    })
    const first = await pull(mailbox)
    modseq = 60
    expect(await pull(mailbox, first.cursor, first.added)).toMatchObject({ removed: ['10.7'], total: 1 })
  })
})

describe('a refusal', () => {
  it.each([
    ['a wrong password', 'T NO [AUTHENTICATIONFAILED] Invalid credentials', 'auth', 'login-refused'],
    ['a wrong password, without a code', 'T NO LOGIN failed.', 'auth', 'login-refused'],
    ['a missing app password', 'T NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)', 'auth', 'app-password-needed'],
    ['a login through the web', 'T NO [WEBALERT https://x] Web login required. (Failure)', 'auth', 'web-login-needed'],
    ['IMAP switched off', 'T NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page', 'auth', 'imap-off'],
    ['an expired password', 'T NO [EXPIRED] Your password is old', 'auth', 'password-expired'],
    ['a directory that is down', 'T NO [UNAVAILABLE] Temporary authentication failure.', 'throttled', 'server-busy'],
    ['too many connections', 'T NO [ALERT] Too many simultaneous connections. (Failure)', 'throttled', 'too-many-connections'],
    ['a limit', 'T NO [LIMIT] Maximum number of connections from user+IP exceeded', 'throttled', 'too-many-connections'],
  ])('to sign in because of %s', async (_, line, kind, code) => {
    const { mailbox, server } = await talkTo({ rules: [[/^LOGIN/i, [line]]] })
    const failure = await mailbox.listFolders(never).catch(asFailure)
    expect(failure).toMatchObject({ kind, code })
    expect('said' in failure ? failure.said : '').toContain(line.split('] ').at(-1)?.replace('T NO ', '') ?? '')
    expect(JSON.stringify(failure)).not.toContain('geheim')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.open()).toBe(0)
  })
  it.each([
    ['* BYE Account exceeded command or bandwidth limits. (Failure)', 'throttled', 'bandwidth'],
    ['* BYE [UNAVAILABLE] Too many connections for user', 'throttled', 'too-many-connections'],
    ['* BYE Autologout for inactivity', 'offline', 'connection-lost'],
    ['* BYE Server shutting down.', 'offline', 'connection-lost'],
  ])('by farewell: %s', async (line, kind, code) => {
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, [line, 'close']]] })
    expect(await pull(mailbox).catch(asFailure)).toMatchObject({ kind, code, said: line.slice('* BYE '.length).replace('[UNAVAILABLE] ', '') })
  })
  it('in the greeting', async () => {
    const { mailbox } = await talkTo({ greeting: '* BYE Too many connections from your address' })
    expect(await mailbox.listFolders(never).catch(asFailure)).toMatchObject({ kind: 'throttled', code: 'too-many-connections' })
  })
  it.each([
    ['T NO [OVERQUOTA] Quota exceeded', 'rejected', 'over-quota'],
    ['T NO [NOPERM] Permission denied', 'rejected', 'no-permission'],
    ['T NO [CANNOT] Invalid mailbox name', 'rejected', 'cannot'],
    ['T NO [ALREADYEXISTS] Mailbox already exists', 'rejected', 'already-exists'],
    ['T NO Mailbox already exists', 'rejected', 'already-exists'],
    ['T NO [INUSE] Mailbox is in use', 'throttled', 'server-busy'],
    ['T NO [UNAVAILABLE] Backend is down, try again later', 'throttled', 'server-busy'],
    ['T NO I do not feel like it', 'rejected', 'server-refused'],
    ['T BAD Syntax', 'rejected', 'bad-command'],
  ])('of a folder change: %s', async (line, kind, code) => {
    const { mailbox } = await talkTo({ rules: [[/^CREATE/i, [line]]] })
    expect(await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'New' }, never).catch(asFailure)).toMatchObject({ kind, code })
  })
  it.each([
    ['T NO [NONEXISTENT] Unknown mailbox', 'gone'],
    ['T NO Mailbox does not exist', 'gone'],
    ['T NO [NOPERM] Not yours', 'rejected'],
  ])('to open a folder: %s', async (line, kind) => {
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, [line]]] })
    expect(await pull(mailbox).catch(asFailure)).toMatchObject({ kind })
  })
})

describe('a server that is not well', () => {
  it('and never answers does not hold up an abort', async () => {
    const { mailbox, server } = await talkTo({ rules: [[/^SELECT/i, [10_000]]] })
    const controller = new AbortController()
    const running = all(mailbox.pull('INBOX', null, { signal: controller.signal, pageSize: 1, known: () => [] })).catch(asFailure)
    await new Promise((resolve) => setTimeout(resolve, 200))
    controller.abort()
    expect(await within(200, running)).toMatchObject({ kind: 'offline', code: 'aborted' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.open()).toBe(0)
  })
  it('and does not even greet does not hold up an abort', async () => {
    const { mailbox, server } = await talkTo({ greeting: '' })
    const controller = new AbortController()
    const running = mailbox.listFolders(controller.signal).catch(asFailure)
    await new Promise((resolve) => setTimeout(resolve, 100))
    controller.abort()
    expect(await within(200, running)).toMatchObject({ kind: 'offline', code: 'aborted' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.open()).toBe(0)
  })
  it('and sends garbage is offline, not a fault of ours', async () => {
    const { mailbox } = await talkTo({ rules: [[/^SELECT/i, ['* OK [UIDVALIDITY', ')))(((', 'T OK (((( [']], [/^FETCH/i, ['* 1 FETCH (((((', 'T OK']]] })
    expect(await pull(mailbox).catch(asFailure)).toMatchObject({ kind: 'offline', code: 'garbled' })
  })
  it('and refuses IDLE is asked now and then instead', async () => {
    let exists = 1
    const { mailbox, server } = await talkTo({
      capabilities: 'IMAP4rev1 ID NAMESPACE IDLE',
      rules: [
        [/^EXAMINE/i, selected(1, 11)],
        [/^IDLE/i, ['T NO not today']],
        [/^NOOP/i, () => [`* ${String(exists)} EXISTS`, 'T OK']],
      ],
    })
    const controller = new AbortController()
    let hints = 0
    const watching = mailbox.watch('INBOX', () => hints++, controller.signal)
    await new Promise((resolve) => setTimeout(resolve, 400))
    const before = hints
    exists = 2
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(hints).toBeGreaterThan(before)
    expect(server.heard.filter((line) => line === 'IDLE')).toHaveLength(1)
    controller.abort()
    await within(500, watching)
  })
  it('and hangs up during IDLE ends the watch as offline', async () => {
    const { mailbox } = await talkTo({ capabilities: 'IMAP4rev1 ID NAMESPACE IDLE', rules: [[/^EXAMINE/i, selected(1, 11)], [/^IDLE/i, ['+ idling', 100, 'close']]] })
    expect(await within(3_000, mailbox.watch('INBOX', () => undefined, never).catch(asFailure))).toMatchObject({ kind: 'offline', code: 'connection-lost' })
  })
  it('and allows one connection only still serves the person, on that one', async () => {
    let logins = 0
    const { mailbox } = await talkTo({
      rules: [
        [/^LOGIN/i, () => (++logins === 1 ? ['T OK'] : ['T NO [LIMIT] Too many simultaneous connections'])],
        [/^(SELECT|EXAMINE)/i, selected(1, 11)],
        [/^UID FETCH/i, [`* 1 FETCH (UID 10 BODY[] ${literal('A: b\r\n\r\nhello')})`, 'T OK']],
      ],
    })
    await mailbox.listFolders(never)
    expect(Buffer.from(await mailbox.fetchRaw('INBOX', '10.7', never)).toString()).toBe('A: b\r\n\r\nhello')
  })
})

describe('removing messages without UIDPLUS', () => {
  it('leaves alone what others marked as deleted', async () => {
    const { mailbox, server } = await talkTo({
      rules: [
        [/^SELECT/i, selected(3, 31)],
        [/^UID SEARCH DELETED/i, ['* SEARCH 30', 'T OK']],
        [/^UID SEARCH/i, ['* SEARCH 10 30', 'T OK']],
        [/^UID STORE/i, ['T OK']],
        [/^EXPUNGE/i, ['* 1 EXPUNGE', 'T OK']],
      ],
    })
    await mailbox.apply({ kind: 'delete', folderRemoteId: 'INBOX', remoteIds: ['10.7'] }, never)
    expect(server.heard.filter((line) => /STORE|EXPUNGE/i.test(line))).toEqual([
      'UID STORE 30 -FLAGS.SILENT (\\Deleted)',
      'UID STORE 10 +FLAGS (\\Deleted)',
      'EXPUNGE',
      'UID STORE 30 +FLAGS.SILENT (\\Deleted)',
    ])
  })
})

describe('folders', () => {
  const list = (...lines: string[]): Script => ({ rules: [[/^LIST /i, [...lines.map((line) => `* LIST ${line}`), 'T OK']], [/^LSUB/i, ['T OK']], [/^STATUS Bad/i, ['T NO broken']], [/^STATUS/i, (command) => [`* STATUS ${command.split(' ')[1] ?? ''} (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 5 UNSEEN 1)`, 'T OK']]] })
  it('without a listed parent get one that holds no messages', async () => {
    const { mailbox } = await talkTo(list('() "/" INBOX', '() "/" "a/b/c"'))
    expect((await mailbox.listFolders(never)).map(({ remoteId, parentRemoteId, selectable }) => [remoteId, parentRemoteId, selectable])).toEqual(
      expect.arrayContaining([['a/b/c', 'a/b', true], ['a/b', 'a', false], ['a', null, false]]),
    )
  })
  it('have their use told by name where the server does not tell it, one folder for each use', async () => {
    const { mailbox } = await talkTo(list('() "." inbox', '() "." "INBOX.Gesendet"', '() "." "Sent Items"', '() "." "Deep.Deeper.Trash"', '() "." "Papierkorb"', '(\\Noselect) "." "Archive"'))
    const special = Object.fromEntries((await mailbox.listFolders(never)).map(({ remoteId, special }) => [remoteId, special]))
    expect(special).toMatchObject({ INBOX: 'inbox', 'Sent Items': 'sent', 'INBOX.Gesendet': null, 'Deep.Deeper.Trash': null, Papierkorb: 'trash', Archive: null })
  })
  it('of Gmail keep their meaning', async () => {
    const { mailbox } = await talkTo({
      capabilities: 'IMAP4rev1 ID NAMESPACE SPECIAL-USE X-GM-EXT-1',
      ...list('(\\HasNoChildren) "/" "INBOX"', '(\\HasChildren \\Noselect) "/" "[Gmail]"', '(\\All \\HasNoChildren) "/" "[Gmail]/Alle Nachrichten"', '(\\HasNoChildren \\Important) "/" "[Gmail]/Wichtig"', '(\\Flagged \\HasNoChildren) "/" "[Gmail]/Markiert"', '(\\HasNoChildren \\Trash) "/" "[Gmail]/Papierkorb"'),
    })
    expect((await mailbox.listFolders(never)).map(({ name, special, selectable }) => [name, special, selectable])).toEqual(
      expect.arrayContaining([['[Gmail]', null, false], ['Alle Nachrichten', 'all', true], ['Wichtig', null, true], ['Markiert', 'flagged', true], ['Papierkorb', 'trash', true]]),
    )
  })
  it('whose status is refused are listed all the same', async () => {
    const { mailbox } = await talkTo(list('() "/" INBOX', '() "/" Bad'))
    const byName = Object.fromEntries((await mailbox.listFolders(never)).map((folder) => [folder.name, folder]))
    expect(byName['Bad']).toMatchObject({ selectable: true, status: null })
    expect(byName['INBOX']).toMatchObject({ status: { total: 3, unseen: 1, mark: '5.9.3.1.' } })
  })
})
