// The channel of the desktop host: a MessagePort that the preload script hands over with a window message.
import { RPCLink } from '@orpc/client/message-port'
import { portMessage } from '../../shared/api/host-window.ts'
import type { HostWindow } from '../../shared/api/host-window.ts'
import type { Opened } from './connection.ts'

export function openMessagePort(host: HostWindow): () => Promise<Opened> {
  return () =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        removeEventListener('message', take)
        reject(new Error('No port arrived.'))
      }, 5000)
      const take = (event: MessageEvent) => {
        const port = event.ports[0]
        if (event.source !== window || event.data !== portMessage || !port) return
        removeEventListener('message', take)
        clearTimeout(timer)
        const closed = new Promise<void>((done) => port.addEventListener('close', () => done(), { once: true }))
        const link = new RPCLink({ port })
        port.start()
        resolve({ link, closed })
      }
      addEventListener('message', take)
      host.connect()
    })
}
