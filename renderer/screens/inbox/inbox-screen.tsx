// The list of the chosen folder and, beside it or in its place, the conversation. A place for a third pane is kept by
// SplitPane's names: sizes are remembered for each set of panes.
import { Mails } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useFolders } from '../../api/shared-query.ts'
import { useSettings } from '../../api/settings.ts'
import { allCommands, perform } from '../../commands/all.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { inboxSource } from '../../commands/go-commands.ts'
import { useText } from '../../locales/text.ts'
import { Conversation } from '../../message/conversation.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Kbd } from '../../parts/kbd.tsx'
import { SplitPane } from '../../parts/split-pane.tsx'
import type { ListHandle } from '../../parts/virtual-list.tsx'
import { Boundary } from '../../shell/boundary.tsx'
import { showSource, useApp } from '../../state.ts'
import type { OpenThread } from '../../state.ts'
import { useFolderNames } from './folder-names.ts'
import { pickedCommands, possible } from './selection-bar.tsx'
import { ThreadList } from './thread-list.tsx'
import { ThreadToolbar } from './thread-toolbar.tsx'
import { useMarkRead } from './use-mark-read.ts'

export function InboxScreen() {
  const t = useText()
  const { readingPane } = useSettings()
  const source = useApp((state) => state.source)
  const filter = useApp((state) => state.filter)
  const open = useApp((state) => state.open)
  const list = useRef<ListHandle>(null)
  const reading = useRef<HTMLElement>(null)
  useStartingSource()
  useWindowTitle()
  useMarkRead(open)

  // The pane may only appear with the thread: the focus follows once it is there.
  const enter = useRef(false)
  const enterThread = () => {
    enter.current = true
    reading.current?.focus({ preventScroll: true })
  }
  useEffect(() => {
    if (!enter.current || !reading.current) return
    enter.current = false
    reading.current.focus({ preventScroll: true })
  }, [open])

  if (source === null) return <div className="h-full bg-surface" />
  const threads = <ThreadList key={String(source)} source={source} filter={filter} list={list} beside={readingPane} enterThread={enterThread} />
  const conversation = (
    <section ref={reading} data-pane="conversation" tabIndex={-1} aria-label={t('inbox:reading.label')} className="flex h-full flex-col bg-surface outline-none">
      {open ? <Reading open={open} onBack={readingPane ? undefined : () => perform('list.back')} /> : <NothingOpen />}
    </section>
  )
  if (!readingPane) {
    // The list stays mounted under the conversation, so that it is where it was on coming back.
    return (
      <div className="h-full">
        <div className="h-full" hidden={open !== null}>
          {threads}
        </div>
        {open && conversation}
      </div>
    )
  }
  return (
    <SplitPane
      name="inbox"
      label={() => t('shell:pane.resize', { name: t('shell:pane.list') })}
      panes={[
        { id: 'list', content: threads, start: 400, min: 280, max: 640, fixed: true },
        { id: 'conversation', content: conversation, start: '60%', min: 360 },
      ]}
    />
  )
}

/** Begins in the inbox, and goes back there when the folder on show is gone. */
function useStartingSource(): void {
  const source = useApp((state) => state.source)
  const folders = useFolders()
  useEffect(() => {
    if (!folders) return
    if (source !== null && (source === 'inboxes' || source === 'snoozed' || folders.some(({ id }) => id === source))) return
    const inbox = inboxSource()
    if (inbox !== null) showSource(inbox)
  }, [source, folders])
}

/** The window's name says what is shown and how much of it is new, for the task bar and the list of tabs. */
function useWindowTitle(): void {
  const t = useText()
  const names = useFolderNames()
  const source = useApp((state) => state.source)
  const folders = useFolders()
  const folder = folders?.find(({ id }) => id === source)
  const shown = folder ? [folder] : source === 'inboxes' ? (folders?.filter(({ special }) => special === 'inbox') ?? []) : []
  const unread = shown.reduce((sum, one) => sum + one.unread, 0)
  const name = folder ? names.shown(folder) : source === 'inboxes' ? t('inbox:allInboxes') : source === 'snoozed' ? t('triage:snooze.list') : ''
  useEffect(() => {
    document.title = [unread > 0 ? `(${String(unread)})` : '', name, name === '' ? '' : '–', t('shell:app')].filter((part) => part !== '').join(' ')
    return () => {
      document.title = t('shell:app')
    }
  }, [unread, name, t])
}

export function Reading({ open, onBack }: { readonly open: OpenThread; readonly onBack?: (() => void) | undefined }) {
  return (
    <>
      <ThreadToolbar threadId={open.threadId} onBack={onBack} />
      <div className="min-h-0 flex-1">
        <Boundary resetKey={open.threadId}>
          <Conversation key={open.threadId} threadId={open.threadId} sourceFolderId={open.sourceFolderId} />
        </Boundary>
      </div>
    </>
  )
}

/** What a newcomer should know first. */
const hints = [
  { id: 'list.next', keys: ['j', 'k'] },
  { id: 'list.open', keys: ['enter'] },
  { id: 'search.focus', keys: ['/'] },
  { id: 'app.palette', keys: ['mod+k'] },
  { id: 'app.shortcuts', keys: ['?'] },
] as const

function NothingOpen() {
  const t = useText()
  const picked = useApp((state) => state.selection.size)
  const everything = useApp((state) => state.everything)
  if (picked > 1) {
    return (
      <EmptyState
        icon={Mails}
        title={everything ? t('triage:everything.all') : t('inbox:reading.selected', { count: picked })}
        action={
          <div className="flex gap-1">
            {possible([...pickedCommands, 'thread.star', 'list.clear']).map((id) => (
              <CommandButton key={id} id={id} />
            ))}
          </div>
        }
      />
    )
  }
  return (
    <div className="flex h-full flex-col items-center justify-center pb-[8vh]">
      <p className="mb-4 text-md font-medium text-ink-2">{t('inbox:reading.none')}</p>
      <ul className="grid grid-cols-[auto_auto] gap-x-8 gap-y-2 text-ink-3">
        {hints.map(({ id, keys }) => {
          const command = allCommands.find((candidate) => candidate.id === id)
          return (
            command && (
              <li key={id} className="col-span-2 grid grid-cols-subgrid items-center">
                <span>{t(command.labelKey)}</span>
                <span className="flex justify-end gap-1">
                  {keys.map((key) => (
                    <Kbd key={key} keys={key} />
                  ))}
                </span>
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}
