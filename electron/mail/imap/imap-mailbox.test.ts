import { afterEach, describe, expect, it } from 'vitest'
import { startDovecot } from '../../../e2e/servers/dovecot.ts'
import type { Dovecot, DovecotOptions } from '../../../e2e/servers/dovecot.ts'
import { quoted } from '../../../e2e/servers/imap-session.ts'
import type { ImapSession } from '../../../e2e/servers/imap-session.ts'
import { encodeModifiedUtf7 } from '../../../e2e/servers/modified-utf7.ts'
import type { Mailbox } from '../mailbox.ts'
import { Replica, all, describeMailbox, message } from '../mailbox-contract.ts'
import type { MailboxSetup, SecondActor } from '../mailbox-contract.ts'
import { createImapMailbox } from './imap-mailbox.ts'
import type { ImapMailboxOptions } from './imap-mailbox.ts'

function mailboxOn(server: Pick<Dovecot, 'host' | 'port'>, options: Partial<ImapMailboxOptions> = {}): Mailbox {
  return createImapMailbox({
    settings: { kind: 'imap', incoming: { host: server.host, port: server.port, security: 'plain' }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [] },
    password: () => Promise.resolve('geheim'),
    ...options,
  })
}

/** A mail program of the plainest kind, over a connection of its own. */
function secondActor(dovecot: Dovecot, session: ImapSession, shape: { readonly separator: string; readonly prefix: string }): SecondActor {
  const name = (folder: string): string => quoted(encodeModifiedUtf7(folder))
  const pathOf = (parent: string | null, own: string): string => (parent === null ? shape.prefix + own : parent + shape.separator + own)
  const select = (folder: string): Promise<unknown> => session.do(`SELECT ${name(folder)}`)
  const uidOf = async (messageId: string): Promise<number> => {
    const [uid] = await session.search(`HEADER Message-ID ${quoted(`<${messageId}>`)}`)
    if (uid === undefined) throw new Error(`no message ${messageId}`)
    return uid
  }
  // Not in the folder of the message afterwards: some servers hold back changes while it is open.
  const leave = (): Promise<unknown> => session.do('EXAMINE INBOX')
  return {
    deliver: (folder, source, { seen, receivedAt } = {}) =>
      dovecot.deliver('anna', folder, Buffer.from(source), { flags: seen ? ['\\Seen'] : [], ...(receivedAt === undefined ? {} : { date: new Date(receivedAt) }) }),
    async list(folder) {
      await select(folder)
      const { untagged } = await session.do('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])').catch(() => ({ untagged: [] }))
      await leave()
      return untagged
        .filter((line) => line.includes('MESSAGE-ID'))
        .map((line) => ({
          messageId: /Message-ID: <([^>]*)>/i.exec(line)?.[1] ?? '',
          seen: /FLAGS \([^)]*\\Seen/.test(line),
          flagged: /FLAGS \([^)]*\\Flagged/.test(line),
          answered: /FLAGS \([^)]*\\Answered/.test(line),
        }))
    },
    async setFlags(folder, messageId, flags) {
      await select(folder)
      const uid = await uidOf(messageId)
      for (const [flag, on] of Object.entries(flags)) await session.do(`UID STORE ${String(uid)} ${on ? '+' : '-'}FLAGS (\\${flag})`)
      await leave()
    },
    async move(folder, messageId, to) {
      await select(folder)
      const uid = await uidOf(messageId)
      await session.do(`UID COPY ${String(uid)} ${name(to)}`)
      await session.do(`UID STORE ${String(uid)} +FLAGS (\\Deleted)`)
      await session.do('EXPUNGE')
      await leave()
    },
    async delete(folder, messageId) {
      await select(folder)
      await session.do(`UID STORE ${String(await uidOf(messageId))} +FLAGS (\\Deleted)`)
      await session.do('EXPUNGE')
      await leave()
    },
    async createFolder(parent, own) {
      const path = pathOf(parent, own)
      await session.do(`CREATE ${name(path)}`)
      return path
    },
    async renameFolder(folder, parent, own) {
      const path = pathOf(parent, own)
      await session.do(`RENAME ${name(folder)} ${name(path)}`)
      return path
    },
    async deleteFolder(folder) {
      await session.do(`DELETE ${name(folder)}`)
    },
    async folderNames(parent) {
      const above = parent === null ? shape.prefix : parent + shape.separator
      const { untagged } = await session.do(`LIST "" ${quoted(encodeModifiedUtf7(above) + '%')}`)
      return untagged.filter((line) => line.startsWith('* LIST') && !line.includes('\\NonExistent')).map((line) => nameInList(line).slice(above.length))
    },
    async renumber(folder) {
      const validity = async (): Promise<string | undefined> => /UIDVALIDITY (\d+)/.exec((await session.do(`STATUS ${name(folder)} (UIDVALIDITY)`)).untagged.join())?.[1]
      const before = await validity()
      do {
        await session.do(`DELETE ${name(folder)}`)
        // A numbering is named after the second it began in.
        await new Promise((resolve) => setTimeout(resolve, 1_050))
        await session.do(`CREATE ${name(folder)}`)
      } while ((await validity()) === before)
      await dovecot.deliver('anna', folder, message('renumbered').source)
    },
  }
}

