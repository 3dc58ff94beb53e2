// Putting a message into a folder and finding one again by its Message-ID.
import { MailFailure } from '../../../shared/model/failure.ts'
import type { AppendOptions } from '../mailbox.ts'
import { openFolder } from './fetch-bodies.ts'
import type { Connection } from './imap-connection.ts'
import { remoteIdOf, remoteIdsOf } from './remote-id.ts'

const flagNames = { seen: '\\Seen', draft: '\\Draft', answered: '\\Answered', flagged: '\\Flagged' } as const

/** Carries the Message-ID a message was frozen with; some servers write another into the field itself. */
export const tokenHeader = 'X-Shortlist-Message-Id'

/** The new message's remote id (RFC 4315); null when the server does not tell it. */
export async function appendMessage(connection: Connection, path: string, raw: Uint8Array, { flags, at }: AppendOptions): Promise<string | null> {
  const done = await connection.must((client) => client.append(path, Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), flags.map((flag) => flagNames[flag]), new Date(at)))
  const { uid, uidValidity } = done
  return uid === undefined || uidValidity === undefined ? null : remoteIdOf(uid, String(uidValidity))
}

export async function findByHeader(connection: Connection, path: string, headerMessageId: string): Promise<readonly string[]> {
  // A folder that has been open for a while tells of new messages only when asked; what was sent a second ago must be found.
  if (connection.selected?.path === path) await connection.run((client) => client.noop())
  const validity = await openFolder(connection, path, 'read')
  if (connection.exists() === 0) return []
  for (const [field, value] of [['Message-ID', `<${headerMessageId}>`], [tokenHeader, headerMessageId]] as const) {
    const found = await connection.must((client) => client.search({ header: { [field]: value } }, { uid: true }))
    if (!Array.isArray(found)) throw new MailFailure('offline', 'garbled')
    if (found.length > 0) return remoteIdsOf(found, validity)
  }
  return []
}
