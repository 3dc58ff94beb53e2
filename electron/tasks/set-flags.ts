import { z } from 'zod'
import { remoteIdOf } from '../../db/queries/folders.ts'
import { lowerPending, remoteIdsOf, revertFlags } from '../../db/queries/messages.ts'
import { FolderId, PlacementId } from '../../shared/model/ids.ts'
import type { TaskKind } from './task.ts'

const Payload = z.object({
  folderId: FolderId,
  placements: z.array(PlacementId),
  seen: z.boolean().optional(),
  flagged: z.boolean().optional(),
})
type Payload = z.infer<typeof Payload>

export const setFlags: TaskKind<Payload> = {
  name: 'set-flags',
  parse: (payload) => Payload.parse(payload),
  async run(payload, { db, mailbox, signal }) {
    const folderRemoteId = remoteIdOf(db, payload.folderId)
    const remoteIds = remoteIdsOf(db, payload.placements)
    if (folderRemoteId !== null && remoteIds.length > 0) {
      const flags = (wanted: boolean): ('seen' | 'flagged')[] => [
        ...(payload.seen === wanted ? (['seen'] as const) : []),
        ...(payload.flagged === wanted ? (['flagged'] as const) : []),
      ]
      await mailbox.apply({ kind: 'set-flags', folderRemoteId, remoteIds, add: flags(true), remove: flags(false) }, signal)
    }
    return (tx) => {
      lowerPending(tx, payload.placements)
    }
  },
  undo(payload, tx) {
    revertFlags(tx, payload.placements, payload)
    lowerPending(tx, payload.placements)
  },
  refused: () => ({ code: 'flags-refused', values: {} }),
}
