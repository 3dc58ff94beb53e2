// One mail being written: who, what about, the text, what goes along, and sending it. The same wherever it is shown.
import { useQuery } from '@tanstack/react-query'
import type { Editor } from '@tiptap/react'
import clsx from 'clsx'
import { CalendarClock, Image as ImageIcon, Maximize2, Minimize2, Minus, MoreHorizontal, Paperclip, SendHorizontal, SquareArrowOutUpRight, Trash2, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { DraftKind } from '../../../shared/model/draft.ts'
import { api } from '../../api/api.ts'
import { failureText } from '../../api/failure.ts'
import { commandItems } from '../../commands/menu-items.ts'
import { text, useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Menu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import { Tooltip } from '../../parts/tooltip.tsx'
import { chooseFiles, closeComposer, discardDraft, send, tellFailure } from './composer-actions.ts'
import { enlarge, minimise, setInline, useComposers } from './composers.ts'
import type { OpenComposer } from './composers.ts'
import { DraftFiles } from './draft-files.tsx'
import { sessionOf } from './draft-session.ts'
import type { DraftSession } from './draft-session.ts'
import type { SaveState } from './draft-saver.ts'
import { DraftWarnings } from './draft-warnings.tsx'
import { MailEditor } from './editor.tsx'
import { FormatBar } from './format-bar.tsx'
import { LinkBar } from './link-bar.tsx'
import { QuotedOriginal } from './quoted-original.tsx'
import { RecipientsField } from './recipients-field.tsx'
import type { RecipientsHandle } from './recipients-field.tsx'
import { takeTypedAhead } from './type-ahead.ts'
import { SenderChoice } from './sender-choice.tsx'

export type Place = 'dock' | 'large' | 'conversation'

type Props = {
  readonly composer: OpenComposer
  readonly place: Place
  /** It stands in the page; one that was sent and can be taken back does not. */
  readonly shown: boolean
}

export function Composer({ composer, place, shown }: Props) {
  const session = sessionOf(composer.id)
  return session === undefined ? null : <Opened session={session} place={place} shown={shown} />
}

const moreMenu = ['compose.schedule', '-', 'compose.cc', 'compose.bcc', 'compose.subject', 'compose.notify', '-', 'template.insert', 'template.insert-file', 'template.keep', '-', 'compose.versions', 'compose.pop-out', 'compose.discard']

function Opened({ session, place, shown }: Omit<Props, 'composer'> & { readonly session: DraftSession }) {
  const t = useText()
  const { id } = session
  const content = session.use((state) => state.content)
  const kind = session.use((state) => state.draft.kind)
  const ccShown = session.use((state) => state.ccShown)
  const bccShown = session.use((state) => state.bccShown)
  const subjectShown = session.use((state) => state.subjectShown)
  const sending = session.use((state) => state.sending)
  const accountId = useQuery(api.identities.list.queryOptions()).data?.find((one) => one.id === content.identityId)?.accountId ?? null
  const [editor, setEditor] = useState<Editor | null>(null)
  const [linking, setLinking] = useState(false)
  const [items, setItems] = useState<readonly MenuItem[]>([])
  const to = useRef<RecipientsHandle>(null)
  const cc = useRef<RecipientsHandle>(null)
  const bcc = useRef<RecipientsHandle>(null)
  const subject = useRef<HTMLInputElement>(null)
  const pictures = useRef<HTMLInputElement>(null)
  const redirected = kind === 'redirect'
  const showsSubject = !redirected && (subjectShown || place !== 'conversation' || kind === 'edit')

  const wanted = useComposers((state) => (state.wanted?.id === id ? state.wanted : null))
  useEffect(() => {
    if (wanted === null || !shown || (editor === null && !redirected)) return
    const { content: now } = session.use.getState()
    const field = wanted.field === 'any' ? (now.to.length === 0 ? 'to' : now.subject === '' ? 'subject' : 'text') : wanted.field
    const typed = takeTypedAhead()
    if (field === 'to' || redirected) to.current?.focus(typed)
    else if (field === 'subject' && !typed.includes('\n')) {
      subject.current?.focus()
      if (typed !== '') session.change({ subject: typed })
    } else if (field === 'subject') {
      // Enter after a subject goes on with the text.
      const end = typed.indexOf('\n')
      session.change({ subject: typed.slice(0, end) })
      session.editor()?.focus('start')
      session.editor()?.type(typed.slice(end + 1))
    } else {
      // A composer that comes back keeps its caret; one that opens begins above the signature.
      session.editor()?.focus(session.touched() ? undefined : 'start')
      if (typed !== '') session.editor()?.type(typed)
    }
    useComposers.setState((state) => (state.wanted === wanted ? { wanted: null } : {}))
  }, [wanted, editor, session, redirected, shown, place])

  // Cc and Bcc that are asked for take the focus.
  const asked = session.use((state) => state.askedField)
  useEffect(() => {
    if (asked === null) return
    if (asked === 'cc') cc.current?.focus()
    else if (asked === 'bcc') bcc.current?.focus()
    else subject.current?.focus()
    session.use.setState({ askedField: null })
  }, [asked, session])

  const commit = (): void => {
    to.current?.commit()
    cc.current?.commit()
    bcc.current?.commit()
  }
  const go = (knowingly: boolean): void => {
    commit()
    const { stopped } = session.use.getState()
    // Going on in spite of warnings means the time that was chosen.
    void send(id, knowingly && stopped !== null ? { at: stopped.at, timeZone: stopped.timeZone } : { at: null, timeZone: null }, knowingly)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      if (linking) {
        setLinking(false)
        return
      }
      // A name that is not yet a recipient is something written too.
      commit()
      if (place === 'conversation') leaveToConversation(event.currentTarget)
      if (place !== 'conversation' || session.isAsBegun()) void leave(session)
      return
    }
    // Single letters mean the mail behind; in here they are letters, or nothing.
    if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== 'F6') event.stopPropagation()
  }

  const title = titleOf(kind, content.subject, t)
  return (
    <section
      data-composer={id}
      aria-label={t('composer:label', { title })}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (useComposers.getState().current !== id) useComposers.setState({ current: id })
      }}
      className={clsx('@container/composer flex min-h-0 flex-col bg-surface', place === 'conversation' ? 'rounded-xl shadow-card dark:bg-raised' : 'h-full overflow-clip rounded-t-xl shadow-raised dark:bg-raised', place === 'large' && 'rounded-b-xl')}
    >
      <header
        className={clsx('flex h-9 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-4', place !== 'conversation' && 'bg-canvas dark:bg-fill')}
        onDoubleClick={(event) => {
          if (place !== 'conversation' && event.target === event.currentTarget) enlarge(id, place !== 'large')
        }}
      >
        <h2 className="min-w-0 flex-1 truncate text-xs font-semibold text-ink-2">{place === 'conversation' ? kindTitle(kind, t) : title}</h2>
        <Saving session={session} />
        {place === 'conversation' ? (
          <IconButton icon={SquareArrowOutUpRight} size="small" label={t('composer:popOut')} onClick={() => setInline(id, false)} />
        ) : (
          <>
            <IconButton icon={Minus} size="small" label={t('composer:minimise')} shortcut="escape" onClick={() => minimise(id)} />
            <IconButton icon={place === 'large' ? Minimize2 : Maximize2} size="small" label={place === 'large' ? t('composer:smaller') : t('composer:larger')} onClick={() => enlarge(id, place !== 'large')} />
          </>
        )}
        <IconButton icon={X} size="small" label={t('composer:close')} onClick={() => void closeComposer(id).catch(tellFailure)} />
      </header>

      <div className="relative z-10 shrink-0">
        <SenderChoice session={session} />
        <RecipientsField label={t('composer:to.label')} value={content.to} accountId={accountId} onChange={(value) => session.change({ to: [...value] })} handle={to}>
          {!redirected && (!ccShown || !bccShown) ? (
            <>
              {!ccShown && <MoreField label={t('composer:cc')} onClick={() => session.use.setState({ ccShown: true, askedField: 'cc' })} />}
              {!bccShown && <MoreField label={t('composer:bcc')} onClick={() => session.use.setState({ bccShown: true, askedField: 'bcc' })} />}
            </>
          ) : undefined}
        </RecipientsField>
        {ccShown && <RecipientsField label={t('composer:cc')} value={content.cc} accountId={accountId} onChange={(value) => session.change({ cc: [...value] })} handle={cc} />}
        {bccShown && <RecipientsField label={t('composer:bcc')} value={content.bcc} accountId={accountId} onChange={(value) => session.change({ bcc: [...value] })} handle={bcc} />}
        {showsSubject && (
          <div className="border-b border-line px-4">
            <input
              ref={subject}
              aria-label={t('composer:subject')}
              placeholder={t('composer:subject')}
              value={content.subject}
              maxLength={2000}
              dir="auto"
              onChange={(event) => session.change({ subject: event.target.value })}
              onBlur={() => void session.saver.flush().catch(() => undefined)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return
                event.preventDefault()
                session.editor()?.focus()
              }}
              className="h-9 w-full bg-transparent text-sm font-medium outline-none placeholder:font-normal"
            />
          </div>
        )}
      </div>

      {redirected ? (
        <p className="px-4 py-3 text-ink-2">{t('composer:redirectHint')}</p>
      ) : (
        <div
          className={clsx('min-h-0 flex-1 overflow-y-auto', place === 'conversation' && 'max-h-[60vh] min-h-36')}
          onMouseDown={(event) => {
            if (event.target !== event.currentTarget) return
            event.preventDefault()
            session.editor()?.focus('end')
          }}
        >
          <MailEditor session={session} label={t('composer:text')} onEditor={setEditor} onLink={() => setLinking(true)} />
          <QuotedOriginal session={session} />
        </div>
      )}

      <DraftFiles session={session} />
      <DraftWarnings session={session} onSendAnyway={() => go(true)} />
      {linking && editor !== null && <LinkBar editor={editor} onClose={() => setLinking(false)} />}

      <footer className="flex min-h-12 shrink-0 items-center gap-1 border-t border-line px-3 py-2">
        <Tooltip label={t('composer:send')} shortcut="mod+enter" side="top">
          <Button look="primary" busy={sending} icon={<SendHorizontal aria-hidden className="size-4" strokeWidth={1.75} />} className="mr-1" onClick={() => go(false)}>
            {t('composer:send')}
          </Button>
        </Tooltip>
        <IconButton
          icon={CalendarClock}
          label={t('composer:command.schedule')}
          shortcut="mod+shift+enter"
          onClick={() => {
            commit()
            useComposers.setState({ scheduling: id })
          }}
        />
        {!redirected && (
          <>
            <IconButton icon={Paperclip} label={t('composer:attach')} shortcut="mod+shift+a" onClick={() => chooseFiles(id)} />
            <IconButton icon={ImageIcon} label={t('composer:image.add')} onClick={() => pictures.current?.click()} />
            <input
              ref={pictures}
              type="file"
              multiple
              hidden
              accept="image/png,image/jpeg,image/gif,image/webp"
              onChange={(event) => {
                session.editor()?.insertPictures([...(event.target.files ?? [])])
                event.target.value = ''
              }}
            />
            <span aria-hidden className="mx-1 hidden h-4 w-px bg-line @md/composer:block" />
            <div className="hidden min-w-0 overflow-hidden @md/composer:block">{editor !== null && <FormatBar editor={editor} onLink={() => setLinking(true)} />}</div>
          </>
        )}
        <span className="flex-1" />
        <Menu items={items} align="end" side="top" onOpenChange={(open) => setItems(open ? commandItems(moreMenu) : [])}>
          <IconButton icon={MoreHorizontal} label={t('composer:more')} />
        </Menu>
        <IconButton icon={Trash2} label={t('composer:discard')} shortcut="mod+shift+backspace" onClick={() => void discardDraft(id).catch(tellFailure)} />
      </footer>
    </section>
  )
}

