// One mail on its way: its state in plain words, who holds it, what can be done, and behind it the route, the server's
// answer and every recipient.
import clsx from 'clsx'
import { AlarmClock, Ban, CheckCircle2, ChevronDown, CircleHelp, Clock, FileClock, Hourglass, MailX, Monitor, Send, Server, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId, useState } from 'react'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { failureText } from '../../api/failure.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { whenText } from '../../when/when-text.ts'
import { ownZone, zoneCity } from '../../when/zones.ts'
import { openThread, showSource } from '../../state.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import type { Outgoing, OutgoingRecipient, OutgoingState } from '../../../shared/model/outgoing.ts'
import { sendAgain, tellFailure } from '../../message/composer/composer-actions.ts'
import { askAboutAccount } from '../accounts/account-questions.ts'
import { useNow } from '../accounts/use-now.ts'
import { isLost, recipientText, sentElsewhere, stateDetail, stateKey, toldFailure, troubled, waitsForPerson, waitsForSignIn } from './delivery-words.ts'
import { cancelSending, editSending, reschedule, resolveSending, retrySending, sendNow } from './outbox-actions.ts'
import { ScheduleDialog } from './schedule-dialog.tsx'

const icons: Readonly<Record<OutgoingState | 'lost' | 'delayed', LucideIcon>> = {
  lost: MailX,
  delayed: Clock,
  held: Hourglass,
  scheduled: AlarmClock,
  missed: FileClock,
  waiting: Clock,
  sending: Send,
  uncertain: CircleHelp,
  refused: Ban,
  filing: CheckCircle2,
  sent: CheckCircle2,
}

function iconOf(outgoing: Outgoing, forSignIn: boolean): keyof typeof icons {
  if (forSignIn) return 'waiting'
  const trouble = outgoing.state === 'sent' || outgoing.state === 'filing' ? troubled(outgoing) : []
  if (trouble.length === 0) return outgoing.state
  return trouble.some(isLost) ? 'lost' : 'delayed'
}

function toneOf(outgoing: Outgoing, forSignIn: boolean): string {
  if (waitsForPerson(outgoing) || troubled(outgoing).some(isLost)) return 'text-danger'
  if (forSignIn) return outgoing.failure?.kind === 'auth' ? 'text-danger' : 'text-warn'
  if ((outgoing.failure !== null && outgoing.state === 'waiting') || troubled(outgoing).length > 0) return 'text-warn'
  return outgoing.state === 'sent' || outgoing.state === 'filing' ? 'text-ok' : 'text-accent-ink'
}

