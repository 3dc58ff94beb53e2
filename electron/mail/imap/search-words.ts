// The server's own search in the selected folder: messages that contain all the words, headers and text alike.
import type { Connection } from './imap-connection.ts'
import { emptySet, formatUidSet, intersect, parseUidSet, uidSet } from './uid-set.ts'
import type { UidSet } from './uid-set.ts'

/** A set with more ranges than this would make too long a command; the answer is then narrowed down here. */
const mostRanges = 300

export async function searchWords(connection: Connection, words: readonly string[]): Promise<UidSet> {
  const wanted = words.map((word) => word.replace(/\p{Cc}/gu, ' ').trim()).filter((word) => word !== '')
  if (wanted.length === 0 || !connection.selected?.exists) return emptySet
  if (connection.capabilities.has('X-GM-EXT-1')) {
    const query = wanted.map((word) => `"${word.replaceAll('"', ' ').trim()}"`).join(' ')
    return found(await connection.must((client) => client.search({ gmraw: query }, { uid: true })))
  }
  // One criterion a command: each answer narrows the next question, which spares servers without an index most of the work.
  let matches: UidSet | null = null
  for (const word of wanted) {
    const within: UidSet | null = matches !== null && matches.length <= mostRanges ? matches : null
    const answer = found(await connection.must((client) => client.search({ ...(within === null ? {} : { uid: formatUidSet(within) }), text: word }, { uid: true })))
    matches = matches === null ? answer : intersect(matches, answer)
    if (matches.length === 0) return emptySet
  }
  return matches ?? emptySet
}

function found(answer: number[] | { readonly all?: string | undefined }): UidSet {
  return Array.isArray(answer) ? uidSet(answer) : parseUidSet(answer.all ?? '')
}
