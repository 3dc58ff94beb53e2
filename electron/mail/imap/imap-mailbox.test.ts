import { startDovecot } from '../../../e2e/servers/dovecot.ts'
import type { Dovecot, DovecotOptions } from '../../../e2e/servers/dovecot.ts'
import { quoted } from '../../../e2e/servers/imap-session.ts'
import type { ImapSession } from '../../../e2e/servers/imap-session.ts'
import { encodeModifiedUtf7 } from '../../../e2e/servers/modified-utf7.ts'
import type { Mailbox } from '../mailbox.ts'
import { describeMailbox, message } from '../mailbox-contract.ts'
import type { MailboxSetup, SecondActor } from '../mailbox-contract.ts'
import { createImapMailbox } from './imap-mailbox.ts'
import type { ImapMailboxOptions } from './imap-mailbox.ts'

function mailboxOn(server: Pick<Dovecot, 'host' | 'port'>, options: Partial<ImapMailboxOptions> = {}): Mailbox {
  return createImapMailbox({
    settings: { kind: 'imap', incoming: { host: server.host, port: server.port, security: 'plain' }, userName: 'anna', plainConsent: true, trusted: [] },
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
