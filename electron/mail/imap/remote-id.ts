// A message's remote id is its UID together with the folder's UIDVALIDITY: `4711.k3x9f2`. A UID alone would mean another
// message once a server numbers a folder anew, and a late 'delete' would hit the wrong one.

export function remoteIdOf(uid: number, uidValidity: string): string {
  return `${String(uid)}.${BigInt(uidValidity).toString(36)}`
}

/** The ids of many messages of one folder. */
export function remoteIdsOf(uids: Iterable<number>, uidValidity: string): string[] {
  const suffix = `.${BigInt(uidValidity).toString(36)}`
  return Array.from(uids, (uid) => String(uid) + suffix)
}

/** The UID, if the id belongs to this numbering of the folder; else null. */
export function uidOf(remoteId: string, uidValidity: string): number | null {
  const dot = remoteId.indexOf('.')
  if (dot < 1 || remoteId.slice(dot + 1) !== BigInt(uidValidity).toString(36)) return null
  const uid = Number(remoteId.slice(0, dot))
  return Number.isInteger(uid) && uid > 0 ? uid : null
}

/** The same for many, keeping their order; ids of another numbering are left out. */
export function uidsOfIds(remoteIds: readonly string[], uidValidity: string): readonly number[] {
  const suffix = `.${BigInt(uidValidity).toString(36)}`
  const uids: number[] = []
  for (const id of remoteIds) {
    if (!id.endsWith(suffix)) continue
    const uid = Number(id.slice(0, -suffix.length))
    if (Number.isInteger(uid) && uid > 0) uids.push(uid)
  }
  return uids
}
