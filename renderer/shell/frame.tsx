// The window around the screens: folders at the left, the bar with the search field above, the screen below it.
import { MailPlus, PanelLeft } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { perform } from '../commands/all.ts'
import { useSettings } from '../api/settings.ts'
import { useText } from '../locales/text.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { SplitPane } from '../parts/split-pane.tsx'
import type { Pane } from '../parts/split-pane.tsx'
import { DraftsScreen } from '../screens/drafts/drafts-screen.tsx'
import { FolderPane } from '../screens/inbox/folder-pane.tsx'
import { InboxScreen } from '../screens/inbox/inbox-screen.tsx'
import { LedgerScreen } from '../screens/ledger/ledger-screen.tsx'
import { OutboxScreen } from '../screens/outbox/outbox-screen.tsx'
import { OwedNote } from '../screens/queue/owed-note.tsx'
import { QueueScreen } from '../screens/queue/queue-screen.tsx'
import { SearchField, SearchScreen } from '../screens/search/search-screen.tsx'
import { SettingsScreen } from '../screens/settings/settings-screen.tsx'
import { WelcomeScreen } from '../screens/welcome/welcome-screen.tsx'
import { useApp } from '../state.ts'
import type { View } from '../state.ts'
import { Boundary } from './boundary.tsx'
import { ConnectionNote } from './connection-note.tsx'
import { focusHome } from './keep-focus.ts'

/** Brings the editor along, which a start should not wait for. */
const TemplatesScreen = lazy(async () => ({ default: (await import('../screens/templates/templates-screen.tsx')).TemplatesScreen }))

export function Frame() {
  const t = useText()
  const view = useApp((state) => state.view)
  const { folderPane } = useSettings()
  if (view === 'settings') return <SettingsScreen />
  if (view === 'welcome') return <WelcomeScreen />
  const main: Pane = {
    id: 'main',
    start: '80%',
    min: 480,
    content: (
      <div className="flex h-full flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-3">
          {!folderPane && <IconButton icon={PanelLeft} label={t('commands:app.folders')} shortcut="mod+b" onClick={() => perform('app.folders')} />}
          {!folderPane && <IconButton icon={MailPlus} label={t('composer:command.new')} shortcut="c" onClick={() => perform('compose.new')} />}
          <div data-pane="search" className="min-w-0 flex-1">
            <SearchField />
          </div>
          <OwedNote />
          <ConnectionNote />
        </header>
        <main {...focusHome} className="min-h-0 flex-1 outline-none">
          <Boundary resetKey={view}>
            <Screen view={view} />
          </Boundary>
        </main>
      </div>
    ),
  }
  if (!folderPane) return main.content
  return (
    <SplitPane
      name="frame"
      label={() => t('shell:pane.resize', { name: t('shell:pane.folders') })}
      panes={[{ id: 'folders', content: <FolderPane />, start: 232, min: 180, max: 400, fixed: true }, main]}
    />
  )
}

function Screen({ view }: { readonly view: Exclude<View, 'settings' | 'welcome'> }) {
  switch (view) {
    case 'inbox':
      return <InboxScreen />
    case 'search':
      return <SearchScreen />
    case 'drafts':
      return <DraftsScreen />
    case 'templates':
      return (
        <Suspense fallback={null}>
          <TemplatesScreen />
        </Suspense>
      )
    case 'ledger':
      return <LedgerScreen />
    case 'queue':
      return <QueueScreen />
    case 'outbox':
      return <OutboxScreen />
  }
}
