// The questions a folder can raise: deleting it, moving it, choosing its icon.
import clsx from 'clsx'
import { Folder as FolderIcon } from 'lucide-react'
import { useFolders } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { text, useText } from '../../locales/text.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { showToast } from '../../parts/toast.tsx'
import type { Folder } from '../../../shared/model/folder.ts'
import type { FolderId } from '../../../shared/model/ids.ts'
import { showSource, useApp } from '../../state.ts'
import { moveFolder, presentFolder, removeFolder } from './folder-changes.ts'
import { choosableIcons, folderIcon } from './folder-icons.ts'
import { useFolderNames } from './folder-names.ts'
import { useFolderState } from './folder-state.ts'
import { withInside } from './folder-tree.ts'

function tellFailure(error: unknown): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
}

export function FolderDialogs() {
  const { deleting, moving, choosingIcon } = useFolderState()
  const folders = useFolders() ?? []
  const find = (id: FolderId | null) => folders.find((folder) => folder.id === id)
  const [toDelete, toMove, toDecorate] = [find(deleting), find(moving), find(choosingIcon)]
  return (
    <>
      {toDelete && <DeleteFolder folder={toDelete} folders={folders} />}
      {toMove && <MoveFolder folder={toMove} folders={folders} />}
      {toDecorate && <ChooseIcon folder={toDecorate} />}
    </>
  )
}

function DeleteFolder({ folder, folders }: { readonly folder: Folder; readonly folders: readonly Folder[] }) {
  const t = useText()
  const format = useFormat()
  const names = useFolderNames()
  return (
    <ConfirmDialog
      open
      onOpenChange={() => useFolderState.setState({ deleting: null })}
      danger
      title={t('inbox:folders.deleteTitle', { name: names.shown(folder) })}
      description={folder.total === 0 ? t('inbox:folders.deleteEmpty') : t('inbox:folders.deleteText', { count: folder.total, shown: format.number(folder.total) })}
      confirm={t('inbox:folders.deleteConfirm')}
      onConfirm={async () => {
        try {
          await removeFolder(folder)
        } catch (error) {
          tellFailure(error)
          throw error
        }
        const inbox = folders.find((other) => other.accountId === folder.accountId && other.special === 'inbox')
        if (useApp.getState().source === folder.id && inbox) showSource(inbox.id)
      }}
    />
  )
}

function MoveFolder({ folder, folders }: { readonly folder: Folder; readonly folders: readonly Folder[] }) {
  const t = useText()
  const names = useFolderNames()
  const format = useFormat()
  const inside = withInside(folders, folder.id)
  const targets = folders
    .filter((target) => target.accountId === folder.accountId && !inside.has(target.id) && !target.hidden)
    .map((target) => ({ target, full: names.full(target) }))
    .toSorted((a, b) => format.compare(a.full, b.full))
  const close = () => useFolderState.setState({ moving: null })
  const moveTo = (parentId: FolderId | null) => {
    close()
    void moveFolder(folder, parentId).catch(tellFailure)
  }
  const row = 'flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-fill-strong disabled:opacity-45'
  return (
    <Dialog open onOpenChange={close} title={`${t('inbox:folders.moveTo')}: ${names.shown(folder)}`} width="narrow">
      <ul>
        <li>
          <button type="button" className={row} disabled={folder.parentId === null} onClick={() => moveTo(null)}>
            <FolderIcon aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
            {t('inbox:folders.topLevel')}
          </button>
        </li>
        {targets.map(({ target, full }) => {
          const Icon = folderIcon(target)
          return (
            <li key={target.id}>
              <button type="button" className={row} disabled={folder.parentId === target.id} onClick={() => moveTo(target.id)}>
                <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
                <span className="truncate">{full}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}

function ChooseIcon({ folder }: { readonly folder: Folder }) {
  const t = useText()
  const names = useFolderNames()
  const close = () => useFolderState.setState({ choosingIcon: null })
  const choose = (icon: string | null) => {
    close()
    void presentFolder(folder.id, { icon }).catch(tellFailure)
  }
  const Usual = folderIcon({ icon: null, special: folder.special })
  return (
    <Dialog open onOpenChange={close} title={`${t('inbox:folders.icon')}: ${names.shown(folder)}`} width="narrow">
      <div className="grid grid-cols-8 gap-1">
        <IconChoice icon={Usual} label={t('inbox:folders.iconDefault')} chosen={folder.icon === null} onChoose={() => choose(null)} />
        {Object.entries(choosableIcons).map(([name, icon]) => (
          <IconChoice key={name} icon={icon} label={text(`inbox:icons.${name}` as 'inbox:icons.folder')} chosen={folder.icon === name} onChoose={() => choose(name)} />
        ))}
      </div>
    </Dialog>
  )
}

function IconChoice({ icon: Icon, label, chosen, onChoose }: { readonly icon: typeof FolderIcon; readonly label: string; readonly chosen: boolean; readonly onChoose: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={chosen}
      onClick={onChoose}
      className={clsx('flex aspect-square items-center justify-center rounded-md text-ink-2 hover:bg-fill-strong hover:text-ink', chosen && 'bg-accent-soft text-accent-ink')}
    >
      <Icon aria-hidden className="size-[18px]" strokeWidth={1.75} />
    </button>
  )
}
