// What the window's pages may not do: leave the app, open windows, ask for devices, trust bad certificates, or tell
// other sites who is looking. Refusal is the default; each exception is named.
import { app, shell } from 'electron'
import type { Session, WebContents, WebFrameMain } from 'electron'
import { externalUrl, isExternalUrl } from '../../core/external-url.ts'

export const scheme = 'shortlist'
export const appOrigin = 'shortlist://app'
export const assetBase = '/a/'

/** Node's URL gives custom schemes no origin, so scheme and host are compared. */
export function isAppUrl(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null
  return url?.protocol === `${scheme}:` && url.host === 'app'
}

function mayNavigate(address: string, isMainFrame: boolean): boolean {
  // The window shows the app and never a mail asset; frames show mail assets, previews and nothing else.
  if (isAppUrl(address)) return !isMainFrame || !new URL(address).pathname.startsWith(assetBase)
  return !isMainFrame && (address === 'about:blank' || address === 'about:srcdoc' || address.startsWith(`blob:${appOrigin}/`))
}

/** The app's own page, not a frame inside it. Electron may give several objects for one frame, so no identity is compared. */
export function isAppFrame(frame: WebFrameMain | null): frame is WebFrameMain {
  return frame?.parent === null && frame.origin === appOrigin
}

export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    // A computer without a program for the address is no fault of ours.
    if (isExternalUrl(url)) shell.openExternal(externalUrl(url)).catch(() => undefined)
    return { action: 'deny' }
  })
  contents.on('will-frame-navigate', (details) => {
    if (!mayNavigate(details.url, details.isMainFrame)) details.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

export function guardSession(session: Session): void {
  // Copying text is all the app's own page may ask for.
  const allowed = (permission: string, address: string, isMainFrame: boolean): boolean => permission === 'clipboard-sanitized-write' && isMainFrame && isAppUrl(address)
  session.setPermissionRequestHandler((_contents, permission, callback, details) => callback(allowed(permission, details.requestingUrl, details.isMainFrame)))
  session.setPermissionCheckHandler((_contents, permission, origin, details) => allowed(permission, origin, details.isMainFrame))
  session.setDevicePermissionHandler(() => false)
  // Its dictionaries would come from a server of others.
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event, item) => {
    if (!isAppUrl(item.getURL()) && !item.getURL().startsWith(`blob:${appOrigin}/`)) event.preventDefault()
  })
  // Pictures a person asked for come from the sender's server, which is to learn no more than that.
  const elsewhere = { urls: ['http://*/*', 'https://*/*'] }
  const without = (headers: Record<string, string | string[]>, names: readonly string[]) => Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
  session.webRequest.onBeforeSendHeaders(elsewhere, (details, callback) => callback({ requestHeaders: without(details.requestHeaders, ['cookie', 'referer']) }))
  session.webRequest.onHeadersReceived(elsewhere, (details, callback) => callback({ responseHeaders: without(details.responseHeaders ?? {}, ['set-cookie']) }))
}

/** Before the app is ready. */
export function guardApp(): void {
  app.enableSandbox()
  app.on('web-contents-created', (_event, contents) => guardContents(contents))
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    callback(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    callback()
  })
}
