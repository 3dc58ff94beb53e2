// Files on their way into a draft. Uploads come in pieces; one that is left lying is dropped.
import { randomBytes } from 'node:crypto'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { Incoming } from '../../mail/compose/file-store.ts'
import { readAttachment } from '../attachments.ts'
import type { Program } from '../program.ts'
import { base } from './base.ts'

const uploadsAtMost = 64
/** An upload without a piece for this long was given up by its screen, milliseconds. */
const idleMs = 10 * 60_000

type Upload = { readonly incoming: Incoming; cancelIdle: () => void }

export function fileHandlers(program: Program) {
  const { files, host } = program
  const uploads = new Map<string, Upload>()
  const drop = async (id: string): Promise<void> => {
    const upload = uploads.get(id)
    uploads.delete(id)
    upload?.cancelIdle()
    await upload?.incoming.cancel()
  }
  const watch = (id: string, upload: Upload): void => {
    upload.cancelIdle()
    upload.cancelIdle = host.clock.after(idleMs, () => void drop(id))
  }
  const known = (id: string): Upload => {
    const upload = uploads.get(id)
    if (!upload) throw new MailFailure('gone', 'upload-gone')
    watch(id, upload)
    return upload
  }
  return {
    begin: base.files.begin.handler(async ({ input }) => {
      if (uploads.size >= uploadsAtMost) throw new MailFailure('rejected', 'too-many-uploads')
      const id = randomBytes(18).toString('base64url')
      const upload: Upload = { incoming: await files.begin(input), cancelIdle: () => undefined }
      uploads.set(id, upload)
      watch(id, upload)
      return { uploadId: id }
    }),
    append: base.files.append.handler(async ({ input }) => {
      const { incoming } = known(input.uploadId)
      await incoming.append(input.offset, Buffer.from(input.data, 'base64'))
      return { received: incoming.received() }
    }),
    finish: base.files.finish.handler(async ({ input }) => {
      const upload = known(input.uploadId)
      const file = await upload.incoming.finish()
      upload.cancelIdle()
      uploads.delete(input.uploadId)
      return file
    }),
    cancel: base.files.cancel.handler(({ input }) => drop(input.uploadId)),
    fromAttachment: base.files.fromAttachment.handler(async ({ input }) => {
      const file = await readAttachment(program, input.messageId, input.index)
      return files.put(file)
    }),
  }
}
