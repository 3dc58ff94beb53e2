import { openWebSocket, takeToken } from './web-socket-channel.ts'
import type { Opener } from './connection.ts'

/** The channel this window has: the desktop host's message port, or the Node host's WebSocket. */
export function openChannel(): Opener {
  return openWebSocket(takeToken())
}
