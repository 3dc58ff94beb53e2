// All the page gets of the desktop: a port to the program, the platform's name, menu commands, and dragging a file out.
import { contextBridge, ipcRenderer } from 'electron'
import type { IpcRendererEvent } from 'electron'
import { menuCommands, portMessage } from '../../../shared/api/host-window.ts'
import type { HostWindow } from '../../../shared/api/host-window.ts'
import { channels } from './channels.ts'

// The parts of the page's world used here; this room is otherwise without DOM types.
declare const window: {
  readonly addEventListener: (type: 'load', run: () => void) => void
  readonly postMessage: (message: string, target: string, ports: IpcRendererEvent['ports']) => void
}
declare const location: { readonly origin: string }

let asked = false
const connect = (): void => {
  asked = true
  ipcRenderer.send(channels.connect)
}
ipcRenderer.on(channels.port, (event) => window.postMessage(portMessage, location.origin, event.ports))
window.addEventListener('load', () => {
  if (!asked) connect()
})

const host: HostWindow = {
  kind: 'desktop',
  platform: process.platform,
  connect,
  startDrag: (messageId, index) => ipcRenderer.send(channels.drag, messageId, index),
  onMenu(run) {
    const listener = (_event: unknown, chosen: unknown): void => {
      const command = menuCommands.find((one) => one === chosen)
      if (command) run(command)
    }
    ipcRenderer.on(channels.menu, listener)
    return () => ipcRenderer.off(channels.menu, listener)
  },
}
contextBridge.exposeInMainWorld('shortlistHost', host)
