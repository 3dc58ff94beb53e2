import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MailFailure, type FailureKind } from '../../../shared/model/failure.ts'
import type { Mailbox, PullPage, RemoteFolder, WatchHint } from '../mailbox.ts'
import { describeMailbox, messageIdIn, type ActorMessage, type SecondActor } from '../mailbox-contract.ts'
import { createSampleMailbox, type SampleMailbox } from './sample-mailbox.ts'

const seedDir = join(import.meta.dirname, 'seed')
const signal = new AbortController().signal
const bruckner = 'Clients/Brückner Maschinenbau'

let stateDir: string
const opened: SampleMailbox[] = []

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'sample-'))
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((mailbox) => mailbox.close()))
  rmSync(stateDir, { recursive: true, force: true })
})

function openMailbox(now?: () => number): SampleMailbox {
  const mailbox = createSampleMailbox({ seedDir, stateDir, ...(now ? { now } : {}) })
  opened.push(mailbox)
  return mailbox
}

async function reopen(): Promise<SampleMailbox> {
  await Promise.all(opened.splice(0).map((mailbox) => mailbox.close()))
  return openMailbox()
}

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = []
  for await (const one of given) taken.push(one)
  return taken
}

function pullAll(mailbox: Mailbox, folder: string, cursor: string | null = null, known: readonly string[] = []): Promise<PullPage[]> {
  return all(mailbox.pull(folder, cursor, { signal, known: () => known, pageSize: 10 }))
}

async function cursorOf(mailbox: Mailbox, folder: string): Promise<string> {
  return (await pullAll(mailbox, folder)).at(-1)?.cursor ?? ''
}

async function folderNamed(mailbox: Mailbox, remoteId: string): Promise<RemoteFolder | undefined> {
  return (await mailbox.listFolders(signal)).find((folder) => folder.remoteId === remoteId)
}

async function kindOf(work: Promise<unknown>): Promise<FailureKind | 'no failure' | 'not a MailFailure'> {
  return await work.then(
    () => 'no failure' as const,
    (error: unknown) => (error instanceof MailFailure ? error.kind : 'not a MailFailure'),
  )
}

async function subjects(mailbox: Mailbox, folder: string): Promise<string[]> {
  const pages = await pullAll(mailbox, folder)
  return pages.flatMap((page) => page.added).map((one) => /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(Buffer.from(one.headers).toString('latin1'))?.[1] ?? '')
}

const letter = (subject: string, body = 'Hello.'): Buffer => Buffer.from(`From: A <a@example.org>\r\nTo: ingrid.solberg@solberg-search.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\n${body}\r\n`)

