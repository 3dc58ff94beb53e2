import type { HostGlobal } from '../../shared/api/host-window.ts'
import type { Opener } from './connection.ts'
import { openMessagePort } from './message-port-channel.ts'
import { openWebSocket, takeToken } from './web-socket-channel.ts'

/** What the desktop host put on the window; undefined in a browser. */
export const hostWindow = (globalThis as HostGlobal).shortlistHost

/** The channel this window has: the desktop host's message port, or the Node host's WebSocket. */
export function openChannel(): Opener {
  return hostWindow ? openMessagePort(hostWindow) : openWebSocket(takeToken())
}
