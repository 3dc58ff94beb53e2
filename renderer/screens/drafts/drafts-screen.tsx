// Everything begun and not sent, here or in a server's Drafts folder, each once, newest first. Opening one goes on where it
// was left; one that only the server has becomes a draft here by that.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { FileText, Monitor, PencilLine, Trash2, TriangleAlert } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { MessageId } from '../../../shared/model/ids.ts'
import { api, client } from '../../api/api.ts'
import { useAccounts } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { setNavigator } from '../../commands/navigator.ts'
import type { Step } from '../../commands/navigator.ts'
import { triage } from '../../commands/triage.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { continueDraft, continueMessage, discardDraft, tellFailure } from '../../message/composer/composer-actions.ts'
import { useComposers } from '../../message/composer/composers.ts'
import { personName } from '../../message/people.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { goBack } from '../../state.ts'
import { mergedDrafts, useShownDrafts } from './drafts-state.ts'
import type { AnyDraft } from './drafts-state.ts'

export function DraftsScreen() {
  const t = useText()
  const drafts = useQuery(api.drafts.list.queryOptions())
  const others = useQuery(api.drafts.others.queryOptions())
  const accounts = useAccounts() ?? []
  const of = useShownDrafts((state) => state.accountId)
  const shown = accounts.some(({ account }) => account.id === of) ? of : null
  if (drafts.isError) {
    return (
      <EmptyState icon={TriangleAlert} title={t('composer:drafts.failed')} action={<Button onClick={() => void drafts.refetch()}>{t('shell:retry')}</Button>}>
        {failureText(failureFrom(drafts.error))}
      </EmptyState>
    )
  }
  const rows = drafts.data && others.isFetched ? mergedDrafts(drafts.data, others.data ?? [], shown) : undefined
  return (
    <section aria-label={t('composer:drafts.title')} className="flex h-full flex-col bg-surface">
      <header className="flex h-[4.75rem] shrink-0 flex-col justify-center border-b border-line px-6">
        <div className="flex items-baseline gap-2">
          <h1 className="text-md font-semibold tracking-[-0.01em]">{t('composer:drafts.title')}</h1>
          {rows !== undefined && rows.length > 0 && <span className="tabular text-xs text-ink-3">{t('composer:drafts.count', { count: rows.length })}</span>}
        </div>
        <p className="text-xs text-ink-3">{accounts.length > 1 && shown !== null ? accounts.find(({ account }) => account.id === shown)?.account.name : t('composer:drafts.detail')}</p>
      </header>
      {rows === undefined ? null : rows.length === 0 ? (
        <EmptyState icon={FileText} title={t('composer:drafts.empty')}>
          {t('composer:drafts.emptyDetail')}
        </EmptyState>
      ) : (
        <DraftList rows={rows} />
      )}
    </section>
  )
}

