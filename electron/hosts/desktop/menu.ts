// The menu bar and the tray. Entries of the app itself are carried out by the page, which owns every command; their keys
// are only shown here where the platform allows, because the page listens for them too.
import { Menu, Tray, nativeImage } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../../shared/api/host-window.ts'
import type { Locale } from '../../../shared/model/settings.ts'
import { menuText } from './menu-text.ts'
import type { MenuRole } from './menu-text.ts'

const keys: Readonly<Partial<Record<MenuCommand, string>>> = { settings: 'CmdOrCtrl+,', print: 'CmdOrCtrl+P', 'command-palette': 'CmdOrCtrl+K' }

export function showMenu(locale: Locale, isMac: boolean, run: (command: MenuCommand) => void): void {
  const text = menuText[locale]
  const role = (name: MenuRole): MenuItemConstructorOptions => ({ role: name, label: text[name] })
  const command = (name: MenuCommand): MenuItemConstructorOptions => ({ label: text[name], accelerator: keys[name], registerAccelerator: false, click: () => run(name) })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: text.file, submenu: [command('add-account'), command('sync-now'), line, command('print'), command('settings'), line, role(isMac ? 'close' : 'quit')] },
    { label: text.edit, submenu: [role('undo'), role('redo'), line, role('cut'), role('copy'), role('paste'), role('selectAll'), line, command('search')] },
    { label: text.view, submenu: [command('command-palette'), line, role('resetZoom'), role('zoomIn'), role('zoomOut'), line, role('togglefullscreen')] },
    { label: text.window, role: 'window', submenu: [role('minimize'), ...(isMac ? [] : [role('close')])] },
    { label: text.help, role: 'help', submenu: [command('shortcuts')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

export function showTray(locale: Locale, icon: string, show: () => void, quit: () => void): Tray {
  const tray = new Tray(nativeImage.createFromPath(icon))
  const text = menuText[locale]
  tray.setToolTip('Shortlist')
  tray.setContextMenu(Menu.buildFromTemplate([{ label: text.show, click: show }, { type: 'separator' }, { label: text.quit, click: quit }]))
  tray.on('click', show)
  return tray
}
