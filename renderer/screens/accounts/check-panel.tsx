// A check as it happens: the steps, and when one fails, what that means, what the server said and what to do.
import clsx from 'clsx'
import { Check, ClipboardCopy, Minus, ShieldQuestion, X } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Failure } from '../../../shared/model/failure.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Spinner } from '../../parts/spinner.tsx'
import { fingerprintGroups } from './check-view.ts'
import type { CheckView, ShownCertificate, StepState } from './check-view.ts'

type Props = {
  readonly view: CheckView
  /** What the account is asked with, to say so when the server knows the person by another name. */
  readonly userName: string
  /** In a narrow place: once it failed, only what failed is shown. */
  readonly brief?: boolean
  /** The server's name was made up from the address. */
  readonly guessed?: boolean
  /** Null where trusting is not offered. */
  readonly onTrust: ((certificate: ShownCertificate) => void) | null
  /** Another user name worth trying when this one is refused; null where it cannot be changed or there is none. */
  readonly otherUserName?: { readonly userName: string; readonly onTry: () => void } | null
}

export function CheckPanel({ view, userName, brief = false, guessed = false, onTrust, otherUserName = null }: Props) {
  const t = useText()
  // Once it ended, the steps never reached say nothing and only push away what does.
  const steps = view.steps.filter(({ state }) => state !== 'skipped')
  return (
    <section aria-label={t('accounts:check.title')} className="flex flex-col gap-4">
      <p role="status" className="sr-only">
        {announcement(t, view)}
      </p>
      <ol className="flex flex-col" hidden={brief && view.phase === 'failed'}>
        {steps.map(({ step, state, detail }, at) => (
          <li key={step} className="relative flex gap-3 pb-3 last:pb-0">
            {at < steps.length - 1 && <span aria-hidden className={clsx('absolute top-5 bottom-0 left-[9.5px] w-px', state === 'ok' ? 'bg-ok/50' : 'bg-line')} />}
            <StepMark state={state} />
            <span className="min-w-0 flex-1">
              <span className={clsx('block', state === 'failed' ? 'font-semibold text-danger' : state === 'waiting' || state === 'skipped' ? 'text-ink-3' : 'font-medium')}>
                {t(`accounts:check.steps.${step}`)}
                <span className="sr-only">, {t(`accounts:check.states.${state}`)}</span>
              </span>
              {detail !== null && detail !== '' && (
                <span className="selectable block text-xs break-words text-ink-3">{step === 'folders' && /^\d+$/u.test(detail) ? t('accounts:check.passedFolders', { count: Number(detail) }) : detail}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {view.phase === 'passed' && (
        <Note tone="ok" title={t('accounts:check.passed')}>
          <p>{t('accounts:check.passedFolders', { count: view.folders })}</p>
          {view.userName !== '' && view.userName !== userName && <p>{t('accounts:check.otherUserName', { userName: view.userName })}</p>}
        </Note>
      )}
      {view.phase === 'cancelled' && (
        <Note tone="plain" title={t('accounts:check.cancelled')}>
          <p>{t('accounts:check.cancelledText')}</p>
        </Note>
      )}
      {view.phase === 'failed' && view.failure !== null && (
        <>
          {view.certificate === null ? <FailureNote view={view} guessed={guessed} otherUserName={otherUserName} /> : <CertificateNote certificate={view.certificate} view={view} onTrust={onTrust} />}
          {view.report !== '' && <ReportCopy report={view.report} />}
        </>
      )}
    </section>
  )
}

function announcement(t: Translate, view: CheckView): string {
  switch (view.phase) {
    case 'idle':
      return ''
    case 'passed':
      return t('accounts:check.passed')
    case 'cancelled':
      return t('accounts:check.cancelled')
    case 'failed':
      return view.failedStep === null ? '' : t('accounts:check.failed', { step: t(`accounts:check.steps.${view.failedStep}`) })
    case 'running': {
      const running = view.steps.findLast((one) => one.state === 'running')
      return running === undefined ? t('accounts:check.title') : t(`accounts:check.steps.${running.step}`)
    }
  }
}

function StepMark({ state }: { readonly state: StepState }) {
  const round = 'relative mt-px flex size-5 shrink-0 items-center justify-center rounded-full'
  switch (state) {
    case 'running':
      return (
        <span className={clsx(round, 'text-accent')}>
          <Spinner className="size-[18px]" />
        </span>
      )
    case 'ok':
      return (
        <span className={clsx(round, 'bg-ok-soft text-ok')}>
          <Check aria-hidden className="size-3" strokeWidth={2.75} />
        </span>
      )
    case 'failed':
      return (
        <span className={clsx(round, 'bg-danger text-on-danger')}>
          <X aria-hidden className="size-3" strokeWidth={2.75} />
        </span>
      )
    case 'skipped':
      return (
        <span className={clsx(round, 'text-ink-3')}>
          <Minus aria-hidden className="size-3" strokeWidth={2} />
        </span>
      )
    case 'waiting':
      return (
        <span className={round}>
          <span aria-hidden className="size-2 rounded-full border-[1.5px] border-line-control/70" />
        </span>
      )
  }
}

type NoteProps = { readonly tone: 'ok' | 'danger' | 'warn' | 'plain'; readonly title: string; readonly children: ReactNode }

export function Note({ tone, title, children }: NoteProps) {
  const tones = { ok: 'bg-ok-soft', danger: 'bg-danger-soft', warn: 'bg-warn-soft', plain: 'bg-fill' }
  const titles = { ok: 'text-ok', danger: 'text-danger', warn: 'text-warn', plain: 'text-ink' }
  return (
    <div className={clsx('flex flex-col gap-1 rounded-lg p-3', tones[tone])}>
      <p className={clsx('font-semibold', titles[tone])}>{title}</p>
      {children}
    </div>
  )
}

/** The words that came with the failure, never translated and never trusted to be short. Where the server did not get to
 *  answer they are the operating system's or the encryption's. */
export function Said({ failure: { said, kind } }: { readonly failure: Failure }) {
  const t = useText()
  if (said === null || said === '') return null
  const technical = kind === 'offline' || kind === 'bug' || kind === 'cursor-lost'
  return (
    <figure className="mt-2">
      <figcaption className="text-2xs font-medium text-ink-3">{t(technical ? 'accounts:check.saidTechnical' : 'accounts:check.said')}</figcaption>
      <blockquote lang="" className="selectable mt-0.5 max-h-24 overflow-y-auto font-mono text-xs break-words whitespace-pre-wrap text-ink-2">
        {said}
      </blockquote>
    </figure>
  )
}

type FailureProps = { readonly view: CheckView; readonly guessed: boolean; readonly otherUserName: Props['otherUserName'] }

function FailureNote({ view, guessed, otherUserName }: FailureProps) {
  const t = useText()
  if (view.failure === null) return null
  const number = view.steps.findIndex((one) => one.step === view.failedStep) + 1
  return (
    <div role="alert" className="rounded-lg bg-danger-soft p-3">
      {view.failedStep !== null && (
        <p className="text-2xs font-medium text-ink-2">
          {t('accounts:check.failedStep', { number, total: view.steps.length, step: t(`accounts:check.steps.${view.failedStep}`) })}
        </p>
      )}
      <p className="font-semibold text-danger">{failureText(view.failure)}</p>
      <p className="mt-1">{guessed && view.failedStep === 'resolve' ? t('accounts:check.guessed') : failureAdvice(view.failure, 'check')}</p>
      {otherUserName && view.failure.code === 'login-refused' && (
        <Button className="mt-2 max-w-full !shrink" onClick={otherUserName.onTry}>
          <span className="truncate">{t('accounts:check.tryUserName', { userName: otherUserName.userName })}</span>
        </Button>
      )}
      <Said failure={view.failure} />
    </div>
  )
}

type CertificateProps = { readonly certificate: ShownCertificate; readonly view: CheckView; readonly onTrust: Props['onTrust'] }

function CertificateNote({ certificate, view, onTrust }: CertificateProps) {
  const t = useText()
  const format = useFormat()
  // Judged once, when it is shown: a certificate does not expire while it is being read.
  const [now] = useState(() => Date.now())
  const state = now > certificate.validTo ? t('accounts:certificate.expired') : now < certificate.validFrom ? t('accounts:certificate.notYet') : null
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-lg bg-warn-soft p-3">
      <div>
        <p className="flex gap-2 font-semibold text-warn">
          <ShieldQuestion aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
          {view.failure === null ? t('accounts:certificate.title') : failureText(view.failure)}
        </p>
        <p className="mt-1">{t('accounts:certificate.text')}</p>
      </div>
      <dl className="selectable grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
        <dt className="text-ink-2">{t('accounts:certificate.subject')}</dt>
        <dd className="min-w-0 break-words">{certificate.subject}</dd>
        <dt className="text-ink-2">{t('accounts:certificate.issuer')}</dt>
        <dd className="min-w-0 break-words">{certificate.issuer === certificate.subject ? t('accounts:certificate.selfIssuer') : certificate.issuer}</dd>
        <dt className="text-ink-2">{t('accounts:certificate.valid')}</dt>
        <dd>
          {t('accounts:certificate.validRange', { from: format.date(certificate.validFrom), to: format.date(certificate.validTo) })}
          {state !== null && <strong className="ml-1 font-semibold text-danger">{state}</strong>}
        </dd>
        <dt className="col-span-2 mt-1 text-ink-2">{t('accounts:certificate.fingerprint')}</dt>
        <dd className="col-span-2 grid grid-cols-[repeat(auto-fill,minmax(6.5rem,max-content))] gap-x-4 gap-y-0.5 font-mono text-xs">
          {fingerprintGroups(certificate.fingerprint).map((group, at) => (
            <span key={at}>{group}</span>
          ))}
        </dd>
      </dl>
      <p className="text-xs text-ink-2">{t('accounts:certificate.compare')}</p>
      {onTrust !== null && (
        <div>
          <Button className="!h-auto min-h-(--control) max-w-full !shrink py-1 text-left break-words !whitespace-normal" onClick={() => onTrust(certificate)}>
            {t('accounts:certificate.trust', { host: certificate.host })}
          </Button>
          <p className="mt-1.5 text-xs text-ink-2">{t('accounts:certificate.trustHint')}</p>
        </div>
      )}
    </div>
  )
}

function ReportCopy({ report }: { readonly report: string }) {
  const t = useText()
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(report)
      setState('copied')
    } catch {
      // No clipboard in this window (permissions): the text itself is shown, to be selected.
      setState('failed')
    }
  }
  return (
    <div>
      <div className="flex items-center gap-3">
        <Button icon={state === 'copied' ? <Check aria-hidden className="size-4" /> : <ClipboardCopy aria-hidden className="size-4" strokeWidth={1.75} />} onClick={() => void copy()}>
          {t(state === 'copied' ? 'accounts:check.copied' : 'accounts:check.copy')}
        </Button>
        <span role="status" className="sr-only">
          {state === 'copied' ? t('accounts:check.copied') : ''}
        </span>
      </div>
      <p className="mt-1.5 text-xs text-ink-3">{t(state === 'failed' ? 'accounts:check.copyFailed' : 'accounts:check.copyHint')}</p>
      {state === 'failed' && (
        <textarea readOnly aria-label={t('accounts:check.report')} value={report} rows={6} className="mt-2 w-full rounded-md border border-line-control/70 bg-surface p-2 font-mono text-xs dark:bg-fill" />
      )}
    </div>
  )
}
