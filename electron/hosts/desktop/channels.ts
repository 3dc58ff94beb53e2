/** Electron's channels between the preload script and the main process. Everything else goes through the port. */
export const channels = { connect: 'shortlist:connect', port: 'shortlist:port', menu: 'shortlist:menu', drag: 'shortlist:drag' } as const
