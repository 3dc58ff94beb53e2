import { getMessage } from '../../db/queries/messages.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { MessageId } from '../../shared/model/ids.ts'
import type { Program } from './program.ts'

export type AttachmentFile = { readonly filename: string; readonly mimeType: string; readonly bytes: Uint8Array }

/** One attachment's bytes, from here or from the server. */
export async function readAttachment(program: Program, message: MessageId, index: number): Promise<AttachmentFile> {
  const file = await program.parser.extract(await program.engine.ensureSource(message), index)
  if (!file) throw new MailFailure('gone', 'attachment-gone')
  return file
}

/** Everything a reader would call an attachment: not the pictures the text shows. */
export async function readAttachments(program: Program, message: MessageId): Promise<AttachmentFile[]> {
  const source = await program.engine.ensureSource(message)
  const files: AttachmentFile[] = []
  for (const one of getMessage(program.db, message)?.attachments ?? []) {
    const file = one.inline ? null : await program.parser.extract(source, one.index)
    if (file) files.push(file)
  }
  return files
}
