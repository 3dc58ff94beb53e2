// The channel of the Node host: a WebSocket to the page's own origin. The per-start token arrives in the address's hash,
// is moved to sessionStorage so that a reload keeps working, and is taken out of the address bar at once.
import { RPCLink } from '@orpc/client/websocket'
import { socketPath, socketProtocol, tokenParameter, tokenProtocol } from '../../shared/api/host-window.ts'
import { ChannelRefused } from './connection.ts'
import type { Opened } from './connection.ts'

const key = 'shortlist.token'

export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get(tokenParameter)
  if (given) {
    sessionStorage.setItem(key, given)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return given ?? sessionStorage.getItem(key)
}

/** Refusals in a row that are believed. One alone can be a host that is just starting or stopping. */
const believed = 3

export function openWebSocket(token: string | null): () => Promise<Opened> {
  let refusals = 0
  return async () => {
    if (token === null) throw new ChannelRefused('This address has no token.')
    const address = new URL(socketPath, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address, [socketProtocol, tokenProtocol(token)])
    const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve(), { once: true }))
    const open = new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true), { once: true })
      void closed.then(() => resolve(false))
    })
    if (await open) {
      refusals = 0
      return { link: new RPCLink({ websocket: socket }), closed }
    }
    // A browser does not say why a handshake failed. A host that still serves pages but not this token was restarted.
    refusals = (await answersHttp()) ? refusals + 1 : 0
    if (refusals >= believed) throw new ChannelRefused('The host does not accept this token.')
    throw new Error('The host is not reachable.')
  }
}

async function answersHttp(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok
  } catch {
    return false
  }
}
