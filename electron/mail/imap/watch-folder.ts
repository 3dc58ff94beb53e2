// Waits for the server to say that something changed. IDLE where the server has it, else a question every so often.
import type { WatchHint } from '../mailbox.ts'
import { ignore } from './imap-connection.ts'
import type { Connection } from './imap-connection.ts'
import { abortFailure } from './imap-failure.ts'

/** An IDLE this quiet is interrupted by a NOOP, and a NOOP not answered in the same time ends the connection. That notices a
 *  dead peer in under two minutes and renews the IDLE long before a server may end it (29 minutes, RFC 2177). */
export const watchSilenceMs = 50_000
/** An IDLE that ends this soon without our asking is not worth repeating. */
const hastyMs = 1_000

/** Resolves when the signal aborts, rejects when the connection is lost. The connection is used up either way. */
export async function watchFolder(connection: Connection, path: string, hint: (change: WatchHint) => void, { pollMs, signal }: { readonly pollMs: number; readonly signal: AbortSignal }): Promise<void> {
  const isAborted = (): boolean => signal.aborted
  const tell = (): void => {
    if (!isAborted()) hint({ folderRemoteId: path })
  }
  const stop = (): void => connection.close(abortFailure(signal))
  signal.addEventListener('abort', stop, { once: true })
  try {
    await connection.select(path, 'read')
    await connection.run((client) => {
      client.on('exists', tell)
      client.on('flags', tell)
      client.on('expunge', tell)
      return Promise.resolve()
    })
    // What happened between the last pull and this moment is told to nobody else.
    tell()
    let hasty = 0
    let idles = connection.capabilities.has('IDLE')
    while (!isAborted() && !connection.closed) {
      if (!idles) {
        await untilAborted(pollMs, signal)
        if (!isAborted()) await connection.run((client) => client.noop())
        continue
      }
      const startedAt = Date.now()
      // The library types this as nothing, yet answers false for a refusal.
      const ended = (await connection.run((client) => client.idle())) as unknown
      hasty = Date.now() - startedAt < hastyMs ? hasty + 1 : 0
      if (ended === false || hasty >= 3) idles = false
    }
    if (!isAborted()) throw connection.whyClosed()
  } catch (error) {
    if (!isAborted()) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    if (!connection.closed) await connection.logout().catch(ignore)
  }
}

/** Resolves after the time, or at once when the signal aborts. */
function untilAborted(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