describe('a sample mailbox opened for the first time', () => {
  it('shows folders within folders, the known ones by their use, with their counts', async () => {
    const folders = await openMailbox().listFolders(signal)
    const uses = new Set(folders.map((folder) => folder.special))
    expect(uses).toEqual(new Set(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash', null]))
    const client = folders.find((folder) => folder.remoteId === bruckner)
    expect(client).toMatchObject({ parentRemoteId: 'Clients', name: 'Brückner Maschinenbau', selectable: true, subscribed: true })
    expect(folders.reduce((sum, folder) => sum + (folder.status?.total ?? 0), 0)).toBeGreaterThanOrEqual(150)
  })

  it('has mail minutes old, unread, at the top, and dates that agree with when it arrived', async () => {
    const now = Date.parse('2029-08-14T12:00:00Z')
    const [page] = await pullAll(openMailbox(() => now), 'Inbox')
    const newest = page?.added[0]
    expect(newest?.flags.seen).toBe(false)
    expect(now - (newest?.receivedAt ?? 0)).toBeLessThan(60 * 60_000)
    for (const one of page?.added ?? []) {
      const date = Date.parse(/^Date: (.*)$/m.exec(Buffer.from(one.headers).toString('latin1'))?.[1] ?? '')
      expect(Math.abs(date - (one.receivedAt ?? 0))).toBeLessThan(5_000)
    }
  })

  it('keeps its dates when opened again later', async () => {
    const before = await pullAll(openMailbox(() => Date.parse('2029-08-14T12:00:00Z')), 'Inbox')
    const after = await pullAll(await reopen(), 'Inbox')
    expect(after).toEqual(before)
  })

  it('plants the seed once, however many mailboxes open at once', async () => {
    const counts = await Promise.all([1, 2, 3].map(async () => (await openMailbox().listRemoteIds('Inbox', signal)).length))
    expect(new Set(counts).size).toBe(1)
  })
})

describe('pulling', () => {
  it('lists everything, newest first, in pages that add up', async () => {
    const mailbox = openMailbox()
    const pages = await pullAll(mailbox, 'Sent')
    const added = pages.flatMap((page) => page.added)
    expect(pages.every((page) => page.added.length <= 10)).toBe(true)
    expect(pages.at(-1)?.toFetch).toBe(0)
    expect(pages[0]?.toFetch).toBe(added.length - 10)
    expect(added.map((one) => one.remoteId).sort()).toEqual([...(await mailbox.listRemoteIds('Sent', signal))].sort())
    const arrivals = added.map((one) => one.receivedAt ?? 0)
    expect(arrivals).toEqual([...arrivals].sort((a, b) => b - a))
  })

  it('goes on from any page, also after a restart, without loss or repetition', async () => {
    const whole = (await pullAll(openMailbox(), 'Sent')).flatMap((page) => page.added.map((one) => one.remoteId))
    const seen: string[] = []
    let cursor: string | null = null
    for (let more = true; more; ) {
      const mailbox = await reopen()
      for await (const page of mailbox.pull('Sent', cursor, { signal, known: () => [], pageSize: 10 })) {
        seen.push(...page.added.map((one) => one.remoteId))
        cursor = page.cursor
        more = page.toFetch > 0
        break
      }
    }
    expect(seen).toEqual(whole)
  })

  it('tells of mail that arrives in the middle of a long listing before it goes on', async () => {
    const mailbox = openMailbox()
    const pages: PullPage[] = []
    let late = ''
    for await (const page of mailbox.pull('Inbox', null, { signal, known: () => [], pageSize: 10 })) {
      pages.push(page)
      if (pages.length === 1) late = await mailbox.deliver(letter('late'))
    }
    expect(pages[1]?.added[0]?.remoteId).toBe(late)
    const ids = pages.flatMap((page) => page.added.map((one) => one.remoteId))
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(ids)).toEqual(new Set(await mailbox.listRemoteIds('Inbox', signal)))
  })

  it('gives one empty page when nothing changed', async () => {
    const mailbox = openMailbox()
    const cursor = await cursorOf(mailbox, 'Inbox')
    const pages = await pullAll(mailbox, 'Inbox', cursor)
    expect(pages).toEqual([{ added: [], flagged: [], removed: [], cursor, total: pages[0]?.total, toFetch: 0 }])
  })

  it('tells a client of the flags, moves and deletions of another', async () => {
    const one = openMailbox()
    const other = openMailbox()
    const cursor = await cursorOf(one, 'Inbox')
    const archive = await cursorOf(one, 'Archive')
    const [first = '', second = '', third = ''] = await one.listRemoteIds('Inbox', signal)
    await other.apply({ kind: 'set-flags', folderRemoteId: 'Inbox', remoteIds: [first], add: ['flagged'], remove: ['seen'] }, signal)
    const { moved } = await other.apply({ kind: 'move', folderRemoteId: 'Inbox', remoteIds: [second], toRemoteId: 'Archive' }, signal)
    await other.apply({ kind: 'delete', folderRemoteId: 'Inbox', remoteIds: [third] }, signal)

    const [page] = await pullAll(one, 'Inbox', cursor)
    expect(page?.flagged).toEqual([{ remoteId: first, flags: expect.objectContaining({ flagged: true, seen: false }) }])
    expect(page?.removed).toEqual([second, third])
    const [arrived] = await pullAll(one, 'Archive', archive)
    expect(arrived?.added.map((message) => message.remoteId)).toEqual([moved.get(second)])
  })

  it('asks what is known only when it cannot tell what was removed', async () => {
    const mailbox = openMailbox()
    const cursor = await cursorOf(mailbox, 'Inbox')
    const [first = ''] = await mailbox.listRemoteIds('Inbox', signal)
    await mailbox.apply({ kind: 'delete', folderRemoteId: 'Inbox', remoteIds: [first] }, signal)
    expect((await pullAll(mailbox, 'Inbox', cursor, ['none of its business']))[0]?.removed).toEqual([first])
    expect((await pullAll(mailbox, 'Inbox', null, [first]))[0]?.removed).toEqual([first])
  })

  it('compares every flag when asked to be thorough', async () => {
    const mailbox = openMailbox()
    const cursor = await cursorOf(mailbox, 'Trash')
    const [page] = await all(mailbox.pull('Trash', cursor, { signal, known: () => [], pageSize: 10, thorough: true }))
    expect(page?.flagged.length).toBe(page?.total)
  })

  it('loses the cursor when the folder was deleted and made again', async () => {
    const mailbox = openMailbox()
    const cursor = await cursorOf(mailbox, 'Newsletters/Job boards')
    await mailbox.apply({ kind: 'delete-folder', remoteId: 'Newsletters/Job boards' }, signal)
    expect(await kindOf(pullAll(mailbox, 'Newsletters/Job boards', cursor))).toBe('gone')
    await mailbox.apply({ kind: 'create-folder', parentRemoteId: 'Newsletters', name: 'Job boards' }, signal)
    expect(await kindOf(pullAll(mailbox, 'Newsletters/Job boards', cursor))).toBe('cursor-lost')
  })
})

describe('reading', () => {
  it('gives the bytes that were delivered', async () => {
    const mailbox = openMailbox()
    const raw = Buffer.concat([letter('bytes'), Buffer.from([0, 255, 10, 13, 128])])
    const id = await mailbox.deliver(raw)
    expect(Buffer.from(await mailbox.fetchRaw('Inbox', id, signal))).toEqual(raw)
    const listed = (await pullAll(mailbox, 'Inbox'))[0]?.added[0]
    expect(listed).toMatchObject({ remoteId: id, size: raw.length, hasAttachment: false })
    expect(Buffer.from(listed?.headers ?? []).toString()).toMatch(/example\.org>\r\n\r\n$/)
  })

  it('gives bodies in the order asked for, and null for what is gone', async () => {
    const mailbox = openMailbox()
    const [first = '', second = '', third = ''] = await mailbox.listRemoteIds('Inbox', signal)
    await mailbox.apply({ kind: 'delete', folderRemoteId: 'Inbox', remoteIds: [second] }, signal)
    const bodies = await all(mailbox.fetchBodies('Inbox', [third, second, first], { signal, inlineLimit: 1000 }))
    expect(bodies.map((one) => [one.remoteId, one.source === null])).toEqual([[third, false], [second, true], [first, false]])
    expect(await kindOf(mailbox.fetchRaw('Inbox', second, signal))).toBe('gone')
  })

  it('finds words in texts, names and file names, whatever their encoding, case or accents', async () => {
    const mailbox = openMailbox()
    expect(await mailbox.search('Inbox', ['hydrokraft'], signal)).not.toHaveLength(0)
    expect(await mailbox.search(bruckner, ['zuckerrubenwaschanlagen'], signal)).toHaveLength(2)
    expect(await mailbox.search('Candidates', ['ольга', 'hamburg'], signal)).not.toHaveLength(0)
    expect(await mailbox.search('Candidates', ['Vitnemål'], signal)).not.toHaveLength(0)
    expect(await mailbox.search('Candidates', ['ольга', 'zuckerrube'], signal)).toEqual([])
  })
})

describe('changing folders', () => {
  it('makes, renames with all below, moves and deletes', async () => {
    const mailbox = openMailbox()
    const made = await mailbox.apply({ kind: 'create-folder', parentRemoteId: bruckner, name: 'Größe & Co. “2”' }, signal)
    expect(made.remoteId).toBe(`${bruckner}/Größe & Co. “2”`)

    const before = await subjects(mailbox, bruckner)
    const renamed = await mailbox.apply({ kind: 'rename-folder', remoteId: 'Clients', parentRemoteId: null, name: 'Kunden' }, signal)
    expect(renamed.remoteId).toBe('Kunden')
    expect(renamed.moved.get(made.remoteId ?? '')).toBe('Kunden/Brückner Maschinenbau/Größe & Co. “2”')
    expect(await subjects(mailbox, 'Kunden/Brückner Maschinenbau')).toEqual(before)

    await mailbox.apply({ kind: 'rename-folder', remoteId: 'Kunden/Fjordpay', parentRemoteId: 'Archive', name: 'Fjordpay' }, signal)
    expect(await folderNamed(mailbox, 'Archive/Fjordpay')).toMatchObject({ parentRemoteId: 'Archive' })
    await mailbox.apply({ kind: 'delete-folder', remoteId: 'Archive/Fjordpay' }, signal)
    expect(await folderNamed(mailbox, 'Archive/Fjordpay')).toBeUndefined()
  })

  it('keeps a cursor valid over a rename', async () => {
    const mailbox = openMailbox()
    const cursor = await cursorOf(mailbox, 'Newsletters')
    await mailbox.apply({ kind: 'rename-folder', remoteId: 'Newsletters', parentRemoteId: null, name: 'Rundbriefe' }, signal)
    expect((await pullAll(mailbox, 'Rundbriefe', cursor))[0]).toMatchObject({ added: [], removed: [] })
  })

  it('keeps the name of a deleted folder while there are folders below it', async () => {
    const mailbox = openMailbox()
    await mailbox.apply({ kind: 'delete-folder', remoteId: 'Newsletters' }, signal)
    expect(await folderNamed(mailbox, 'Newsletters')).toMatchObject({ selectable: false, status: null })
    expect(await kindOf(pullAll(mailbox, 'Newsletters'))).toBe('rejected')
    await mailbox.apply({ kind: 'delete-folder', remoteId: 'Newsletters/Job boards' }, signal)
    expect(await folderNamed(mailbox, 'Newsletters')).toBeUndefined()
  })

  it('refuses what a server would refuse, and changes nothing', async () => {
    const mailbox = openMailbox()
    const before = await mailbox.listFolders(signal)
    const refused = [
      mailbox.apply({ kind: 'delete-folder', remoteId: 'Inbox' }, signal),
      mailbox.apply({ kind: 'rename-folder', remoteId: 'Inbox', parentRemoteId: null, name: 'Posteingang' }, signal),
      mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'INBOX' }, signal),
      mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Archive' }, signal),
      mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'a/b' }, signal),
      mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: '   ' }, signal),
      mailbox.apply({ kind: 'rename-folder', remoteId: 'Clients', parentRemoteId: 'Clients/Fjordpay', name: 'Clients' }, signal),
    ]
    expect(await Promise.all(refused.map(kindOf))).toEqual(refused.map(() => 'rejected'))
    const gone = [
      mailbox.apply({ kind: 'delete-folder', remoteId: 'Nowhere' }, signal),
      mailbox.apply({ kind: 'create-folder', parentRemoteId: 'Nowhere', name: 'x' }, signal),
      mailbox.apply({ kind: 'move', folderRemoteId: 'Inbox', remoteIds: ['1'], toRemoteId: 'Nowhere' }, signal),
    ]
    expect(await Promise.all(gone.map(kindOf))).toEqual(gone.map(() => 'gone'))
    expect(await mailbox.listFolders(signal)).toEqual(before)
  })

  it('remembers what is subscribed', async () => {
    const mailbox = openMailbox()
    await mailbox.apply({ kind: 'subscribe-folder', remoteId: 'Junk', subscribed: false }, signal)
    expect(await folderNamed(mailbox, 'Junk')).toMatchObject({ subscribed: false })
  })
})