function nameInList(line: string): string {
  const rest = /^\* LIST \([^)]*\) (?:"(?:\\?.)"|NIL) ([\s\S]*)$/.exec(line)?.[1] ?? ''
  const raw = rest.startsWith('"') ? rest.slice(1, -1).replace(/\\(.)/g, '$1') : rest.startsWith('{') ? rest.slice(rest.indexOf('\n') + 1) : rest
  return raw.replace(/&([^-]*)-/g, (_, base64: string) => (base64 === '' ? '&' : Buffer.from(base64.replaceAll(',', '/'), 'base64').swap16().toString('utf16le')))
}

function setUp(options: DovecotOptions, own: Partial<ImapMailboxOptions> = {}, hintMs = 2_000): () => Promise<MailboxSetup> {
  return async () => {
    const dovecot = await startDovecot(options)
    const session = await dovecot.session('anna')
    return {
      mailbox: mailboxOn(dovecot, own),
      reopen: () => Promise.resolve(mailboxOn(dovecot, own)),
      other: secondActor(dovecot, session, { separator: options.separator ?? '/', prefix: options.prefix ?? '' }),
      hintMs,
      async tearDown() {
        await session.close()
        await dovecot.dispose()
      },
    }
  }
}

describeMailbox('IMAP with every extension', setUp({}))
// With its list index in memory Dovecot would not show one session the folders another one made.
describeMailbox('IMAP as it was in the nineties', setUp({ capabilities: 'plain', extraConfig: 'mailbox_list_index = no' }, { pollMs: 500 }, 3_000))
describeMailbox('IMAP with a dot for a separator and everything below INBOX, without QRESYNC and MOVE', setUp({ separator: '.', prefix: 'INBOX.', capabilities: { without: ['QRESYNC', 'MOVE', 'LIST-STATUS', 'ESEARCH'] }, compression: true }))

