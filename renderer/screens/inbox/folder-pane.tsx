import { MailPlus, PanelLeftClose, Settings } from 'lucide-react'
import { perform } from '../../commands/all.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Kbd } from '../../parts/kbd.tsx'
import { SyncStatus } from '../accounts/sync-status.tsx'
import { FolderDialogs } from './folder-dialogs.tsx'
import { FolderTree } from './folder-tree-view.tsx'

/** The left pane: the folders, and at its foot how the accounts are doing. */
export function FolderPane() {
  const t = useText()
  return (
    <nav aria-label={t('inbox:folders.label')} className="flex h-full flex-col bg-canvas">
      <div className="flex h-12 shrink-0 items-center gap-2 pr-2 pl-4">
        <img src="./icon.svg" alt="" className="size-5" />
        <span className="flex-1 truncate font-semibold tracking-[-0.01em]">{t('shell:app')}</span>
        <IconButton icon={PanelLeftClose} label={t('commands:app.folders')} shortcut="mod+b" onClick={() => perform('app.folders')} />
      </div>
      <div className="shrink-0 px-2 pb-2">
        <Button className="w-full" icon={<MailPlus aria-hidden className="size-4 text-accent-ink" />} onClick={() => perform('compose.new')}>
          <span className="flex-1 text-left">{t('composer:command.new')}</span>
          <span aria-hidden>
            <Kbd keys="c" />
          </span>
        </Button>
      </div>
      <FolderTree />
      <div className="grid shrink-0 grid-cols-[1fr_auto] items-stretch">
        <SyncStatus />
        <div className="flex items-center border-t border-line pr-2">
          <CommandButton id="go.templates" />
          <IconButton icon={Settings} label={t('commands:go.settings')} shortcut="mod+," onClick={() => perform('go.settings')} />
        </div>
      </div>
      <FolderDialogs />
    </nav>
  )
}