/** `refused`: accounts whose server refuses the sign-in. */
export function OutgoingCard({ outgoing, refused }: { readonly outgoing: Outgoing; readonly refused: ReadonlySet<AccountId> }) {
  const t = useText()
  const format = useFormat()
  const now = useNow(outgoing.state === 'sent' ? null : outgoing.state === 'held' ? 1000 : 15_000)
  const [detailed, setDetailed] = useState(false)
  const details = useId()
  const title = useId()
  const zone = outgoing.timeZone ?? ownZone()
  const when = (at: number): string => {
    const there = whenText(format.tag, at, zone, now)
    return zone === ownZone() ? there : `${there} (${zoneCity(zone)}; ${t('when:yourTime', { when: whenText(format.tag, at, ownZone(), now) })})`
  }
  const forSignIn = waitsForSignIn(outgoing, refused, now)
  const Icon = icons[iconOf(outgoing, forSignIn)]
  const tone = toneOf(outgoing, forSignIn)
  const trouble = troubled(outgoing)
  const failure = toldFailure(outgoing)
  return (
    <article aria-labelledby={title} className="rounded-lg bg-surface p-4 shadow-card">
      <div className="flex items-start gap-3">
        <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', tone)} strokeWidth={2} />
        <div className="min-w-0 flex-1">
          <h3 id={title} className="truncate font-medium">
            <bdi>{outgoing.subject.trim() === '' ? t('outbox:noSubject') : outgoing.subject}</bdi>
          </h3>
          <p className="truncate text-ink-2">
            <To recipients={outgoing.recipients} />
          </p>
          <p className="mt-1">
            <span className={clsx('font-medium', tone)}>{t(stateKey(outgoing, forSignIn))}.</span> <span className="text-ink-2">{stateDetail(outgoing, now, t, when, forSignIn)}</span>
          </p>
          {outgoing.state === 'scheduled' && <Holder outgoing={outgoing} />}
          {failure !== null && (
            <p className="mt-1 text-ink-2">
              {/* Which addresses were refused, and why, stands below. */}
              {failure.code !== 'recipients-refused' && `${failureText(failure)}. `}
              {failureAdvice(failure, 'mail')}
            </p>
          )}
          {trouble.length > 0 && (
            <ul className="mt-2 flex flex-col gap-1">
              {trouble.slice(0, detailed ? trouble.length : 3).map((recipient) => (
                <li key={`${recipient.kind} ${recipient.address}`} className="flex gap-2 text-ink-2">
                  <TriangleAlert aria-hidden className={clsx('mt-0.5 size-3.5 shrink-0', isLost(recipient) ? 'text-danger' : 'text-warn')} />
                  <span className="min-w-0">
                    <bdi className="font-medium text-ink">{recipient.address}</bdi> {t(`outbox:recipient.${recipient.state}`)}. {recipientText(recipient, t)}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <Question outgoing={outgoing} />
          <div className="mt-3 flex flex-wrap items-center gap-2">
            <Actions outgoing={outgoing} />
            <button
              type="button"
              aria-expanded={detailed}
              aria-controls={details}
              onClick={() => setDetailed(!detailed)}
              className="ml-auto flex h-7 items-center gap-1 rounded-md px-2 text-xs text-ink-3 hover:bg-fill hover:text-ink-2"
            >
              {t('outbox:action.details')}
              <ChevronDown aria-hidden className={clsx('size-3.5 transition-transform duration-100', detailed && 'rotate-180')} />
            </button>
          </div>
        </div>
      </div>
      {detailed && <Details id={details} outgoing={outgoing} />}
    </article>
  )
}

function To({ recipients }: { readonly recipients: readonly OutgoingRecipient[] }) {
  const t = useText()
  const names = recipients.slice(0, 3).map(({ name, address }) => name || address).join(', ')
  const more = recipients.length - 3
  return <bdi>{t('outbox:to', { people: more > 0 ? t('outbox:andMore', { people: names, count: more }) : names })}</bdi>
}

function Holder({ outgoing: { heldBy } }: { readonly outgoing: Outgoing }) {
  const t = useText()
  const Icon = heldBy === 'server' ? Server : Monitor
  return (
    <p className="mt-2 flex w-fit items-center gap-2 rounded-md bg-fill px-2 py-1 text-xs">
      <Icon aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.75} />
      <span className="font-medium">{t(`outbox:heldBy.${heldBy}`)}</span>
      <span className="text-ink-3">{t(`outbox:heldBy.${heldBy}Hint`)}</span>
    </p>
  )
}

/** What only the person can decide: two ways on, and what each risks. */
function Question({ outgoing }: { readonly outgoing: Outgoing }) {
  const t = useText()
  if (sentElsewhere(outgoing)) {
    return (
      <Choices question={t('outbox:resolve.elsewhereQuestion')}>
        <Choice label={t('outbox:resolve.leaveIt')} risk={t('outbox:resolve.leaveItRisk')} onChoose={() => resolveSending(outgoing, 'arrived')} />
        <Choice label={t('outbox:resolve.sendToo')} risk={t('outbox:resolve.sendTooRisk')} onChoose={() => resolveSending(outgoing, 'send-again')} />
      </Choices>
    )
  }
  if (outgoing.state === 'uncertain') {
    return (
      <Choices question={t('outbox:resolve.uncertainQuestion')}>
        <Choice label={t('outbox:resolve.arrived')} risk={t('outbox:resolve.arrivedRisk')} onChoose={() => resolveSending(outgoing, 'arrived')} />
        <Choice label={t('outbox:resolve.sendAgain')} risk={t('outbox:resolve.sendAgainRisk')} onChoose={() => resolveSending(outgoing, 'send-again')} />
      </Choices>
    )
  }
  if (outgoing.state !== 'missed') return null
  return (
    <Choices question={t('outbox:resolve.missedQuestion')}>
      <Choice label={t('outbox:resolve.sendLate')} risk={t('outbox:resolve.sendLateRisk')} onChoose={() => resolveSending(outgoing, 'send-late')} />
      <Choice label={t('outbox:resolve.drop')} risk={t('outbox:resolve.dropRisk')} onChoose={() => resolveSending(outgoing, 'drop')} />
    </Choices>
  )
}

function Choices({ question, children }: { readonly question: string; readonly children: ReactNode }) {
  return (
    <fieldset className="mt-3">
      <legend className="mb-1 font-medium">{question}</legend>
      <div className="grid grid-cols-1 gap-2 min-[1100px]:grid-cols-2">{children}</div>
    </fieldset>
  )
}

function Choice({ label, risk, onChoose }: { readonly label: string; readonly risk: string; readonly onChoose: () => Promise<void> }) {
  const told = useId()
  return (
    <div className="flex flex-col items-start gap-2 rounded-lg border border-line p-3">
      <p id={told} className="flex-1 text-xs text-ink-2">
        {risk}
      </p>
      <BusyButton describedBy={told} onPress={onChoose}>
        {label}
      </BusyButton>
    </div>
  )
}

/** A button that waits for what it started: taking back from a server takes a moment. */
function BusyButton({ look, describedBy, onPress, children }: { readonly look?: 'primary'; readonly describedBy?: string; readonly onPress: () => Promise<void>; readonly children: ReactNode }) {
  const [busy, setBusy] = useState(false)
  return (
    <Button
      {...(look ? { look } : {})}
      busy={busy}
      aria-describedby={describedBy}
      onClick={() => {
        setBusy(true)
        void onPress().finally(() => setBusy(false))
      }}
    >
      {children}
    </Button>
  )
}

function Actions({ outgoing }: { readonly outgoing: Outgoing }) {
  const t = useText()
  const [choosing, setChoosing] = useState(false)
  const edit = (
    <BusyButton key="edit" {...(outgoing.state === 'refused' ? { look: 'primary' as const } : {})} onPress={() => editSending(outgoing)}>
      {t('outbox:action.edit')}
    </BusyButton>
  )
  const now = (
    <BusyButton key="now" onPress={() => sendNow(outgoing)}>
      {t('outbox:action.sendNow')}
    </BusyButton>
  )
  const retry = (
    <BusyButton key="retry" onPress={() => retrySending(outgoing)}>
      {t('outbox:action.retry')}
    </BusyButton>
  )
  switch (outgoing.state) {
    case 'held':
      return (
        <>
          <BusyButton look="primary" onPress={() => editSending(outgoing)}>
            {t('outbox:action.cancel')}
          </BusyButton>
          {now}
        </>
      )
    case 'scheduled':
      // What a server holds it does not give back.
      if (outgoing.heldBy === 'server') return null
      return (
        <>
          {edit}
          <Button onClick={() => setChoosing(true)}>{t('outbox:action.reschedule')}</Button>
          {now}
          <BusyButton onPress={() => cancelSending(outgoing)}>{t('outbox:action.cancelScheduled')}</BusyButton>
          <ScheduleDialog
            open={choosing}
            onOpenChange={setChoosing}
            recipients={outgoing.recipients.map(({ name, address }) => ({ name, address }))}
            start={{ at: outgoing.runAt, timeZone: outgoing.timeZone }}
            onChoose={(choice) => void reschedule(outgoing, choice)}
          />
        </>
      )
    case 'waiting':
      return (
        <>
          <AccountButton outgoing={outgoing} />
          {retry}
          {edit}
        </>
      )
    case 'refused':
      return (
        <>
          {edit}
          {retry}
        </>
      )
    case 'missed':
      return edit
    case 'sent':
    case 'filing':
      return (
        <>
          <AgainButton outgoing={outgoing} />
          <OpenButton outgoing={outgoing} />
        </>
      )
    case 'uncertain':
      return <SentButton outgoing={outgoing} />
    case 'sending':
      return null
  }
}

/** What helps when the server does not let this mailbox send: a new sign-in, or the settings it lacks. */
function AccountButton({ outgoing: { accountId, failure } }: { readonly outgoing: Outgoing }) {
  const t = useText()
  const account = useAccounts()?.find((one) => one.account.id === accountId)?.account
  if (failure?.kind !== 'auth' || account?.settings.kind !== 'imap') return null
  const nameless = (account.settings.outgoing?.signIn ?? 'none') === 'none'
  return (
    <Button look="primary" onClick={() => askAboutAccount(nameless ? 'edit-outgoing' : 'sign-in-outgoing', accountId)}>
      {t(nameless ? 'outbox:action.setUp' : 'accounts:status.reconnect')}
    </Button>
  )
}

/** A new mail with the same text, to those the first one did not reach. */
function AgainButton({ outgoing }: { readonly outgoing: Outgoing }) {
  const t = useText()
  const { messageId } = outgoing
  const lost = troubled(outgoing).filter(isLost)
  if (messageId === null || lost.length === 0) return null
  return <BusyButton onPress={() => sendAgain(messageId, lost).catch(tellFailure)}>{t('outbox:action.again')}</BusyButton>
}

function useSentFolder(accountId: Outgoing['accountId']) {
  const folders = useFolders()
  return folders?.find((folder) => folder.accountId === accountId && folder.special === 'sent')
}

function SentButton({ outgoing: { accountId } }: { readonly outgoing: Outgoing }) {
  const t = useText()
  const sent = useSentFolder(accountId)
  return sent ? <Button onClick={() => showSource(sent.id)}>{t('outbox:action.lookInSent')}</Button> : null
}

function OpenButton({ outgoing: { threadId, messageId, accountId } }: { readonly outgoing: Outgoing }) {
  const t = useText()
  const sent = useSentFolder(accountId)
  if (threadId === null || messageId === null || !sent) return null
  return (
    <Button
      onClick={() => {
        showSource(sent.id)
        openThread(threadId, sent.id)
      }}
    >
      {t('outbox:action.open')}
    </Button>
  )
}

function Details({ id, outgoing }: { readonly id: string; readonly outgoing: Outgoing }) {
  const t = useText()
  const format = useFormat()
  const account = useAccounts()?.find((one) => one.account.id === outgoing.accountId)?.account
  const facts: readonly (readonly [string, string | null])[] = [
    [t('outbox:fact.from'), outgoing.from.name === '' ? outgoing.from.address : `${outgoing.from.name} <${outgoing.from.address}>`],
    [t('outbox:fact.account'), account?.name ?? null],
    [t('outbox:fact.created'), format.dateTime(outgoing.createdAt)],
    [t('outbox:fact.zone'), outgoing.timeZone],
    [t('outbox:fact.route'), outgoing.route],
    [t('outbox:fact.attempts'), outgoing.attempts === 0 ? null : format.number(outgoing.attempts)],
    [t('outbox:fact.said'), outgoing.said ?? outgoing.failure?.said ?? null],
    [t('outbox:fact.size'), format.size(outgoing.size)],
    [t('outbox:fact.messageId'), outgoing.headerMessageId],
  ]
  return (
    <div id={id} className="mt-3 ml-7 rounded-lg bg-fill p-3 text-xs">
      <dl className="selectable grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name} className="contents">
              <dt className="text-right text-ink-3">{name}</dt>
              <dd className="min-w-0 break-words">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
        )}
      </dl>
      <h4 className="mt-3 mb-1 font-medium text-ink-2">{t('outbox:recipients')}</h4>
      <ul className="selectable flex flex-col gap-1">
        {outgoing.recipients.map((recipient, at) => (
          <li key={at} className="grid grid-cols-[2.5rem_minmax(0,1fr)_auto] gap-2">
            <span className="text-ink-3">{t(`outbox:kind.${recipient.kind}`)}</span>
            <span className="min-w-0">
              <bdi className="break-words">{recipient.name === '' ? recipient.address : `${recipient.name} <${recipient.address}>`}</bdi>
              {recipientText(recipient, t) !== null && <span className="block text-ink-2">{recipientText(recipient, t)}</span>}
              {recipient.said !== null && <bdi className="block break-words text-ink-3">{recipient.said}</bdi>}
            </span>
            <span className={clsx(isLost(recipient) ? 'text-danger' : recipient.state === 'delayed' ? 'text-warn' : 'text-ink-3')}>
              {t(`outbox:recipient.${recipient.state}`)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