describe('keeping', () => {
  it('survives a restart with flags, moves, folders and delivered mail', async () => {
    const mailbox = openMailbox()
    const [first = '', second = ''] = await mailbox.listRemoteIds('Inbox', signal)
    await mailbox.apply({ kind: 'set-flags', folderRemoteId: 'Inbox', remoteIds: [first], add: ['flagged', 'answered'], remove: [] }, signal)
    await mailbox.apply({ kind: 'move', folderRemoteId: 'Inbox', remoteIds: [second], toRemoteId: 'Archive/2025' }, signal)
    await mailbox.apply({ kind: 'create-folder', parentRemoteId: 'Clients', name: 'Werft Kiel' }, signal)
    const sent = await mailbox.send(letter('kept'))
    const before = { folders: await mailbox.listFolders(signal), inbox: await pullAll(mailbox, 'Inbox'), archive: await pullAll(mailbox, 'Archive/2025') }

    const again = await reopen()
    expect({ folders: await again.listFolders(signal), inbox: await pullAll(again, 'Inbox'), archive: await pullAll(again, 'Archive/2025') }).toEqual(before)
    expect(Buffer.from(await again.fetchRaw('Sent', sent, signal))).toEqual(letter('kept'))
  })

  it('ignores what a killed process had not committed', async () => {
    const before = await pullAll(openMailbox(), 'Inbox')
    await reopen()
    await Promise.all(opened.splice(0).map((mailbox) => mailbox.close()))
    await appendFile(join(stateDir, 'mail.pack'), 'half a mess')
    await writeFile(join(stateDir, 'mailbox.json.new'), '{"format":1,"fol')
    const mailbox = openMailbox()
    expect(await pullAll(mailbox, 'Inbox')).toEqual(before)
    const id = await mailbox.deliver(letter('after'))
    expect(Buffer.from(await mailbox.fetchRaw('Inbox', id, signal))).toEqual(letter('after'))
  })

  it('loses nothing it had said yes to when it is killed', async () => {
    const cursor = await cursorOf(openMailbox(), 'Inbox')
    await Promise.all(opened.splice(0).map((mailbox) => mailbox.close()))
    const busy = `
      import { createSampleMailbox } from ${JSON.stringify(join(import.meta.dirname, 'sample-mailbox.ts'))}
      const mailbox = createSampleMailbox({ seedDir: '', stateDir: ${JSON.stringify(stateDir)} })
      const signal = new AbortController().signal
      for (let n = 0; ; n++) {
        const name = process.pid + '-' + n
        const id = await mailbox.deliver(Buffer.from('Subject: ' + name + '\\r\\n\\r\\n' + 'x'.repeat(n * 997 % 5000)))
        await mailbox.apply({ kind: 'set-flags', folderRemoteId: 'Inbox', remoteIds: [id], add: ['flagged'], remove: [] }, signal)
        await mailbox.apply({ kind: 'move', folderRemoteId: 'Inbox', remoteIds: [id], toRemoteId: 'Archive' }, signal)
        process.stdout.write(name + '\\n')
      }`
    const promised: string[] = []
    for (let kills = 0; kills < 4; kills++) {
      const child = spawn(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', busy], { stdio: ['ignore', 'pipe', 'inherit'] })
      const lines: string[] = []
      child.stdout.on('data', (chunk: Buffer) => {
        lines.push(chunk.toString())
        // Somewhere within a change, another place each time.
        if (lines.length === 3 + kills) setTimeout(() => child.kill('SIGKILL'), kills * 3)
      })
      await once(child, 'close')
      promised.push(...lines.join('').split('\n').filter((line) => line !== ''))
    }
    const mailbox = openMailbox()
    expect(promised.length).toBeGreaterThanOrEqual(12)
    expect(await subjects(mailbox, 'Archive')).toEqual(expect.arrayContaining(promised))
    // No more than the change that was under way is in between, and everything can be read.
    expect((await pullAll(mailbox, 'Inbox', cursor)).flatMap((page) => page.added).length).toBeLessThanOrEqual(4)
    for (const folder of ['Inbox', 'Archive']) {
      for (const one of (await pullAll(mailbox, folder)).flatMap((page) => page.added)) expect((await mailbox.fetchRaw(folder, one.remoteId, signal)).byteLength).toBe(one.size)
    }
  })

  it.each(['state', 'mail'])('begins again, with new numbers, when its %s is damaged', async (what) => {
    const cursor = await cursorOf(openMailbox(() => Date.parse('2027-01-01T09:00:00Z')), 'Inbox')
    await Promise.all(opened.splice(0).map((mailbox) => mailbox.close()))
    if (what === 'state') await writeFile(join(stateDir, 'mailbox.json'), (await readFile(join(stateDir, 'mailbox.json'), 'utf8')).slice(0, 500))
    else await truncate(join(stateDir, 'mail.pack'), 1000)
    const mailbox = openMailbox()
    expect(await kindOf(pullAll(mailbox, 'Inbox', cursor))).toBe('cursor-lost')
    expect(await subjects(mailbox, 'Inbox')).not.toHaveLength(0)
  })

  it('says that its mail is missing, and opens once it is there', async () => {
    const away = mkdtempSync(join(tmpdir(), 'seed-'))
    const mailbox = createSampleMailbox({ seedDir: away, stateDir })
    opened.push(mailbox)
    expect(await kindOf(mailbox.listFolders(signal))).toBe('rejected')
    await writeFile(join(away, 'index.json'), JSON.stringify({ reference: '2026-11-20T15:00:00', folders: [{ path: 'Inbox', special: 'inbox' }], messages: [] }))
    expect((await mailbox.listFolders(signal)).map((folder) => folder.remoteId)).toEqual(['Inbox'])
    rmSync(away, { recursive: true })
  })
})

describe('watching', () => {
  it('hints at delivered mail, and at changes of the tree, until it is told to stop', async () => {
    const mailbox = openMailbox()
    const stop = new AbortController()
    const hints: WatchHint[] = []
    const watching = mailbox.watch('Inbox', (hint) => hints.push(hint), stop.signal)
    await mailbox.listFolders(signal)
    await openMailbox().deliver(letter('seen at once'))
    await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'New' }, signal)
    stop.abort()
    await watching
    await mailbox.deliver(letter('not told any more'))
    expect(hints).toEqual([{ folderRemoteId: 'Inbox' }, { folderRemoteId: null }])
  })

  it('ends with a failure when the mailbox closes', async () => {
    const mailbox = openMailbox()
    const watching = kindOf(mailbox.watch('Inbox', () => undefined, signal))
    await mailbox.listFolders(signal)
    await mailbox.close()
    expect(await watching).toBe('offline')
  })
})

