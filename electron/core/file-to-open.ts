// The last look at a file before the operating system opens it, whoever asked.
import { lstat, realpath } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { attachmentKind } from '../mail/mime/attachment-kind.ts'

/** True for a plain file inside the data folder that does not run when opened. */
export async function mayOpenFile(path: string, dataDir: string): Promise<boolean> {
  try {
    const [stat, real, root] = await Promise.all([lstat(path), realpath(path), realpath(dataDir)])
    return stat.isFile() && real.startsWith(root + sep) && attachmentKind('', basename(real)) !== 'executable'
  } catch {
    return false
  }
}
