import { ArrowDown, ArrowUp, Bell, Eye, EyeOff, FolderInput, FolderPen, FolderPlus, Palette, TextCursorInput, Trash2 } from 'lucide-react'
import { api, queryClient } from '../../api/api.ts'
import { formatFor } from '../../locales/format.ts'
import { shownLocale, text } from '../../locales/text.ts'
import { showToast } from '../../parts/toast.tsx'
import type { Command, CommandContext } from '../../commands/command.ts'
import type { Account } from '../../../shared/model/account.ts'
import type { Folder } from '../../../shared/model/folder.ts'
import { currentFolder, currentFolders, hideFolder, orderFolders, presentFolder, subscribeFolder } from './folder-changes.ts'
import { shownName } from './folder-names.ts'
import { useFolderState } from './folder-state.ts'
import { compareFolders } from './folder-tree.ts'

/** The folder meant: the one a menu is open on, else the one whose mail is shown. */
function meant({ app }: CommandContext): Folder | undefined {
  const { menuOn } = useFolderState.getState()
  return currentFolder(menuOn ?? (app.view === 'inbox' && typeof app.source === 'number' ? app.source : null))
}

function firstAccount(): Account | undefined {
  return queryClient.getQueryData<{ account: Account }[]>(api.accounts.list.queryKey())?.[0]?.account
}

/** For keys that would surprise anywhere but in the tree. */
const inTree = (context: CommandContext) => has(context) && (useFolderState.getState().menuOn !== null || document.activeElement?.closest('[role="tree"]') !== null)
const has = (context: CommandContext) => meant(context) !== undefined
const isOrdinary = (context: CommandContext) => meant(context)?.special === null

/** The folder's neighbours in the order they are shown. */
function siblings(folder: Folder): readonly Folder[] {
  const format = formatFor(shownLocale(), navigator.languages)
  return currentFolders()
    .filter((other) => other.accountId === folder.accountId && other.parentId === folder.parentId && !other.hidden)
    .toSorted(compareFolders((one) => shownName(one, text), format.compare))
}

function shift(by: -1 | 1) {
  return async (context: CommandContext): Promise<void> => {
    const folder = meant(context)
    if (!folder) return
    const ids = siblings(folder).map(({ id }) => id)
    const from = ids.indexOf(folder.id)
    const to = from + by
    if (to < 0 || to >= ids.length) return
    ids.splice(from, 1)
    ids.splice(to, 0, folder.id)
    await orderFolders(ids)
  }
}

export const folderCommands: readonly Command[] = [
  {
    id: 'folder.new',
    labelKey: 'inbox:folders.new',
    icon: FolderPlus,
    section: 'folder',
    keys: [],
    when: () => firstAccount() !== undefined,
    perform: (context) => {
      const accountId = meant(context)?.accountId ?? firstAccount()?.id
      if (accountId !== undefined) useFolderState.setState({ editing: { kind: 'new', accountId, parentId: null } })
    },
  },
  {
    id: 'folder.new-inside',
    labelKey: 'inbox:folders.newInside',
    icon: FolderPlus,
    section: 'folder',
    keys: [],
    when: has,
    perform: (context) => {
      const folder = meant(context)
      if (folder) useFolderState.setState({ editing: { kind: 'new', accountId: folder.accountId, parentId: folder.id } })
    },
  },
  {
    id: 'folder.rename',
    labelKey: 'inbox:folders.rename',
    icon: FolderPen,
    section: 'folder',
    keys: [],
    when: isOrdinary,
    perform: (context) => {
      const folder = meant(context)
      if (folder) useFolderState.setState({ editing: { kind: 'rename', id: folder.id } })
    },
  },
  {
    id: 'folder.shown-name',
    labelKey: 'inbox:folders.shownName',
    icon: TextCursorInput,
    section: 'folder',
    keys: [],
    when: has,
    perform: (context) => {
      const folder = meant(context)
      if (folder) useFolderState.setState({ editing: { kind: 'shown-name', id: folder.id } })
    },
  },
  {
    id: 'folder.icon',
    labelKey: 'inbox:folders.icon',
    icon: Palette,
    section: 'folder',
    keys: [],
    when: has,
    perform: (context) => useFolderState.setState({ choosingIcon: meant(context)?.id ?? null }),
  },
  {
    id: 'folder.move',
    labelKey: 'inbox:folders.moveTo',
    icon: FolderInput,
    section: 'folder',
    keys: [],
    when: isOrdinary,
    perform: (context) => useFolderState.setState({ moving: meant(context)?.id ?? null }),
  },
  { id: 'folder.up', labelKey: 'inbox:folders.moveUp', icon: ArrowUp, section: 'folder', keys: ['alt+arrowup'], when: inTree, perform: shift(-1) },
  { id: 'folder.down', labelKey: 'inbox:folders.moveDown', icon: ArrowDown, section: 'folder', keys: ['alt+arrowdown'], when: inTree, perform: shift(1) },
  {
    id: 'folder.subscribe',
    labelKey: 'inbox:folders.subscribe',
    icon: Bell,
    section: 'folder',
    keys: [],
    when: isOrdinary,
    checked: (context) => meant(context)?.subscribed ?? false,
    perform: async (context) => {
      const folder = meant(context)
      if (folder) await subscribeFolder(folder)
    },
  },
  {
    id: 'folder.hide',
    labelKey: 'inbox:folders.hide',
    icon: EyeOff,
    section: 'folder',
    keys: [],
    when: (context) => meant(context)?.hidden === false && meant(context)?.special !== 'inbox',
    perform: async (context) => {
      const folder = meant(context)
      if (folder) await hideFolder(folder)
    },
  },
  {
    id: 'folder.show',
    labelKey: 'inbox:folders.show',
    icon: Eye,
    section: 'folder',
    keys: [],
    when: (context) => meant(context)?.hidden === true,
    perform: async (context) => {
      const folder = meant(context)
      if (folder) await presentFolder(folder.id, { hidden: false })
    },
  },
  {
    id: 'folder.delete',
    labelKey: 'inbox:folders.delete',
    icon: Trash2,
    section: 'folder',
    keys: [],
    danger: true,
    when: isOrdinary,
    perform: (context) => {
      const folder = meant(context)
      if (!folder) return
      if (currentFolders().some(({ parentId }) => parentId === folder.id)) showToast({ tone: 'error', message: text('inbox:folders.hasChildren', { name: shownName(folder, text) }) })
      else useFolderState.setState({ deleting: folder.id })
    },
  },
]