it('lets nothing but mail failures out when it is interrupted or closed', async () => {
  const mailbox = openMailbox()
  const ended = AbortSignal.abort(new Error('enough'))
  expect(await kindOf(mailbox.listFolders(ended))).toBe('offline')
  expect(await kindOf(all(mailbox.pull('Inbox', null, { signal: ended, known: () => [], pageSize: 5 })))).toBe('offline')
  await mailbox.close()
  expect(await kindOf(mailbox.listFolders(signal))).toBe('offline')
  await mailbox.close()
})

// The second actor changes through a mailbox of its own and looks at what lies on the disk.
describeMailbox('the sample mailbox', () => {
  const home = mkdtempSync(join(tmpdir(), 'sample-contract-'))
  const bareSeed = join(home, 'index.json')
  const folders = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'].map((use) => ({ path: use.charAt(0).toUpperCase() + use.slice(1), special: use }))
  writeFileSync(bareSeed, JSON.stringify({ reference: '2026-11-20T15:00:00', folders, messages: [] }))
  const open = (): SampleMailbox => createSampleMailbox({ seedDir: home, stateDir: join(home, 'state') })
  const mailbox = open()
  const second = open()
  return Promise.resolve({
    mailbox,
    reopen: () => Promise.resolve(open()),
    other: actorOn(second, join(home, 'state')),
    hintMs: 500,
    async tearDown() {
      await second.close()
      rmSync(home, { recursive: true, force: true })
    },
  })
})

