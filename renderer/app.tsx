import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, queryClient } from './api/api.ts'
import { hostWindow } from './api/channel.ts'
import { useConnection } from './api/connection.ts'
import { followEvents } from './api/events.ts'
import { failureFrom, failureText } from './api/failure.ts'
import { onCommandFailure, perform } from './commands/all.ts'
import { listenToKeys } from './commands/dispatcher.ts'
import { tellJob } from './commands/triage-state.ts'
import { Palette } from './commands/palette.tsx'
import { ShortcutSheet } from './commands/shortcut-sheet.tsx'
import { hasText, text } from './locales/text.ts'
import { ComposerLayer } from './message/composer/composer-layer.tsx'
import { showToast, ToastArea } from './parts/toast.tsx'
import { TooltipArea } from './parts/tooltip.tsx'
import { AccountDialogs } from './screens/accounts/account-dialogs.tsx'
import { AddAccountDialog } from './screens/accounts/add-account.tsx'
import { TriageDialogs } from './screens/inbox/triage-dialogs.tsx'
import { partOfNotice, showOutbox } from './screens/outbox/outbox-state.ts'
import { TemplateDialogs } from './screens/templates/template-dialogs.tsx'
import { WelcomeScreen } from './screens/welcome/welcome-screen.tsx'
import { Boundary } from './shell/boundary.tsx'
import { Frame } from './shell/frame.tsx'
import { keepFocus } from './shell/keep-focus.ts'
import { Opening, Refused } from './shell/opening.tsx'
import { addAccount, openThread, showSource, useApp } from './state.ts'

const menu = {
  search: 'search.focus',
  'command-palette': 'app.palette',
  shortcuts: 'app.shortcuts',
  settings: 'go.settings',
  'add-account': 'accounts.add',
  'sync-now': 'accounts.sync',
  print: 'message.print',
} as const

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Boundary>
        <Window />
      </Boundary>
      <TooltipArea />
    </QueryClientProvider>
  )
}

let following = false

/** Once per window, also when React mounts twice while developing. */
function followOnce(): void {
  if (following) return
  following = true
  followEvents({
    onOpenThread: (threadId, folderId) => {
      showSource(folderId)
      useApp.setState({ cursor: threadId })
      openThread(threadId, folderId)
    },
    onJob: ({ job, done, total }) => tellJob(job, done, total),
    onNotice: ({ tone, code, values }) => {
      const key = [`shell:notices.${code}`, `failures:${code}`].find(hasText)
      const part = partOfNotice(code)
      showToast({
        tone,
        message: key === undefined ? text('shell:failed') : text(key, values),
        // Two mails can come back at once.
        key: `notice:${code}:${values['subject'] ?? ''}`,
        leadsOn: true,
        action: part === null ? undefined : { label: text('shell:showNotice'), perform: () => showOutbox(part) },
      })
    },
  })
  onCommandFailure((error) => {
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
  })
}

function Window() {
  const connection = useConnection()
  const settings = useQuery(api.settings.get.queryOptions())
  const accounts = useQuery(api.accounts.list.queryOptions())
  const adding = useApp((state) => state.addingAccount)

  useEffect(followOnce, [])
  useEffect(listenToKeys, [])
  useEffect(keepFocus, [])
  useEffect(() => hostWindow?.onMenu((command) => void perform(menu[command])), [])

  if (connection.state === 'refused') return <Refused />
  if (!settings.data || !accounts.data) return <Opening failed={settings.error ?? accounts.error} />
  return (
    <>
      {accounts.data.length === 0 ? <WelcomeScreen /> : <Frame />}
      {accounts.data.length > 0 && <ComposerLayer />}
      <AddAccountDialog open={adding} onOpenChange={addAccount} />
      <AccountDialogs />
      <TriageDialogs />
      <TemplateDialogs />
      <Palette />
      <ShortcutSheet />
      <ToastArea />
    </>
  )
}