function DraftList({ rows }: { readonly rows: readonly AnyDraft[] }) {
  const t = useText()
  const list = useRef<HTMLUListElement>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const found = rows.findIndex(({ key }) => key === chosen)
  // Where the chosen one was taken away, the one in its place is meant.
  const [place, setPlace] = useState(0)
  const at = Math.min(found >= 0 ? found : place, rows.length - 1)

  const go = (to: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (row === undefined) return
    setChosen(row.key)
    setPlace(rows.indexOf(row))
    list.current?.querySelector(`[data-draft="${row.key}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  const open = (row: AnyDraft | undefined): void => {
    if (row?.here) void continueDraft(row.here.id).catch(tellFailure)
    else if (row?.there) void continueMessage({ id: row.there.messageId }).catch(tellFailure)
  }
  const discard = (row: AnyDraft | undefined): void => {
    if (row?.here) void discardDraft(row.here.id).catch(tellFailure)
    else if (row?.there) void discardThere(row.there.messageId).catch(tellFailure)
  }
  const step = (kind: Step): void => {
    const page = 10
    const to = { next: at + 1, previous: at - 1, first: 0, last: rows.length - 1, 'page-down': at + page, 'page-up': at - page }[kind]
    go(to)
  }
  useEffect(() =>
    setNavigator({
      move: (kind) => step(kind),
      open: () => open(rows[at]),
      toggle: () => undefined,
      selectAll: () => undefined,
      meant: () => [],
      focus: () => list.current?.focus(),
      neighbour: () => null,
      show: () => undefined,
      settle: () => undefined,
    }),
  )
  useEffect(() => {
    if (useComposers.getState().wanted === null) list.current?.focus({ preventScroll: true })
  }, [])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const steps: Readonly<Record<string, Step>> = { ArrowDown: 'next', ArrowUp: 'previous', Home: 'first', End: 'last', PageDown: 'page-down', PageUp: 'page-up' }
    const moved = steps[event.key]
    if (moved !== undefined) step(moved)
    else if (event.key === 'Enter') open(rows[at])
    else if (event.key === 'Delete' || event.key === '#') discard(rows[at])
    else if (event.key === 'Escape') goBack()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <ul
      ref={list}
      role="listbox"
      aria-label={t('composer:drafts.list')}
      aria-activedescendant={`draft-${rows[at]?.key ?? ''}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-y-auto px-3 py-2 ring-inset-focus"
    >
      {rows.map((row, index) => (
        <Row key={row.key} row={row} active={index === at} onPick={() => go(index)} onOpen={() => open(row)} onDiscard={() => discard(row)} />
      ))}
    </ul>
  )
}

/** To the trash of its server, with the same undo as any other mail. */
async function discardThere(id: MessageId): Promise<void> {
  const message = await client.messages.get({ id })
  if (message !== null) await triage({ kind: 'messages', messages: [message], source: null }, { type: 'trash' }, 'triage:message.trash')
}

type RowProps = { readonly row: AnyDraft; readonly active: boolean; readonly onPick: () => void; readonly onOpen: () => void; readonly onDiscard: () => void }

function Row({ row, active, onPick, onOpen, onDiscard }: RowProps) {
  const t = useText()
  const format = useFormat()
  const people = row.to.length === 0 ? t('composer:drafts.noRecipient') : row.to.map(personName).join(', ')
  const subject = row.subject === '' ? t('composer:drafts.noSubject') : row.subject
  const onlyHere = row.here !== null && !row.here.copied
  const snippet = row.snippet === '' ? t('composer:drafts.noText') : row.snippet
  return (
    <li
      id={`draft-${row.key}`}
      data-draft={row.key}
      role="option"
      aria-selected={active}
      aria-label={[people, subject, snippet, onlyHere ? t('composer:drafts.onlyHere') : ''].filter((part) => part !== '').join('. ')}
      onPointerDown={onPick}
      onClick={onOpen}
      className={clsx('group flex h-14 items-center gap-4 rounded-lg px-3', active ? 'bg-fill-strong' : 'hover:bg-fill')}
    >
      <bdi className={clsx('w-44 shrink-0 truncate font-medium', row.to.length === 0 && 'text-ink-3')}>{people}</bdi>
      <span className="min-w-0 flex-1 truncate">
        <bdi className={row.subject === '' ? 'text-ink-3' : 'text-ink'}>{subject}</bdi>
        <bdi className="text-ink-3"> – {snippet}</bdi>
      </span>
      <span className="tabular flex shrink-0 items-center gap-2 text-xs text-ink-3 group-hover:hidden">
        {onlyHere && (
          <span title={t('composer:drafts.onlyHereHint')} className="flex items-center gap-1">
            <Monitor aria-hidden className="size-3.5" strokeWidth={1.75} />
            <span className="max-[1100px]:hidden">{t('composer:drafts.onlyHere')}</span>
          </span>
        )}
        {format.listDate(row.at)}
      </span>
      <span className="hidden shrink-0 gap-1 group-hover:flex" onClick={(event) => event.stopPropagation()}>
        <IconButton icon={PencilLine} size="small" label={t('composer:drafts.open')} shortcut="enter" onClick={onOpen} />
        <IconButton icon={Trash2} size="small" label={t('composer:drafts.discard')} shortcut="delete" onClick={onDiscard} />
      </span>
    </li>
  )
}