describe('IMAP beyond the contract', () => {
  const never = new AbortController().signal
  const servers: Dovecot[] = []
  const start = async (options: DovecotOptions): Promise<Dovecot> => {
    const dovecot = await startDovecot(options)
    servers.push(dovecot)
    return dovecot
  }
  afterEach(async () => {
    for (const dovecot of servers.splice(0)) await dovecot.dispose()
  })
  const shapes: readonly (readonly [string, DovecotOptions])[] = [
    ['with every extension', {}],
    ['without QRESYNC', { capabilities: { without: ['QRESYNC'] } }],
    ['without any extension', { capabilities: 'plain' }],
  ]

  it.each(shapes)('a thorough pull %s lists again what the caller lost and takes back what it should not hold', async (_, options) => {
    const dovecot = await start(options)
    for (let index = 0; index < 12; index++) await dovecot.deliver('anna', 'INBOX', message(`lost.${String(index)}`).source)
    const mailbox = mailboxOn(dovecot)
    const replica = new Replica(5)
    await replica.pull(mailbox, 'INBOX')
    replica.forget('lost.3@contract.example')
    replica.forget('lost.11@contract.example')
    const page = replica.lastPage
    if (!page) throw new Error('no page')
    replica.apply({ ...page, added: [{ ...listed, remoteId: '999.1' }, { ...listed, remoteId: replica.remoteIds()[0]?.replace(/^\d+/, '77') ?? '' }] })
    await replica.pull(mailbox, 'INBOX', { thorough: true })
    expect(replica.remoteIds().sort()).toEqual([...(await mailbox.listRemoteIds('INBOX', never))].sort())
    expect(replica.lastPage).toMatchObject({ total: 12, toFetch: 0 })
    await mailbox.close()
  })

  it.each(shapes)('a folder of thousands with gaps %s is listed whole, and a change anywhere in it is seen', async (_, options) => {
    const dovecot = await start(options)
    const session = await dovecot.session('anna')
    await session.close()
    await dovecot.stop()
    const maildir = dovecot.maildir('anna')
    for (let index = 0; index < 3_000; index++) maildir.add(['INBOX'], { raw: message(`gap.${String(index)}`).source, flags: [], date: new Date(1_700_000_000_000 + index * 60_000) })
    await dovecot.start()
    const other = await dovecot.session('anna')
    await other.do('SELECT INBOX')
    await other.do(`UID STORE ${Array.from({ length: 400 }, (_, index) => String(7 * index + 3)).join(',')} +FLAGS.SILENT (\\Deleted)`)
    await other.do('EXPUNGE')
    const mailbox = mailboxOn(dovecot)
    const replica = new Replica(250)
    await replica.pull(mailbox, 'INBOX')
    expect(replica.ids()).toHaveLength(2_600)
    expect(replica.ids()[0]).toBe('gap.2999@contract.example')
    expect(replica.lastPage).toMatchObject({ total: 2_600, toFetch: 0 })
    await other.do('UID STORE 1,1500,2990 +FLAGS (\\Deleted \\Flagged)')
    await other.do('UID STORE 2,2995 +FLAGS (\\Flagged)')
    await other.do('EXPUNGE')
    await replica.pull(mailbox, 'INBOX', { thorough: true })
    expect(replica.remoteIds().sort()).toEqual([...(await mailbox.listRemoteIds('INBOX', never))].sort())
    expect(replica.flagged().sort()).toEqual(['gap.1@contract.example', 'gap.2994@contract.example'])
    expect(replica.repeated).toBe(0)
    await mailbox.close()
    await other.close()
  }, 60_000)

  it('a large message comes without its large attachments, at any depth, and says how large they are', async () => {
    const dovecot = await start({})
    const lines = (bytes: number): string => (Buffer.alloc(bytes, 'x').toString('base64').match(/.{1,76}/g) ?? []).join('\r\n')
    const cv = lines(90_000)
    const inner = `From: a@example.com\r\nSubject: the application\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="in ner"\r\n\r\n--in ner\r\nContent-Type: text/plain\r\n\r\nplease find my cv\r\n--in ner\r\nContent-Type: application/pdf; name="cv.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${cv}\r\n--in ner--\r\n`
    const single = `Subject: a picture alone\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(60_000)}\r\n`
    const source = Buffer.from(`Message-ID: <forward@x>\r\nSubject: FW\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="----=_Outer"\r\n\r\n------=_Outer\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nsee below\r\n------=_Outer\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n${inner}\r\n------=_Outer\r\nContent-Type: message/rfc822\r\n\r\n${single}\r\n------=_Outer\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(300)}\r\n------=_Outer--\r\n`)
    const onlyText = Buffer.from(`Message-ID: <text@x>\r\nContent-Type: text/plain\r\n\r\n${'a line of text\r\n'.repeat(20_000)}`)
    const onlyFile = Buffer.from(`Message-ID: <file@x>\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(50_000)}\r\n`)
    const broken = Buffer.from(`Message-ID: <broken@x>\r\nContent-Type: multipart/mixed\r\n\r\n--nowhere\r\n${lines(50_000)}\r\n`)
    for (const each of [source, onlyText, onlyFile, broken]) await dovecot.deliver('anna', 'INBOX', each)
    const mailbox = mailboxOn(dovecot)
    const replica = new Replica()
    await replica.pull(mailbox, 'INBOX')
    const bodies = await all(mailbox.fetchBodies('INBOX', ['forward@x', 'text@x', 'file@x', 'broken@x'].map((id) => replica.remoteIdOf(id)), { signal: never, inlineLimit: 10_000 }))
    const [forward, text, file, odd] = bodies.map((body) => ({ ...body, source: Buffer.from(body.source ?? []) }))
    expect(forward?.complete).toBe(false)
    expect(forward?.source.toString()).toBe(source.toString().replace(cv, '').replace(`${lines(60_000)}\r\n`, ''))
    expect(forward?.omitted).toEqual([cv.length, lines(60_000).length + 2])
    expect(text).toMatchObject({ complete: true, source: onlyText })
    expect(file).toMatchObject({ complete: false, omitted: [lines(50_000).length + 2] })
    expect(file?.source.toString()).toBe(onlyFile.toString().slice(0, onlyFile.indexOf('\r\n\r\n') + 4))
    expect(odd).toMatchObject({ complete: true, source: broken })
    await mailbox.close()
  })
})

const listed = { flags: { seen: false, flagged: false, answered: false, draft: false, keywords: [] }, receivedAt: null, size: 1, headers: new Uint8Array(), hasAttachment: null }
