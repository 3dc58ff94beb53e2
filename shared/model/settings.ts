// The person's settings: one schema for every host. Values out of range fall back to the default rather than failing a start.
import { z } from 'zod'

export const locales = ['en', 'de', 'nb'] as const
export const Locale = z.enum(locales)
export type Locale = z.infer<typeof Locale>

export const Settings = z.object({
  locale: z.union([Locale, z.literal('system')]).catch('system'),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  density: z.enum(['comfortable', 'compact']).catch('comfortable'),
  notifications: z.boolean().catch(true),
  /** Keep running in the tray when the window is closed (desktop only). */
  tray: z.boolean().catch(false),
  /** Milliseconds a message is open before it counts as read; null: only by hand. */
  markReadAfterMs: z.number().int().min(0).max(60_000).nullable().catch(0),
  /** Senders whose remote images are always shown, lower-case addresses. */
  imagesFrom: z.array(z.string().max(320)).max(5000).catch([]),
  /** Remembered pane sizes in percent, by layout name. */
  panes: z.record(z.string().max(60), z.array(z.number()).max(8)).catch({}),
  /** Whether the pane with the folders is shown, and the one that reads the selected thread beside the list. */
  folderPane: z.boolean().catch(true),
  readingPane: z.boolean().catch(true),
  /** Closed branches of the folder tree: 'account:<id>' or 'folder:<id>'. */
  closedBranches: z.array(z.string().max(80)).max(5000).catch([]),
  recentSearches: z.array(z.string().max(500)).max(20).catch([]),
  savedSearches: z.array(z.object({ name: z.string().max(100), query: z.string().max(500) })).max(100).catch([]),
  /** Tabs over the inbox for candidates, clients, unknown and bulk. */
  lanes: z.boolean().catch(true),
  /** What is shown after a conversation was archived, deleted or moved. */
  afterTriage: z.enum(['next', 'list']).catch('next'),
  /** Seconds in which a sent mail can be taken back. */
  undoSendSeconds: z.number().int().min(0).max(60).catch(10),
  /** A scheduled mail whose time passed while nothing ran: 'late' sends it within `lateSendHours` and asks after that. */
  lateSend: z.enum(['late', 'ask', 'drop']).catch('late'),
  lateSendHours: z.number().int().min(1).max(168).catch(2),
  /** What puts a snippet in beside choosing it from the list: its keyword and Tab, or also ';keyword' and space. */
  snippetKey: z.enum(['menu', 'tab', 'space']).catch('tab'),
  /** The hour and minute 'in the morning' means, in minutes after midnight. */
  morning: z.number().int().min(0).max(1439).catch(8 * 60 + 30),
  window: z
    .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), maximized: z.boolean() })
    .nullable()
    .catch(null),
})
export type Settings = z.infer<typeof Settings>

/** Reads whatever was stored; every missing or bad value becomes its default. */
export function readSettings(stored: unknown): Settings {
  return Settings.parse(typeof stored === 'object' && stored !== null ? stored : {})
}
