// What stands below the last message of a conversation: the answers being written, drafts that wait, and else the ways to answer.
import { useQuery } from '@tanstack/react-query'
import { PencilLine, SendHorizontal, Trash2 } from 'lucide-react'
import type { DraftRow } from '../../../shared/model/draft.ts'
import type { ThreadId } from '../../../shared/model/ids.ts'
import type { Message } from '../../../shared/model/message.ts'
import { api } from '../../api/api.ts'
import { allCommands, run } from '../../commands/all.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Tooltip } from '../../parts/tooltip.tsx'
import { showOutbox } from '../../screens/outbox/outbox-state.ts'
import { useConversation } from '../conversation-state.ts'
import { continueDraft, discardDraft, tellFailure } from './composer-actions.ts'
import { InlinePlace } from './composer-layer.tsx'
import { useComposers } from './composers.ts'
import { sessionOf } from './draft-session.ts'

const ways = ['compose.reply', 'compose.reply-all', 'compose.forward'] as const

export function ConversationFoot({ threadId, messages }: { readonly threadId: ThreadId; readonly messages: readonly Message[] }) {
  const open = useComposers((state) => state.open)
  const drafts = useQuery(api.drafts.list.queryOptions()).data ?? []
  const here = open.filter((one) => {
    const source = sessionOf(one.id)?.use.getState().draft.sourceMessageId
    return one.inline && one.shape === 'docked' && messages.some(({ id }) => id === source)
  })
  const waiting = drafts.filter((row) => row.threadId === threadId && !open.some(({ id }) => id === row.id))
  return (
    <div className="space-y-3 px-6 pt-4">
      <OnTheirWay threadId={threadId} />
      {waiting.map((row) => (
        <WaitingDraft key={row.id} row={row} />
      ))}
      {here.map(({ id }) => (
        <InlinePlace key={id} id={id} />
      ))}
      {here.length === 0 && messages.at(-1)?.draft !== true && <Ways messages={messages} />}
    </div>
  )
}

/** The answers are to the newest message, whatever the keyboard is on. */
function Ways({ messages }: { readonly messages: readonly Message[] }) {
  const t = useText()
  const newest = messages.findLast(({ draft }) => !draft)
  if (newest === undefined) return null
  const several = newest.to.length + newest.cc.length + newest.recipientsOmitted > 1
  return (
    <div className="flex flex-wrap gap-2 @lg:pl-11">
      {ways.map((id) => {
        const command = allCommands.find((candidate) => candidate.id === id)
        if (command === undefined || (id === 'compose.reply-all' && !several)) return null
        const Icon = command.icon
        return (
          <Tooltip key={id} label={t(command.labelKey)} shortcut={command.keys[0]}>
            <Button
              icon={<Icon aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />}
              onClick={() => {
                useConversation.setState({ current: newest.id })
                run(command)
              }}
            >
              {t(command.labelKey)}
            </Button>
          </Tooltip>
        )
      })}
    </div>
  )
}

function WaitingDraft({ row }: { readonly row: DraftRow }) {
  const t = useText()
  return (
    <div className="flex items-center gap-2 rounded-lg py-1 pr-1 pl-3 shadow-card dark:bg-fill">
      <span className="shrink-0 rounded-sm bg-warn-soft px-1.5 text-2xs font-medium text-warn">{t('composer:drafts.inThread')}</span>
      <bdi className="min-w-0 flex-1 truncate text-ink-2">{row.snippet === '' ? t('composer:drafts.noText') : row.snippet}</bdi>
      <Button look="quiet" icon={<PencilLine aria-hidden className="size-4" strokeWidth={1.75} />} onClick={() => void continueDraft(row.id).catch(tellFailure)}>
        {t('composer:drafts.continue')}
      </Button>
      <IconButton icon={Trash2} label={t('composer:drafts.discard')} onClick={() => void discardDraft(row.id).catch(tellFailure)} />
    </div>
  )
}

/** Answers that were sent and are not in Sent yet. */
function OnTheirWay({ threadId }: { readonly threadId: ThreadId }) {
  const t = useText()
  const open = useQuery(api.outbox.list.queryOptions({ input: { part: 'open', after: null, limit: 50 } })).data?.rows ?? []
  const scheduled = useQuery(api.outbox.list.queryOptions({ input: { part: 'scheduled', after: null, limit: 50 } })).data?.rows ?? []
  const here = [...open, ...scheduled].filter((one) => one.threadId === threadId && one.state !== 'filing')
  return here.map((one) => (
    <div key={one.id} className="flex items-center gap-2 rounded-lg py-1 pr-1 pl-3 shadow-card dark:bg-fill">
      <SendHorizontal aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <bdi className="min-w-0 flex-1 truncate text-ink-2">{t('composer:delivery.onItsWay', { subject: one.subject, state: t(`outbox:state.${one.state}`) })}</bdi>
      <Button look="quiet" onClick={() => showOutbox(one.state === 'scheduled' ? 'scheduled' : 'open')}>
        {t('composer:delivery.show')}
      </Button>
    </div>
  ))
}
