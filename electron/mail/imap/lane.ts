// One connection used by one piece of work at a time, in the order asked. It is opened when work comes, looked after before
// it is used again, and closed when nobody has needed it for a while. Work that is aborted takes the connection with it:
// IMAP has no way to call a command back.
import { MailFailure } from '../../../shared/model/failure.ts'
import { abortFailure, throwIfAborted } from './imap-failure.ts'
import { ignore } from './imap-connection.ts'
import type { Connection } from './imap-connection.ts'

/** A connection quiet for longer than this is asked whether it still lives before work is given to it. */
const trustMs = 20_000
const probeMs = 8_000

export type Lane = {
  readonly busy: boolean
  readonly use: <T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>) => Promise<T>
  /** Lets go of the connection if it has this folder open: a deleted or renamed folder must not stay selected. */
  readonly leave: (path: string) => void
  readonly close: () => Promise<void>
}

export function createLane(open: (signal: AbortSignal) => Promise<Connection>, idleMs: number): Lane {
  let connection: Connection | null = null
  const gate = { closed: false }
  const isClosed = (): boolean => gate.closed
  let occupied = false
  const waiting: (() => void)[] = []
  let idle: NodeJS.Timeout | undefined

  const enter = async (signal: AbortSignal): Promise<void> => {
    throwIfAborted(signal)
    if (!occupied) {
      occupied = true
      return
    }
    await new Promise<void>((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(turn), 1)
        reject(abortFailure(signal))
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.push(turn)
    })
  }

  const exit = (): void => {
    const next = waiting.shift()
    if (next) {
      next()
      return
    }
    occupied = false
    clearTimeout(idle)
    idle = setTimeout(() => {
      const resting = connection
      connection = null
      void resting?.logout()
    }, idleMs)
    idle.unref()
  }

  /** Half-open sockets, as after sleep, say nothing by themselves. */
  const stillThere = async (candidate: Connection): Promise<boolean> => {
    if (candidate.closed) return false
    if (candidate.quietMs() < trustMs) return true
    const patience = setTimeout(() => candidate.close(new MailFailure('offline', 'timeout')), probeMs)
    try {
      await candidate.run((client) => client.noop())
      return !candidate.closed
    } catch {
      return false
    } finally {
      clearTimeout(patience)
    }
  }

  const use = async <T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> => {
    if (isClosed()) throw new MailFailure('offline', 'closed')
    await enter(signal)
    clearTimeout(idle)
    const onAbort = (): void => connection?.close(abortFailure(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      if (connection && !(await stillThere(connection))) connection = null
      throwIfAborted(signal)
      if (isClosed()) throw new MailFailure('offline', 'closed')
      if (!connection) {
        const opened = await open(signal)
        connection = opened
        opened.onClosed(() => {
          if (connection === opened) connection = null
        })
        if (isClosed()) opened.close()
      }
      return await work(connection)
    } finally {
      signal.removeEventListener('abort', onAbort)
      exit()
    }
  }

  return {
    get busy() {
      return occupied
    },
    use,
    leave(path) {
      if (connection?.selected?.path !== path) return
      const leaving = connection
      connection = null
      leaving.logout().catch(ignore)
    },
    async close() {
      gate.closed = true
      clearTimeout(idle)
      const last = connection
      connection = null
      if (!last) return
      if (occupied) last.close()
      else await last.logout()
    },
  }
}