async function leave(session: DraftSession): Promise<void> {
  if (session.touched()) minimise(session.id)
  else await closeComposer(session.id).catch(tellFailure)
}

function leaveToConversation(from: Element): void {
  from.closest<HTMLElement>('[data-pane="conversation"]')?.focus({ preventScroll: true })
}

function MoreField({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="rounded-sm px-1.5 text-xs leading-6 text-ink-3 hover:bg-fill hover:text-ink-2" onClick={onClick}>
      {label}
    </button>
  )
}

export function kindTitle(kind: DraftKind, t: Translate): string {
  return t(`composer:kind.${kind}`)
}

export function titleOf(kind: DraftKind, subject: string, t: Translate): string {
  return subject.trim() === '' ? kindTitle(kind, t) : subject
}

/** Whether it is stored, quietly; only a failure is loud. */
function Saving({ session }: { readonly session: DraftSession }) {
  const t = useText()
  const save = session.use((state) => state.save)
  const touched = session.touched()
  return (
    <span role={save.phase === 'failed' ? 'alert' : undefined} className={clsx('shrink-0 pr-1 text-2xs', save.phase === 'failed' ? 'font-medium text-danger' : 'text-ink-3')} title={save.phase === 'failed' ? failureText(save.failure) : undefined}>
      {savingText(save, touched)}
      {save.phase === 'failed' && (
        <button type="button" className="ml-1 rounded-sm px-1 underline hover:no-underline" onClick={() => void session.saver.flush().catch(tellFailure)}>
          {t('shell:retry')}
        </button>
      )}
    </span>
  )
}

function savingText(save: SaveState, touched: boolean): string {
  switch (save.phase) {
    case 'saved':
      return touched ? text('composer:save.saved') : ''
    case 'waiting':
    case 'saving':
      return text('composer:save.saving')
    case 'failed':
      return text('composer:save.failed')
  }
}
