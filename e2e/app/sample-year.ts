// The sample mailbox's mail on a real server, so that a story told on the one can be told on the other.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Dovecot } from '../servers/dovecot.ts'

type Seed = {
  readonly reference: string
  readonly folders: readonly { readonly path: string }[]
  readonly messages: readonly { readonly file: string; readonly folder: string; readonly flags: readonly string[] }[]
}

/** As it is shipped with the built program. */
const seedDir = resolve(import.meta.dirname, '../../out/main/seed')

const imapFlags: Readonly<Record<string, string>> = { seen: '\\Seen', answered: '\\Answered', flagged: '\\Flagged', draft: '\\Draft' }

/** Appends it over IMAP; Dovecot must be running. */
export async function fillWithSampleYear(dovecot: Dovecot, user: string): Promise<void> {
  const seed = JSON.parse(await readFile(join(seedDir, 'index.json'), 'utf8')) as Seed
  for (const { file, folder, flags } of seed.messages) {
    const raw = await readFile(join(seedDir, file))
    await dovecot.deliver(user, folder === 'Inbox' ? 'INBOX' : folder, raw, {
      flags: flags.map((flag) => imapFlags[flag] ?? flag),
      date: new Date(/^Date: *(.+)$/im.exec(raw.toString('latin1'))?.[1] ?? seed.reference),
    })
  }
}
