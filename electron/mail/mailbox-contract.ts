// What every Mailbox promises, as one suite of tests. A provider's test calls `describeMailbox` with a way to set one up and
// with a second actor: another program on the same account that shares no code with the provider.
// Whatever pages say is applied to a replica; the replica must equal what the second actor sees.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MailFailure } from '../../shared/model/failure.ts'
import type { FetchedBody, Mailbox, PullPage, RemoteFlags, RemoteFolder } from './mailbox.ts'

export type ActorMessage = { readonly messageId: string; readonly seen: boolean; readonly flagged: boolean; readonly answered: boolean }

/** Messages are named by their Message-ID without angle brackets, folders by their remote id. */
export type SecondActor = {
  readonly deliver: (folderRemoteId: string, source: Uint8Array, options?: { readonly seen?: boolean; readonly receivedAt?: number }) => Promise<void>
  readonly list: (folderRemoteId: string) => Promise<readonly ActorMessage[]>
  readonly setFlags: (folderRemoteId: string, messageId: string, flags: { readonly seen?: boolean; readonly flagged?: boolean }) => Promise<void>
  readonly move: (folderRemoteId: string, messageId: string, toRemoteId: string) => Promise<void>
  readonly delete: (folderRemoteId: string, messageId: string) => Promise<void>
  /** Gives the new folder's remote id. */
  readonly createFolder: (parentRemoteId: string | null, name: string) => Promise<string>
  readonly renameFolder: (remoteId: string, parentRemoteId: string | null, name: string) => Promise<string>
  readonly deleteFolder: (remoteId: string) => Promise<void>
  /** Names of all folders below this one, or of the top level, as a person would read them. */
  readonly folderNames: (parentRemoteId: string | null) => Promise<readonly string[]>
  /** Makes the server number the folder's messages anew, keeping its name. Its messages may be gone after that. */
  readonly renumber: (folderRemoteId: string) => Promise<void>
}

export type MailboxSetup = {
  readonly mailbox: Mailbox
  /** Another mailbox on the same account, as after a restart. The suite closes it. */
  readonly reopen: () => Promise<Mailbox>
  readonly other: SecondActor
  /** How soon a change must be hinted at, milliseconds. */
  readonly hintMs: number
  readonly tearDown: () => Promise<void>
}

const never = new AbortController().signal
const day = 86_400_000
const start = Date.UTC(2026, 0, 5, 9)

