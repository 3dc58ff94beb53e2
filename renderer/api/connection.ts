// The one connection to the main side, over whichever channel this window has. It owns opening, losing and reopening the
// channel; callers only ever see `client`, whose calls wait while there is no connection. Nothing is replayed: what was
// in flight when the channel broke fails with ConnectionLost, queries ask again and everything shown is refetched.
import type { ClientLink } from '@orpc/client'
import { DynamicLink, createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { create } from 'zustand'
import type { Contract } from '../../shared/api/contract.ts'

/** Calls carry nothing but their input. */
type NoContext = Record<string, never>
export type Client = ContractRouterClient<Contract>

export type Opened = {
  readonly link: ClientLink<NoContext>
  readonly closed: Promise<void>
}

/** Opens the channel once. Rejects with ChannelRefused when trying again is pointless. */
export type Opener = () => Promise<Opened>

export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused'
}

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused'

export const useConnection = create<{ readonly state: ConnectionState; readonly everOpen: boolean }>(() => ({ state: 'connecting', everOpen: false }))

/** Milliseconds before attempt number `attempt` (from 0), with up to a third of jitter. */
export function reconnectDelay(attempt: number, random: number): number {
  const base = Math.min(8000, 200 * 2 ** attempt)
  return Math.round(base * (1 - random / 3))
}

function withLossNamed(link: ClientLink<NoContext>, isClosed: () => boolean): ClientLink<NoContext> {
  return {
    async call(path, input, options) {
      try {
        return await link.call(path, input, options)
      } catch (error) {
        if (isClosed()) throw new ConnectionLost('The connection to the main side was lost.', { cause: error })
        throw error
      }
    },
  }
}

export type Connection = {
  readonly client: Client
  /** Calls `listener` after each opening; `again` is true from the second one on. */
  readonly onOpen: (listener: (again: boolean) => void) => void
}

export function connect(open: Opener): Connection {
  let current: Promise<ClientLink<NoContext>> = Promise.resolve().then(next)
  const listeners = new Set<(again: boolean) => void>()
  let opened = 0
  let announced = false

  async function next(): Promise<ClientLink<NoContext>> {
    for (let attempt = 0; ; attempt++) {
      try {
        const channel = await open()
        let closed = false
        const link = withLossNamed(channel.link, () => closed)
        void channel.closed.then(() => {
          closed = true
          announced = false
          useConnection.setState({ state: 'lost' })
          current = next()
        })
        const again = opened > 0
        opened++
        useConnection.setState({ state: 'open', everOpen: true })
        queueMicrotask(() => {
          announced = true
          for (const listener of listeners) listener(again)
        })
        return link
      } catch (error) {
        if (error instanceof ChannelRefused) {
          useConnection.setState({ state: 'refused' })
          return new Promise<never>(() => undefined)
        }
        await pauseUntilWorthTrying(reconnectDelay(attempt, Math.random()))
      }
    }
  }

  const client: Client = createORPCClient(new DynamicLink<NoContext>(() => current))
  return {
    client,
    onOpen(listener) {
      listeners.add(listener)
      // The channel may be open before the first listener is there; it must not wait for the next opening.
      if (announced) listener(false)
    },
  }
}

/** Waits `delay`, or less when the network or the window comes back. */
function pauseUntilWorthTrying(delay: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      globalThis.removeEventListener('online', done)
      document.removeEventListener('visibilitychange', whenVisible)
      resolve()
    }
    const whenVisible = () => {
      if (!document.hidden) done()
    }
    const timer = setTimeout(done, delay)
    globalThis.addEventListener('online', done)
    document.addEventListener('visibilitychange', whenVisible)
  })
}
