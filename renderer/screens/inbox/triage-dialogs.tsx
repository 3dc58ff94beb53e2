// The questions an action on mail can raise, and how far long ones are.
import { text, useText } from '../../locales/text.ts'
import { useFormat } from '../../locales/format.ts'
import { triage, askText } from '../../commands/triage.ts'
import { stopAsking, useTriage } from '../../commands/triage-state.ts'
import type { Asking } from '../../commands/triage-state.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { TimePicker } from '../../when/time-picker.tsx'
import { whenText } from '../../when/when-text.ts'
import { ownZone } from '../../when/zones.ts'
import { FolderPicker } from './folder-picker.tsx'
import { LaneDialog } from './lane-dialog.tsx'

export function TriageDialogs() {
  const asking = useTriage((state) => state.asking)
  return (
    <>
      {asking !== null && <Question asking={asking} />}
      <Jobs />
    </>
  )
}

function Question({ asking }: { readonly asking: Asking }) {
  switch (asking.kind) {
    case 'folder':
      return <FolderPicker asking={asking} />
    case 'snooze':
      return <Snooze asking={asking} />
    case 'lane':
      return <LaneDialog asking={asking} />
    case 'confirm':
      return <Confirm asking={asking} />
  }
}

function Snooze({ asking: { meant } }: { readonly asking: Extract<Asking, { kind: 'snooze' }> }) {
  const t = useText()
  const format = useFormat()
  const zone = ownZone()
  const count = meant.kind === 'threads' ? meant.ids.length : 1
  return (
    <Dialog open onOpenChange={stopAsking} title={t('triage:snooze.title', { count })} description={t('triage:snooze.hint')} width="narrow">
      <TimePicker
        zone={zone}
        confirm={t('triage:snooze.confirm')}
        onPick={(until) => {
          stopAsking()
          void triage(meant, { type: 'snooze', until }, 'triage:command.snooze', { when: whenText(format.tag, until, zone) })
        }}
      />
    </Dialog>
  )
}

function Confirm({ asking: { action, meant, count, folder, goOn } }: { readonly asking: Extract<Asking, { kind: 'confirm' }> }) {
  const t = useText()
  const forGood = action.type === 'delete'
  return (
    <ConfirmDialog
      open
      onOpenChange={stopAsking}
      danger={forGood}
      undoable={!forGood}
      title={forGood && meant.kind === 'messages' ? t('triage:ask.deleteMessage') : askText(action, count)}
      description={forGood ? t('triage:ask.forGood') : t('triage:ask.everything')}
      confirm={confirmText(action.type, folder)}
      onConfirm={goOn}
    />
  )
}

function confirmText(type: Extract<Asking, { kind: 'confirm' }>['action']['type'], folder: string | null): string {
  switch (type) {
    case 'archive':
    case 'trash':
    case 'delete':
    case 'spam':
    case 'mute':
      return text(`triage:command.${type}`)
    case 'move':
    case 'copy':
      return folder === null ? text(`triage:command.${type}`) : text(`triage:doTo.${type}`, { folder })
    case 'snooze':
      return text('triage:snooze.confirm')
    case 'seen':
    case 'flag':
      return text('triage:go')
  }
}

function Jobs() {
  const t = useText()
  const jobs = useTriage((state) => state.jobs).filter(({ early, total }) => early || total > 0)
  if (jobs.length === 0) return null
  return (
    <section aria-label={t('triage:jobs')} className="fixed top-14 left-1/2 z-30 flex w-96 max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise flex-col gap-3 rounded-lg bg-raised p-4 shadow-raised">
      {jobs.map((job) => (
        <ProgressBar key={job.id} label={t(job.labelKey)} done={job.done} total={job.total} onCancel={job.stop} />
      ))}
    </section>
  )
}
