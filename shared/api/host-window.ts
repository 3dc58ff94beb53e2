// What the page finds around it on each host: the names both sides of the border say. In a browser (Node host) the page
// opens a WebSocket to its own origin; in the desktop program `window.shortlistHost` exists before the first script runs.

/** The address the Node host gives out ends in `#token=...`; the token changes with every start. */
export const tokenParameter = 'token'
export const socketPath = '/rpc'
/** Offered first, and the one the server answers with, so that the token is never echoed. */
export const socketProtocol = 'rpc'
export const tokenProtocol = (token: string): string => `t.${token}`

/** `data` of the window's 'message' event that carries the MessagePort (`event.ports[0]`; `event.source` is the window itself). */
export const portMessage = 'shortlist-port'

/** Menu entries that the page carries out. */
export const menuCommands = ['search', 'command-palette', 'shortcuts', 'settings', 'add-account', 'sync-now', 'print'] as const
export type MenuCommand = (typeof menuCommands)[number]

export type HostWindow = {
  readonly kind: 'desktop'
  /** Node's word: 'darwin', 'win32' or 'linux'. */
  readonly platform: string
  /** Asks for a port. One arrives unasked after the window's 'load' event, unless the page asked before it. A newer port closes the older one. */
  readonly connect: () => void
  /** Call from a dragstart handler after preventDefault(), for an attachment that is on this computer. */
  readonly startDrag: (messageId: number, index: number) => void
  /** Calls back for every menu entry chosen; returns a function that stops it. */
  readonly onMenu: (run: (command: MenuCommand) => void) => () => void
}

/** `globalThis` as the page sees it. */
export type HostGlobal = { readonly shortlistHost?: HostWindow }