function actorOn(mailbox: SampleMailbox, at: string): SecondActor {
  type Kept = { readonly folders: readonly { readonly path: readonly string[]; readonly messages: readonly { readonly uid: number; readonly offset: number; readonly headerSize: number; readonly flags: ActorMessage }[] }[] }
  const kept = (): Kept => JSON.parse(readFileSync(join(at, 'mailbox.json'), 'utf8')) as Kept
  const list = (folder: string): readonly (ActorMessage & { readonly uid: number })[] => {
    const pack = readFileSync(join(at, 'mail.pack'))
    const messages = kept().folders.find((one) => one.path.join('/') === folder)?.messages ?? []
    return messages.map(({ uid, offset, headerSize, flags: { seen, flagged, answered } }) => ({ uid, messageId: messageIdIn(pack.subarray(offset, offset + headerSize)), seen, flagged, answered }))
  }
  const remoteId = (folder: string, messageId: string): string => String(list(folder).find((one) => one.messageId === messageId)?.uid)
  const changeFolder = async (change: Parameters<Mailbox['apply']>[0]): Promise<string> => (await mailbox.apply(change, signal)).remoteId ?? ''
  return {
    async deliver(folderRemoteId, source, options = {}) {
      await mailbox.deliver(source, { folderRemoteId, flags: { seen: options.seen ?? false }, ...(options.receivedAt === undefined ? {} : { receivedAt: options.receivedAt }) })
    },
    list: (folder) => Promise.resolve(list(folder).map(({ messageId, seen, flagged, answered }) => ({ messageId, seen, flagged, answered }))),
    async setFlags(folder, messageId, flags) {
      const wanted = Object.entries(flags).map(([name, on]) => ({ name: name === 'seen' ? ('seen' as const) : ('flagged' as const), on }))
      const those = (on: boolean): ('seen' | 'flagged')[] => wanted.filter((one) => one.on === on).map((one) => one.name)
      await mailbox.apply({ kind: 'set-flags', folderRemoteId: folder, remoteIds: [remoteId(folder, messageId)], add: those(true), remove: those(false) }, signal)
    },
    async move(folder, messageId, toRemoteId) {
      await mailbox.apply({ kind: 'move', folderRemoteId: folder, remoteIds: [remoteId(folder, messageId)], toRemoteId }, signal)
    },
    async delete(folder, messageId) {
      await mailbox.apply({ kind: 'delete', folderRemoteId: folder, remoteIds: [remoteId(folder, messageId)] }, signal)
    },
    createFolder: (parentRemoteId, name) => changeFolder({ kind: 'create-folder', parentRemoteId, name }),
    renameFolder: (remote, parentRemoteId, name) => changeFolder({ kind: 'rename-folder', remoteId: remote, parentRemoteId, name }),
    async deleteFolder(remote) {
      await changeFolder({ kind: 'delete-folder', remoteId: remote })
    },
    folderNames: (parent) =>
      Promise.resolve(
        kept()
          .folders.filter(({ path }) => (path.length > 1 ? path.slice(0, -1).join('/') : null) === parent)
          .map(({ path }) => path.at(-1) ?? ''),
      ),
    async renumber(folder) {
      await changeFolder({ kind: 'delete-folder', remoteId: folder })
      await changeFolder({ kind: 'create-folder', parentRemoteId: null, name: folder })
    },
  }
}
