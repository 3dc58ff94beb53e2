// Proves a folder: compares the full set of ids on the server with ours and mends what differs.
import { noteCompared, notePulled, remoteIdsIn, resetFolder, syncFolder } from '../../../db/queries/folders.ts'
import { removePlacements } from '../../../db/queries/messages.ts'
import { paced } from './paced.ts'
import { pullFolder, type FolderWork } from './pull-folder.ts'

/** How often a folder that keeps changing under our eyes is compared again before it is left for the next time. */
const rounds = 3

export async function compareFolder(work: FolderWork, alive: () => void): Promise<void> {
  const { db, folder, mailbox, signal, clock } = work
  await pullFolder(work, alive)
  for (let round = 0; round < rounds; round++) {
    const remote = new Set(await mailbox.listRemoteIds(folder.remoteId, signal))
    alive()
    const local = new Set(remoteIdsIn(db, folder.id))
    const extra = [...local.difference(remote)]
    const missing = remote.difference(local)
    await paced(extra.length, (from, more) => {
      let at = from
      db.write('remove placements the server does not have', (tx) => {
        do removePlacements(tx, folder.id, extra.slice(at, at + 1), clock.now())
        while (++at < extra.length && more())
      })
      return at
    })
    if (missing.size === 0) {
      db.write('note a comparison', (tx) => noteCompared(tx, folder.id, remote.size, clock.now()))
      return
    }
    // Arrived since the pull, or lost: listing the folder once more from the start brings both.
    if (round > 0) db.write('list a folder again', (tx) => resetFolder(tx, folder.id))
    const again = syncFolder(db, folder.id)
    if (!again) return
    await pullFolder({ ...work, folder: again }, alive)
  }
  db.write('note a pull', (tx) => notePulled(tx, folder.id, null, clock.now()))
}