export function describeMailbox(name: string, setUp: () => Promise<MailboxSetup>): void {
  describe(name, () => {
    let setup: MailboxSetup
    let mailbox: Mailbox
    let other: SecondActor
    let folders = 0

    beforeAll(async () => {
      setup = await setUp()
      mailbox = setup.mailbox
      other = setup.other
    }, 60_000)
    afterAll(async () => {
      await setup.mailbox.close()
      await setup.tearDown()
    }, 60_000)

    /** A new folder with `count` messages, a minute apart, oldest first. */
    const folderWith = async (count: number): Promise<{ folder: string; ids: string[] }> => {
      const folder = await other.createFolder(null, `Contract ${String(++folders)}`)
      const ids: string[] = []
      for (let index = 0; index < count; index++) {
        const one = message(`${String(folders)}.${String(index)}`)
        ids.push(one.id)
        await other.deliver(folder, one.source, { receivedAt: start + index * 60_000, seen: index % 3 === 0 })
      }
      return { folder, ids }
    }
    const pulled = async (folder: string, replica = new Replica(), from = mailbox): Promise<Replica> => {
      await replica.pull(from, folder)
      return replica
    }

    describe('folders', () => {
      it('are a tree: one inbox, and every parent is listed', async () => {
        const listed = await mailbox.listFolders(never)
        const ids = new Set(listed.map((folder) => folder.remoteId))
        expect(ids.size).toBe(listed.length)
        expect(listed.filter((folder) => folder.special === 'inbox')).toHaveLength(1)
        for (const folder of listed) if (folder.parentRemoteId !== null) expect(ids).toContain(folder.parentRemoteId)
      })
      it('have each special use at most once, and the common ones', async () => {
        const specials = (await mailbox.listFolders(never)).flatMap((folder) => (folder.special ? [folder.special] : []))
        expect(new Set(specials).size).toBe(specials.length)
        expect(specials).toEqual(expect.arrayContaining(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash']))
      })
      it('made, renamed and deleted by another program show', async () => {
        const parent = await other.createFolder(null, 'Clients')
        const child = await other.createFolder(parent, 'Älteste')
        const before = await named(mailbox, 'Älteste')
        expect(before).toMatchObject({ remoteId: child, parentRemoteId: parent, selectable: true })
        const renamed = await other.renameFolder(child, parent, 'Newest')
        expect(await named(mailbox, 'Newest')).toMatchObject({ remoteId: renamed, parentRemoteId: parent })
        await other.deleteFolder(renamed)
        expect(await named(mailbox, 'Newest')).toBeUndefined()
      })
      it('tell their counts and a mark that moves with every change and with nothing else', async () => {
        const { folder, ids } = await folderWith(3)
        const status = async (): Promise<NonNullable<RemoteFolder['status']>> => {
          const found = (await mailbox.listFolders(never)).find((one) => one.remoteId === folder)?.status
          if (!found) throw new Error('no status')
          return found
        }
        const first = await status()
        expect(first).toMatchObject({ total: 3, unseen: 2 })
        expect((await status()).mark).toBe(first.mark)
        const marks = [first.mark]
        const last = ids[2] ?? ''
        await other.setFlags(folder, last, { seen: true })
        marks.push((await status()).mark)
        await other.deliver(folder, message('mark').source)
        marks.push((await status()).mark)
        await other.delete(folder, last)
        const end = await status()
        marks.push(end.mark)
        expect(end.total).toBe(3)
        expect(new Set(marks).size).toBe(marks.length)
      })

      it.each(['Bewerbungen für Köln', 'Søknader æøå', '💼 Jobs', 'R&D', '&', '&AOQ-', 'a "quoted" name', 'back\\slash', ' leading space', 'trailing space ', '100%', 'star*red', '日本語', 'semi;colon (x) {y} [z]', '-dash', '~tilde', '#hash', 'NIL', 'with/slash', 'with.dot', 'x'.repeat(100)])(
        'can be called %j, or are refused, but never become anything else',
        async (odd) => {
          const before = new Set(await other.folderNames(null))
          const made = await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: odd }, never).catch(asFailure)
          const added = (await other.folderNames(null)).filter((one) => !before.has(one))
          if (made instanceof MailFailure) {
            expect(made.kind).toBe('rejected')
            expect(added).toEqual([])
            return
          }
          expect(added).toEqual([odd])
          const listed = (await mailbox.listFolders(never)).find((folder) => folder.remoteId === made.remoteId)
          expect(listed).toMatchObject({ name: odd, parentRemoteId: null, selectable: true, subscribed: true })
          const { id, source } = message(`odd.${odd.replace(/[^a-z]/gi, '')}`)
          await other.deliver(made.remoteId ?? '', source)
          expect((await pulled(made.remoteId ?? '')).ids()).toEqual([id])
          const renamed = await mailbox.apply({ kind: 'rename-folder', remoteId: made.remoteId ?? '', parentRemoteId: null, name: `${odd} 2` }, never)
          expect((await other.folderNames(null)).filter((one) => !before.has(one))).toEqual([`${odd} 2`])
          expect((await pulled(renamed.remoteId ?? '')).ids()).toEqual([id])
          await mailbox.apply({ kind: 'delete-folder', remoteId: renamed.remoteId ?? '' }, never)
          expect(new Set(await other.folderNames(null))).toEqual(before)
        },
      )
      it('cannot have an empty name or one with control characters', async () => {
        for (const bad of ['', 'a\nb', 'a\u0000b']) {
          expect(await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: bad }, never).catch(asFailure)).toMatchObject({ kind: 'rejected' })
        }
      })
      it('cannot be made twice', async () => {
        await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Twice' }, never)
        expect(await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Twice' }, never).catch(asFailure)).toMatchObject({ kind: 'rejected', code: 'already-exists' })
      })
      it('move under another parent with all that is below them, and say where it went', async () => {
        const target = await other.createFolder(null, 'Target')
        const top = (await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Moving' }, never)).remoteId ?? ''
        const middle = (await mailbox.apply({ kind: 'create-folder', parentRemoteId: top, name: 'Middle' }, never)).remoteId ?? ''
        const leaf = (await mailbox.apply({ kind: 'create-folder', parentRemoteId: middle, name: 'Leaf' }, never)).remoteId ?? ''
        const { id, source } = message('leaf')
        await other.deliver(leaf, source)
        await pulled(leaf)
        const applied = await mailbox.apply({ kind: 'rename-folder', remoteId: top, parentRemoteId: target, name: 'Moved' }, never)
        const listed = await mailbox.listFolders(never)
        const moved = listed.find((folder) => folder.remoteId === applied.remoteId)
        expect(moved).toMatchObject({ name: 'Moved', parentRemoteId: target, subscribed: true })
        const newLeaf = listed.find((folder) => folder.name === 'Leaf')
        expect(newLeaf).toMatchObject({ subscribed: true })
        expect(listed.some((folder) => folder.name === 'Moving')).toBe(false)
        // Providers whose ids do not hold the path have nothing to say here.
        if (newLeaf?.remoteId !== leaf) expect(applied.moved.get(leaf)).toBe(newLeaf?.remoteId)
        expect((await pulled(newLeaf?.remoteId ?? '')).ids()).toEqual([id])
      })
      it('can be unsubscribed and subscribed again', async () => {
        const folder = (await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Quiet' }, never)).remoteId ?? ''
        await mailbox.apply({ kind: 'subscribe-folder', remoteId: folder, subscribed: false }, never)
        expect(await named(mailbox, 'Quiet')).toMatchObject({ subscribed: false })
        await mailbox.apply({ kind: 'subscribe-folder', remoteId: folder, subscribed: true }, never)
        expect(await named(mailbox, 'Quiet')).toMatchObject({ subscribed: true })
      })
      it('that are gone are gone for every operation', async () => {
        const { folder } = await folderWith(1)
        const [remoteId = ''] = (await pulled(folder)).remoteIds()
        await other.deleteFolder(folder)
        const attempts: (() => Promise<unknown>)[] = [
          () => pulled(folder),
          () => mailbox.listRemoteIds(folder, never),
          () => all(mailbox.fetchBodies(folder, [remoteId], { signal: never, inlineLimit: 1000 })),
          () => mailbox.fetchRaw(folder, remoteId, never),
          () => mailbox.search(folder, ['x'], never),
          () => mailbox.apply({ kind: 'set-flags', folderRemoteId: folder, remoteIds: [remoteId], add: ['seen'], remove: [] }, never),
          () => mailbox.apply({ kind: 'rename-folder', remoteId: folder, parentRemoteId: null, name: 'Nowhere' }, never),
          () => mailbox.apply({ kind: 'delete-folder', remoteId: folder }, never),
          () => mailbox.watch(folder, () => undefined, never),
        ]
        for (const attempt of attempts) expect(await attempt().catch(asFailure), attempt.toString()).toMatchObject({ kind: 'gone' })
      })
    })

    describe('a first pull', () => {
      it('lists everything once, newest first, and counts down what is left', async () => {
        const { folder, ids } = await folderWith(120)
        const seen: string[] = []
        let left = 120
        for await (const page of mailbox.pull(folder, null, { signal: never, pageSize: 25, known: () => [] })) {
          expect(page.added.length).toBeLessThanOrEqual(25)
          seen.push(...page.added.map((one) => messageIdIn(one.headers)))
          left -= page.added.length
          expect(page).toMatchObject({ total: 120, toFetch: left })
        }
        expect(seen).toEqual(ids.toReversed())
      })
      it('tells what the server knows of each message', async () => {
        const folder = await other.createFolder(null, 'Details')
        const source = message('detail', { subject: 'Grüße', extra: 'X-Long: one\r\n two\r\n\tthree\r\n' }).source
        await other.deliver(folder, source, { receivedAt: start + 3 * day, seen: true })
        const [page] = await all(mailbox.pull(folder, null, { signal: never, pageSize: 10, known: () => [] }))
        const [one] = page?.added ?? []
        expect(one).toMatchObject({ size: source.byteLength, receivedAt: start + 3 * day, flags: { seen: true, flagged: false, answered: false, draft: false } })
        expect(Buffer.from(one?.headers ?? []).toString()).toBe(headerPart(source))
      })
      it('can be stopped after any page and goes on from there', async () => {
        const { folder, ids } = await folderWith(60)
        const { pages } = await pulled(folder, new Replica(7))
        for (let stopAfter = 1; stopAfter < pages; stopAfter++) {
          const replica = new Replica(7)
          await replica.pull(mailbox, folder, { pages: stopAfter })
          const later = await setup.reopen()
          await replica.pull(later, folder)
          await later.close()
          expect(replica.ids().sort(), `stopped after ${String(stopAfter)}`).toEqual([...ids].sort())
          expect(replica.repeated, `stopped after ${String(stopAfter)}`).toBe(0)
          expect(replica.lastPage).toMatchObject({ total: 60, toFetch: 0 })
        }
      })
      it('of an empty folder is one empty page, and so is the next', async () => {
        const folder = await other.createFolder(null, 'Empty')
        const replica = await pulled(folder)
        expect(replica).toMatchObject({ pages: 1, lastPage: { total: 0, toFetch: 0 } })
        await replica.pull(mailbox, folder)
        expect(replica).toMatchObject({ pages: 2, lastPage: { total: 0, toFetch: 0 } })
        const { id, source } = message('no longer empty')
        await other.deliver(folder, source)
        await replica.pull(mailbox, folder)
        expect(replica.ids()).toEqual([id])
      })
    })

    describe('a later pull', () => {
      it('brings what another program added, flagged and removed', async () => {
        const { folder, ids } = await folderWith(40)
        const replica = await pulled(folder)
        await other.deliver(folder, message('late 1').source)
        await other.deliver(folder, message('late 2').source, { seen: true })
        await other.setFlags(folder, ids[3] ?? '', { flagged: true, seen: false })
        await other.setFlags(folder, ids[39] ?? '', { seen: true })
        await other.delete(folder, ids[0] ?? '')
        await other.delete(folder, ids[20] ?? '')
        await replica.pull(mailbox, folder)
        replica.expectEqual(await other.list(folder))
        expect(replica.repeated).toBe(0)
        expect(replica.lastPage).toMatchObject({ total: 40, toFetch: 0 })
      })
      it('does so after a restart too', async () => {
        const { folder, ids } = await folderWith(10)
        const replica = await pulled(folder)
        const later = await setup.reopen()
        await other.setFlags(folder, ids[1] ?? '', { flagged: true })
        await other.delete(folder, ids[2] ?? '')
        await other.deliver(folder, message('after a restart').source)
        await replica.pull(later, folder)
        await later.close()
        replica.expectEqual(await other.list(folder))
      })
      it('brings nothing when nothing happened', async () => {
        const { folder } = await folderWith(5)
        const replica = await pulled(folder)
        await replica.pull(mailbox, folder)
        expect(replica.lastPage).toMatchObject({ added: [], flagged: [], removed: [], total: 5, toFetch: 0 })
      })
      it('sees a folder emptied and filled again', async () => {
        const { folder, ids } = await folderWith(6)
        const replica = await pulled(folder)
        for (const id of ids) await other.delete(folder, id)
        await replica.pull(mailbox, folder)
        expect(replica.ids()).toEqual([])
        await other.deliver(folder, message('filled').source)
        await replica.pull(mailbox, folder)
        replica.expectEqual(await other.list(folder))
      })
      it('loses nothing that happens between its pages', async () => {
        const { folder, ids } = await folderWith(60)
        const replica = new Replica(10)
        let at = 0
        await replica.pull(mailbox, folder, {
          async onPage() {
            at++
            if (at === 1) {
              await other.setFlags(folder, ids[59] ?? '', { flagged: true })
              await other.delete(folder, ids[58] ?? '')
              await other.deliver(folder, message('between pages').source)
            }
            if (at === 3) {
              await other.setFlags(folder, ids[50] ?? '', { flagged: true })
              await other.delete(folder, ids[2] ?? '')
              await other.setFlags(folder, ids[1] ?? '', { flagged: true })
            }
          },
        })
        await replica.pull(mailbox, folder)
        replica.expectEqual(await other.list(folder))
        expect(replica.repeated).toBe(0)
        expect(replica.lastPage?.total).toBe(59)
      })
      it('follows a message that another program moves', async () => {
        const from = await folderWith(3)
        const to = await folderWith(1)
        const [here, there] = [await pulled(from.folder), await pulled(to.folder)]
        await other.move(from.folder, from.ids[1] ?? '', to.folder)
        await here.pull(mailbox, from.folder)
        await there.pull(mailbox, to.folder)
        here.expectEqual(await other.list(from.folder))
        there.expectEqual(await other.list(to.folder))
        expect(there.ids()).toContain(from.ids[1])
      })
      it('is lost when the server numbers the folder anew, or when the cursor is none of its own', async () => {
        const { folder } = await folderWith(3)
        const replica = await pulled(folder)
        await other.renumber(folder)
        expect(await replica.pull(mailbox, folder).catch(asFailure)).toMatchObject({ kind: 'cursor-lost' })
        const again = await pulled(folder)
        again.expectEqual(await other.list(folder))
        for (const cursor of ['', 'nonsense', '{}', '{"v":99}']) {
          again.cursor = cursor
          expect(await again.pull(mailbox, folder).catch(asFailure)).toMatchObject({ kind: 'cursor-lost' })
        }
      })
    })

    describe('messages', () => {
      it('come back byte for byte, in the order asked for', async () => {
        const folder = await other.createFolder(null, 'Bytes')
        const sources = oddSources()
        for (const { source } of sources) await other.deliver(folder, source)
        const replica = await pulled(folder)
        const order = sources.toReversed()
        const bodies = await all(mailbox.fetchBodies(folder, order.map(({ id }) => replica.remoteIdOf(id)), { signal: never, inlineLimit: 10_000_000 }))
        expect(bodies.map((body) => body.remoteId)).toEqual(order.map(({ id }) => replica.remoteIdOf(id)))
        for (const [index, { id, source }] of order.entries()) {
          const body = bodies[index]
          expect(body?.complete).toBe(true)
          expect(Buffer.from(body?.source ?? []).equals(source), id).toBe(true)
          expect(Buffer.from(await mailbox.fetchRaw(folder, replica.remoteIdOf(id), never)).equals(source), id).toBe(true)
        }
      })
      it('may come without large attachments, but never without their text', async () => {
        const folder = await other.createFolder(null, 'Large')
        const { id, source } = messageWithAttachment('large', 300_000)
        await other.deliver(folder, source)
        const replica = await pulled(folder)
        const [body] = await all(mailbox.fetchBodies(folder, [replica.remoteIdOf(id)], { signal: never, inlineLimit: 50_000 }))
        const text = Buffer.from(body?.source ?? []).toString('latin1')
        expect(text).toContain('the text of large')
        expect(text).toContain('<p>the html of large</p>')
        expect(text).toContain('filename="small.txt"')
        expect(text).toContain('the small attachment')
        expect(text).toContain('filename="cv.pdf"')
        if (body?.complete) expect(Buffer.from(body.source ?? []).equals(source)).toBe(true)
        else expect(text.length).toBeLessThan(60_000)
        expect(Buffer.from(await mailbox.fetchRaw(folder, replica.remoteIdOf(id), never)).equals(source)).toBe(true)
      })
      it('that are gone are named so, and do not hold up the others', async () => {
        const { folder, ids } = await folderWith(3)
        const replica = await pulled(folder)
        await other.delete(folder, ids[1] ?? '')
        const bodies: FetchedBody[] = await all(mailbox.fetchBodies(folder, ids.map((id) => replica.remoteIdOf(id)), { signal: never, inlineLimit: 100_000 }))
        expect(bodies.map((body) => body.source === null)).toEqual([false, true, false])
        expect(await mailbox.fetchRaw(folder, replica.remoteIdOf(ids[1] ?? ''), never).catch(asFailure)).toMatchObject({ kind: 'gone' })
        expect(await mailbox.apply({ kind: 'move', folderRemoteId: folder, remoteIds: [replica.remoteIdOf(ids[1] ?? '')], toRemoteId: folder }, never).catch(asFailure)).not.toMatchObject({ kind: 'bug' })
      })
      it('can be asked for by none at all', async () => {
        const { folder } = await folderWith(1)
        expect(await all(mailbox.fetchBodies(folder, [], { signal: never, inlineLimit: 1 }))).toEqual([])
      })
      it('are all named by their ids', async () => {
        const { folder } = await folderWith(12)
        const replica = await pulled(folder)
        expect([...(await mailbox.listRemoteIds(folder, never))].sort()).toEqual(replica.remoteIds().sort())
      })
      it('are found by all of the words, wherever they stand', async () => {
        const folder = await other.createFolder(null, 'Search')
        const [a, b, c] = [message('s1', { subject: 'Offer for Ingrid', text: 'salary and start' }), message('s2', { subject: 'Offer', text: 'nothing else' }), message('s3', { text: 'Ingrid, your salary: 100 €, Grüße' })]
        for (const one of [a, b, c]) await other.deliver(folder, one.source)
        const replica = await pulled(folder)
        const found = async (...words: string[]): Promise<string[]> => [...(await mailbox.search(folder, words, never))].map((remoteId) => replica.idOf(remoteId)).sort()
        expect(await found('salary')).toEqual([a.id, c.id])
        expect(await found('salary', 'ingrid')).toEqual([a.id, c.id])
        expect(await found('offer', 'ingrid')).toEqual([a.id])
        expect(await found('Grüße')).toEqual([c.id])
        expect(await found('"quoted" \\ word')).toEqual([])
        expect(await found('unheard-of')).toEqual([])
      })
    })

    describe('changes made here', () => {
      it('to flags are seen by others, and leave other flags alone', async () => {
        const { folder, ids } = await folderWith(3)
        const replica = await pulled(folder)
        await other.setFlags(folder, ids[1] ?? '', { flagged: true })
        await mailbox.apply({ kind: 'set-flags', folderRemoteId: folder, remoteIds: [replica.remoteIdOf(ids[1] ?? ''), replica.remoteIdOf(ids[2] ?? '')], add: ['seen', 'answered'], remove: [] }, never)
        await mailbox.apply({ kind: 'set-flags', folderRemoteId: folder, remoteIds: [replica.remoteIdOf(ids[0] ?? '')], add: [], remove: ['seen'] }, never)
        expect(await other.list(folder)).toEqual([
          { messageId: ids[0], seen: false, flagged: false, answered: false },
          { messageId: ids[1], seen: true, flagged: true, answered: true },
          { messageId: ids[2], seen: true, flagged: false, answered: true },
        ])
        await replica.pull(mailbox, folder)
        replica.expectEqual(await other.list(folder))
      })
      it('move messages and tell their new ids', async () => {
        const from = await folderWith(4)
        const to = await folderWith(0)
        const replica = await pulled(from.folder)
        const moving = [from.ids[0] ?? '', from.ids[2] ?? '']
        const applied = await mailbox.apply({ kind: 'move', folderRemoteId: from.folder, remoteIds: moving.map((id) => replica.remoteIdOf(id)), toRemoteId: to.folder }, never)
        const there = await pulled(to.folder)
        expect(there.ids().sort()).toEqual([...moving].sort())
        for (const id of moving) {
          const told = applied.moved.get(replica.remoteIdOf(id))
          if (told !== undefined) expect(told).toBe(there.remoteIdOf(id))
        }
        await replica.pull(mailbox, from.folder)
        replica.expectEqual(await other.list(from.folder))
        there.expectEqual(await other.list(to.folder))
      })
      it('copy messages with their flags, and tell the new ids', async () => {
        const from = await folderWith(3)
        const to = await folderWith(0)
        const replica = await pulled(from.folder)
        const copied = [from.ids[0] ?? '', from.ids[2] ?? '']
        const before = await other.list(from.folder)
        const applied = await mailbox.apply({ kind: 'copy', folderRemoteId: from.folder, remoteIds: copied.map((id) => replica.remoteIdOf(id)), toRemoteId: to.folder }, never)
        const there = await pulled(to.folder)
        expect(there.ids().sort()).toEqual([...copied].sort())
        for (const id of copied) {
          const told = applied.moved.get(replica.remoteIdOf(id))
          if (told !== undefined) expect(told).toBe(there.remoteIdOf(id))
        }
        expect(await other.list(from.folder)).toEqual(before)
        there.expectEqual(before.filter((one) => copied.includes(one.messageId)))
        await replica.pull(mailbox, from.folder)
        replica.expectEqual(before)
      })
      it('of messages that are all gone are refused as gone, and of some are done for the rest', async () => {
        const from = await folderWith(3)
        const to = await folderWith(0)
        const replica = await pulled(from.folder)
        const remoteIds = from.ids.map((id) => replica.remoteIdOf(id))
        await other.delete(from.folder, from.ids[0] ?? '')
        expect(await mailbox.apply({ kind: 'copy', folderRemoteId: from.folder, remoteIds: remoteIds.slice(0, 1), toRemoteId: to.folder }, never).catch(asFailure)).toMatchObject({ kind: 'gone' })
        await mailbox.apply({ kind: 'copy', folderRemoteId: from.folder, remoteIds: remoteIds.slice(0, 2), toRemoteId: to.folder }, never)
        await mailbox.apply({ kind: 'move', folderRemoteId: from.folder, remoteIds: [remoteIds[0] ?? '', remoteIds[2] ?? ''], toRemoteId: to.folder }, never)
        expect((await other.list(to.folder)).map((one) => one.messageId).sort()).toEqual([from.ids[1], from.ids[2]].sort())
      })
      it('to keywords stay with the message, and leave its flags alone', async () => {
        const { folder, ids } = await folderWith(2)
        const replica = await pulled(folder)
        const remoteIds = [replica.remoteIdOf(ids[0] ?? '')]
        await mailbox.apply({ kind: 'set-keywords', folderRemoteId: folder, remoteIds, add: ['$Junk', 'shortlisted'], remove: [] }, never)
        await mailbox.apply({ kind: 'set-keywords', folderRemoteId: folder, remoteIds, add: ['$NotJunk'], remove: ['$Junk'] }, never)
        expect([...(await pulled(folder)).keywordsOf(ids[0] ?? '')].sort()).toEqual(['$NotJunk', 'shortlisted'])
        expect((await pulled(folder)).keywordsOf(ids[1] ?? '')).toEqual([])
        await replica.pull(mailbox, folder)
        expect([...replica.keywordsOf(ids[0] ?? '')].sort()).toEqual(['$NotJunk', 'shortlisted'])
        replica.expectEqual(await other.list(folder))
      })
      it('delete exactly the messages named', async () => {
        const { folder, ids } = await folderWith(4)
        const replica = await pulled(folder)
        await mailbox.apply({ kind: 'delete', folderRemoteId: folder, remoteIds: [replica.remoteIdOf(ids[1] ?? '')] }, never)
        expect((await other.list(folder)).map((one) => one.messageId)).toEqual([ids[0], ids[2], ids[3]])
        await replica.pull(mailbox, folder)
        replica.expectEqual(await other.list(folder))
      })
      it('into a folder that is gone are refused as gone, and nothing is lost', async () => {
        const { folder, ids } = await folderWith(1)
        const replica = await pulled(folder)
        const nowhere = await other.createFolder(null, 'Short-lived')
        await other.deleteFolder(nowhere)
        expect(await mailbox.apply({ kind: 'move', folderRemoteId: folder, remoteIds: replica.remoteIds(), toRemoteId: nowhere }, never).catch(asFailure)).toMatchObject({ kind: 'gone' })
        expect((await other.list(folder)).map((one) => one.messageId)).toEqual(ids)
      })
    })

    describe('at the same time', () => {
      it('a listing, texts, changes and another listing do not get into each other’s way', async () => {
        const [a, b] = [await folderWith(40), await folderWith(12)]
        const other1 = await pulled(b.folder)
        const replica = new Replica(5)
        await replica.pull(mailbox, a.folder, {
          async onPage() {
            const bodies = await all(mailbox.fetchBodies(b.folder, other1.remoteIds(), { signal: never, inlineLimit: 100_000 }))
            expect(bodies.every((body) => body.source !== null)).toBe(true)
            await mailbox.apply({ kind: 'set-flags', folderRemoteId: b.folder, remoteIds: other1.remoteIds().slice(0, 1), add: ['flagged'], remove: [] }, never)
            await Promise.all([other1.pull(mailbox, b.folder), mailbox.listFolders(never), mailbox.fetchRaw(b.folder, other1.remoteIds()[3] ?? '', never)])
          },
        })
        replica.expectEqual(await other.list(a.folder))
        other1.expectEqual(await other.list(b.folder))
        expect(replica.repeated).toBe(0)
      })
    })

    describe('filing', () => {
      it('puts a message into a folder as it is, with its flags and its time, where others see it', async () => {
        const { folder } = await folderWith(1)
        const { id, source } = message('filed', { text: 'Grüße\r\n.\r\n' })
        const remoteId = await mailbox.append(folder, source, { flags: ['seen', 'flagged'], at: start }, never)
        expect((await other.list(folder)).find((one) => one.messageId === id)).toMatchObject({ seen: true, flagged: true, answered: false })
        const replica = await pulled(folder)
        if (remoteId !== null) expect(replica.remoteIdOf(id)).toBe(remoteId)
        expect(Buffer.compare(await mailbox.fetchRaw(folder, replica.remoteIdOf(id), never), source)).toBe(0)
      })
      it('finds what was filed by its Message-ID, at once, by its token too, and nothing else', async () => {
        const { folder, ids } = await folderWith(3)
        const { id, source } = message('found')
        expect(await mailbox.findByMessageId(folder, id, never)).toEqual([])
        await other.deliver(folder, source)
        expect(await mailbox.findByMessageId(folder, id, never)).toHaveLength(1)
        await other.deliver(folder, message('rewritten', { extra: 'X-Shortlist-Message-Id: frozen.1@contract.example\r\n' }).source)
        const [remoteId = ''] = await mailbox.findByMessageId(folder, 'frozen.1@contract.example', never)
        expect((await pulled(folder)).idOf(remoteId)).toBe('rewritten@contract.example')
        expect(await mailbox.findByMessageId(folder, 'nobody@contract.example', never)).toEqual([])
        expect(await mailbox.findByMessageId(folder, ids[1] ?? '', never)).toHaveLength(1)
      })
      it('into or in a folder that is gone is gone', async () => {
        const { folder } = await folderWith(1)
        await other.deleteFolder(folder)
        expect(await mailbox.append(folder, message('late').source, { flags: [], at: start }, never).catch(asFailure)).toMatchObject({ kind: 'gone' })
        expect(await mailbox.findByMessageId(folder, 'x@contract.example', never).catch(asFailure)).toMatchObject({ kind: 'gone' })
      })
    })

    describe('watching', () => {
      it('hints soon at new, changed and removed mail, and ends when told to', async () => {
        const { folder, ids } = await folderWith(2)
        const ended = new AbortController()
        const hints = new Hints()
        const watching = mailbox.watch(folder, (hint) => hints.add(hint.folderRemoteId), ended.signal)
        await hints.settled()
        for (const change of [
          () => other.deliver(folder, message('watched').source),
          () => other.setFlags(folder, ids[0] ?? '', { flagged: true }),
          () => other.delete(folder, ids[1] ?? ''),
        ]) {
          hints.clear()
          await change()
          await hints.next(setup.hintMs)
        }
        ended.abort()
        await within(1_000, watching)
        hints.clear()
        await other.deliver(folder, message('unwatched').source)
        await new Promise((resolve) => setTimeout(resolve, 300))
        expect(hints.count).toBe(0)
      }, 90_000)
      it('does not begin when it is already over', async () => {
        const { folder } = await folderWith(0)
        await within(1_000, mailbox.watch(folder, () => undefined, AbortSignal.abort()))
      })
    })

    describe('an abort', () => {
      it('before it begins ends every operation at once', async () => {
        const { folder } = await folderWith(1)
        const [remoteId = ''] = (await pulled(folder)).remoteIds()
        const signal = AbortSignal.abort()
        for (const attempt of [
          () => mailbox.listFolders(signal),
          () => all(mailbox.pull(folder, null, { signal, pageSize: 10, known: () => [] })),
          () => all(mailbox.fetchBodies(folder, [remoteId], { signal, inlineLimit: 10 })),
          () => mailbox.fetchRaw(folder, remoteId, signal),
          () => mailbox.listRemoteIds(folder, signal),
          () => mailbox.search(folder, ['x'], signal),
          () => mailbox.apply({ kind: 'delete', folderRemoteId: folder, remoteIds: [remoteId] }, signal),
        ]) {
          expect(await within<unknown>(500, attempt().catch(asFailure))).toMatchObject({ kind: 'offline', code: 'aborted' })
        }
        expect(await other.list(folder)).toHaveLength(1)
      })
      it('in the middle ends it promptly with the reason given, and the mailbox goes on working', async () => {
        const { folder, ids } = await folderWith(30)
        const replica = await pulled(folder)
        const reason = new MailFailure('offline', 'stalled')
        for (const begin of [
          (signal: AbortSignal) => all(mailbox.pull(folder, null, { signal, pageSize: 1, known: () => [] })),
          (signal: AbortSignal) => all(mailbox.fetchBodies(folder, replica.remoteIds(), { signal, inlineLimit: 100_000 })),
          (signal: AbortSignal) => mailbox.listFolders(signal),
          (signal: AbortSignal) => mailbox.search(folder, ['text'], signal),
        ]) {
          const controller = new AbortController()
          const running = begin(controller.signal).catch(asFailure)
          await Promise.resolve()
          controller.abort(reason)
          const ended = await within<unknown>(1_000, running)
          if (ended instanceof MailFailure) expect(ended).toBe(reason)
        }
        expect((await pulled(folder)).ids().sort()).toEqual([...ids].sort())
      })
    })

    it('refuses to work once it is closed', async () => {
      const later = await setup.reopen()
      await later.listFolders(never)
      await later.close()
      await later.close()
      expect(await later.listFolders(never).catch(asFailure)).toMatchObject({ kind: 'offline' })
    })
  })
}

/** What a caller holds of one folder, kept the way the program keeps it: a page is applied whole, together with its cursor. */
export class Replica {
  readonly #pageSize: number
  readonly #held = new Map<string, { id: string; flags: RemoteFlags }>()
  cursor: string | null = null
  pages = 0
  /** Messages listed although they were held already. */
  repeated = 0
  lastPage: PullPage | null = null

  constructor(pageSize = 50) {
    this.#pageSize = pageSize
  }

  async pull(mailbox: Mailbox, folder: string, options: { readonly pages?: number; readonly thorough?: boolean; readonly signal?: AbortSignal; readonly onPage?: () => Promise<void> } = {}): Promise<void> {
    let left = options.pages ?? Number.POSITIVE_INFINITY
    for await (const page of mailbox.pull(folder, this.cursor, { signal: options.signal ?? never, pageSize: this.#pageSize, known: () => this.remoteIds(), thorough: options.thorough })) {
      this.apply(page)
      await options.onPage?.()
      if (--left <= 0) return
    }
  }

  apply(page: PullPage): void {
    for (const remoteId of page.removed) this.#held.delete(remoteId)
    for (const { remoteId, flags } of page.flagged) {
      const held = this.#held.get(remoteId)
      if (held) held.flags = flags
    }
    for (const one of page.added) {
      if (this.#held.has(one.remoteId)) this.repeated++
      this.#held.set(one.remoteId, { id: messageIdIn(one.headers), flags: one.flags })
    }
    this.cursor = page.cursor
    this.pages++
    this.lastPage = page
  }

  /** After `cursor-lost`: everything is forgotten. */
  reset(): void {
    this.#held.clear()
    this.cursor = null
  }

  /** As if the program had lost it. */
  forget(id: string): void {
    this.#held.delete(this.remoteIdOf(id))
  }

  ids(): string[] {
    return [...this.#held.values()].map((one) => one.id)
  }

  keywordsOf(id: string): readonly string[] {
    return this.#held.get(this.remoteIdOf(id))?.flags.keywords ?? []
  }

  flagged(): string[] {
    return [...this.#held.values()].filter((one) => one.flags.flagged).map((one) => one.id)
  }

  remoteIds(): string[] {
    return [...this.#held.keys()]
  }

  remoteIdOf(id: string): string {
    for (const [remoteId, one] of this.#held) if (one.id === id) return remoteId
    throw new Error(`the replica holds no ${id}`)
  }

  idOf(remoteId: string): string {
    return this.#held.get(remoteId)?.id ?? `unknown ${remoteId}`
  }

  expectEqual(truth: readonly ActorMessage[]): void {
    const byId = (a: ActorMessage, b: ActorMessage): number => (a.messageId < b.messageId ? -1 : 1)
    const held = [...this.#held.values()].map(({ id, flags: { seen, flagged, answered } }): ActorMessage => ({ messageId: id, seen, flagged, answered }))
    expect(held.sort(byId)).toEqual([...truth].sort(byId))
    expect(this.lastPage?.toFetch).toBe(0)
    expect(this.lastPage?.total).toBe(truth.length)
  }
}

class Hints {
  #waiting: (() => void)[] = []
  count = 0

  add(_folder: string | null): void {
    this.count++
    for (const wake of this.#waiting.splice(0)) wake()
  }

  clear(): void {
    this.count = 0
  }

  async next(ms: number): Promise<void> {
    if (this.count > 0) return
    await within(ms, new Promise<void>((resolve) => this.#waiting.push(resolve)))
  }

  /** A watch may begin with a hint; after this long it has begun. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** For `promise.catch(asFailure)`: a failure becomes a value, anything else stays an error. */
export function asFailure(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error
  throw error
}

export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not settled within ${String(ms)} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

async function named(mailbox: Mailbox, name: string): Promise<RemoteFolder | undefined> {
  return (await mailbox.listFolders(never)).find((folder) => folder.name === name)
}

export function messageIdIn(headers: Uint8Array): string {
  return /^message-id:\s*<([^>]*)>/im.exec(Buffer.from(headers).toString('latin1'))?.[1] ?? ''
}

function headerPart(source: Uint8Array): string {
  const text = Buffer.from(source).toString()
  return text.slice(0, text.indexOf('\r\n\r\n') + 4)
}

export function message(key: string, parts: { readonly subject?: string; readonly text?: string; readonly extra?: string } = {}): { id: string; source: Buffer } {
  const id = `${key.replace(/[^\w.]/g, '-')}@contract.example`
  const source = Buffer.from(
    `From: Kari Nordmann <kari@example.no>\r\nTo: Anna <anna@example.org>\r\nSubject: ${parts.subject ?? `Message ${key}`}\r\nDate: Mon, 05 Jan 2026 09:00:00 +0000\r\nMessage-ID: <${id}>\r\n${parts.extra ?? ''}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${parts.text ?? `The text of ${key}.`}\r\n`,
  )
  return { id, source }
}

function messageWithAttachment(key: string, size: number): { id: string; source: Buffer } {
  const id = `${key}@contract.example`
  const lines = (Buffer.alloc(size, 'cv').toString('base64').match(/.{1,76}/g) ?? []).join('\r\n')
  const source = Buffer.from(
    `From: Kari <kari@example.no>\r\nTo: anna@example.org\r\nSubject: CV\r\nMessage-ID: <${id}>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="mix=1"\r\n\r\nA preamble.\r\n--mix=1\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nthe text of ${key}\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>the html of ${key}</p>\r\n--alt--\r\n\r\n--mix=1\r\nContent-Type: text/plain; name="small.txt"\r\nContent-Disposition: attachment; filename="small.txt"\r\n\r\nthe small attachment\r\n--mix=1\r\nContent-Type: application/pdf; name="cv.pdf"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="cv.pdf"\r\n\r\n${lines}\r\n--mix=1--\r\nAn epilogue.\r\n`,
  )
  return { id, source }
}

/** Sources a careless provider changes on the way. */
function oddSources(): { id: string; source: Buffer }[] {
  const withBody = (key: string, body: Buffer): { id: string; source: Buffer } => {
    const { id, source } = message(key)
    return { id, source: Buffer.concat([Buffer.from(headerPart(source)), body]) }
  }
  return [
    message('plain'),
    withBody('empty body', Buffer.alloc(0)),
    withBody('no newline at the end', Buffer.from('no newline')),
    withBody('dots and braces', Buffer.from('.\r\n..\r\n{5}\r\n) OK done\r\n* 1 FETCH (UID 1)\r\n')),
    withBody('raw bytes', Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1).filter((byte) => byte !== 10 && byte !== 13))),
    withBody('one long line', Buffer.from('x'.repeat(20_000))),
    withBody('many lines', Buffer.from('line\r\n'.repeat(20_000))),
    message('raw headers', { subject: 'Größe', extra: 'X-Empty:\r\nX-Folded: a\r\n\tb\r\n' }),
  ]
}
