// The fields an account is described by, shared by adding, editing and signing in again.
import clsx from 'clsx'
import { Eye, EyeOff, ShieldAlert } from 'lucide-react'
import { useState } from 'react'
import type { ClipboardEvent, KeyboardEvent } from 'react'
import type { Security } from '../../../shared/model/account.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Select } from '../../parts/select.tsx'
import { Field, TextField, inputLook } from '../../parts/text-field.tsx'
import { Checkbox } from '../../parts/toggle.tsx'
import { accountColorNames, accountColors } from './account-color.ts'
import { isPlain, pairAdvice, usualPort, withHost, withPort, withSecurity } from './account-form.ts'
import { followed } from './outgoing-form.ts'
import type { AccountForm, Field as FieldName, FieldProblems, KeepForm } from './account-form.ts'

/** Puts pasted text in tidied, where the caret is. Untouched text is left to the browser, so its undo keeps working. */
export function pasteTidied(tidy: (pasted: string) => string, onChange: (value: string) => void) {
  return (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData('text/plain')
    const tidied = tidy(pasted)
    if (tidied === pasted) return
    event.preventDefault()
    const input = event.currentTarget
    input.setRangeText(tidied, input.selectionStart ?? 0, input.selectionEnd ?? input.value.length, 'end')
    onChange(input.value)
  }
}

const trimmed = (pasted: string) => pasted.trim()

export function problemText(t: Translate, problems: FieldProblems, field: FieldName): string | undefined {
  const problem = problems[field]
  if (problem === undefined) return undefined
  if (problem === 'missing') {
    if (field === 'address') return t('accounts:problems.missingAddress')
    if (field === 'password') return t('accounts:problems.missingPassword')
    if (field === 'host') return t('accounts:problems.missingHost')
  }
  return t(`accounts:problems.${problem}`)
}

/** Brings the first field with a problem into view and gives it the focus. */
export function focusFirstProblem(formId: string): void {
  document.getElementById(formId)?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] button')?.focus()
}

export function focusHost(formId: string): void {
  const host = document.getElementById(formId)?.querySelector<HTMLInputElement>('input[name="host"]')
  host?.focus()
  host?.select()
}

type PasswordProps = {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
}

export function PasswordField({ label, hint, error, value, onChange }: PasswordProps) {
  const t = useText()
  const [shown, setShown] = useState(false)
  const [caps, setCaps] = useState(false)
  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState('CapsLock'))
  return (
    <Field label={label} error={error} hint={caps ? t('accounts:fields.capsLock') : hint}>
      {(control) => (
        <span className="relative block">
          <input
            {...control}
            type={shown ? 'text' : 'password'}
            value={value}
            maxLength={1000}
            autoComplete="current-password"
            autoCapitalize="off"
            spellCheck={false}
            className={clsx(inputLook, 'pr-9', shown && 'font-mono')}
            onChange={(event) => onChange(event.target.value)}
            onPaste={pasteTidied(trimmed, onChange)}
            onKeyDown={watchCaps}
            onKeyUp={watchCaps}
            onBlur={() => setCaps(false)}
          />
          <IconButton
            icon={shown ? EyeOff : Eye}
            size="small"
            label={t(shown ? 'accounts:fields.hidePassword' : 'accounts:fields.showPassword')}
            aria-pressed={shown}
            tooltip={false}
            className="absolute top-1/2 right-1 -translate-y-1/2"
            onClick={() => setShown(!shown)}
          />
        </span>
      )}
    </Field>
  )
}

/** What was just asked must be seen, also in a low window. */
function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

type FormProps = {
  readonly form: AccountForm
  readonly problems: FieldProblems
  readonly onChange: (form: AccountForm) => void
}

const securities: readonly Security[] = ['tls', 'starttls', 'plain']

export function ServerFields({ form, problems, onChange }: FormProps) {
  const t = useText()
  const advice = pairAdvice(form)
  const consentProblem = problemText(t, problems, 'plainConsent')
  return (
    <>
      <div className="grid grid-cols-[1fr_5.5rem] gap-3">
        <TextField
          name="host"
          label={t('accounts:fields.host')}
          placeholder={t('accounts:fields.hostExample')}
          value={form.host}
          maxLength={253}
          autoCapitalize="off"
          inputMode="url"
          error={problemText(t, problems, 'host')}
          onChange={(host) => onChange({ ...form, host, outgoing: followed(form.outgoing, host), plainConsent: false, byHand: { ...form.byHand, host: true } })}
          onPaste={(event) => {
            event.preventDefault()
            onChange(withHost(form, event.clipboardData.getData('text/plain')))
          }}
          onBlur={() => {
            // Typed like an address bar: 'mail.firma.no:993', 'https://mail.firma.no/owa'.
            if (/[/@]|^[^:]+:\d+$/u.test(form.host)) onChange(withHost(form, form.host))
          }}
        />
        <TextField
          label={t('accounts:fields.port')}
          value={form.port}
          inputMode="numeric"
          maxLength={5}
          error={problemText(t, problems, 'port')}
          onChange={(port) => onChange(withPort(form, port.replace(/\D/gu, '')))}
        />
      </div>
      <Field
        label={t('accounts:fields.security')}
        hint={
          advice === null ? (
            t(`accounts:security.${form.security}Hint`)
          ) : (
            <span className="text-warn">
              {t('accounts:pair', { port: advice.port, security: t(`accounts:security.${advice.security}`) })}{' '}
              <button type="button" className="rounded-sm font-medium text-accent-ink underline underline-offset-2" onClick={() => onChange(withSecurity(form, advice.security))}>
                {t('accounts:pairUse', { security: t(`accounts:security.${advice.security}`) })}
              </button>
            </span>
          )
        }
      >
        {() => (
          <Segmented
            label={t('accounts:fields.security')}
            value={form.security}
            choices={securities.map((value) => ({ value, label: t(`accounts:security.${value}`) }))}
            onChange={(security) => onChange(withSecurity(form, security))}
            className="self-start"
          />
        )}
      </Field>
      {isPlain(form) && (
        <div ref={bringIntoView} data-invalid={consentProblem === undefined ? undefined : true} className="rounded-md bg-danger-soft p-3">
          <p className="flex gap-2 font-medium text-danger">
            <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
            {t('accounts:plain.title')}
          </p>
          <p className="mt-1 mb-3 text-xs text-ink-2">{t('accounts:plain.text')}</p>
          <Checkbox label={t('accounts:plain.consent')} checked={form.plainConsent} onChange={(plainConsent) => onChange({ ...form, plainConsent })} />
          {consentProblem !== undefined && (
            <p role="alert" className="mt-2 text-xs font-medium text-danger">
              {consentProblem}
            </p>
          )}
        </div>
      )}
      <TextField
        label={t('accounts:fields.userName')}
        placeholder={form.address.trim()}
        hint={t('accounts:fields.userNameHint')}
        value={form.userName}
        maxLength={320}
        autoCapitalize="off"
        error={problemText(t, problems, 'userName')}
        onChange={(userName) => onChange({ ...form, userName })}
        onPaste={pasteTidied(trimmed, (userName) => onChange({ ...form, userName }))}
      />
      {form.trusted
        .filter((one) => [form.host, form.outgoing.host].some((host) => one.host.toLowerCase() === host.trim().toLowerCase()))
        .map((one) => (
          <div key={one.fingerprint} className="flex items-center justify-between gap-3 text-xs">
            <span className="min-w-0">
              <span className="block">{t('accounts:certificate.trusted', { host: one.host })}</span>
              <span className="block truncate font-mono text-2xs text-ink-3">{one.fingerprint}</span>
            </span>
            <Button look="quiet" onClick={() => onChange({ ...form, trusted: form.trusted.filter((other) => other !== one) })}>
              {t('accounts:certificate.untrust')}
            </Button>
          </div>
        ))}
    </>
  )
}

export function serverSummary(t: Translate, form: AccountForm, guessed = false): string {
  if (form.host.trim() === '') return t('accounts:fields.serverUnknown')
  return t(guessed ? 'accounts:fields.serverGuessed' : 'accounts:fields.serverFound', { host: form.host, port: form.port || String(usualPort[form.security]), security: t(`accounts:security.${form.security}`) })
}

type KeepProps = { readonly keep: KeepForm; readonly problems: FieldProblems; readonly onChange: (keep: KeepForm) => void }

export function KeepFields({ keep, problems, onChange }: KeepProps) {
  const t = useText()
  return (
    <>
      <div>
        <div className="flex items-start gap-3">
          <Select
            label={t('accounts:keep.bodies')}
            className="flex-1"
            value={keep.bodies}
            options={[
              { value: 'months', label: t('accounts:keep.months') },
              { value: 'all', label: t('accounts:keep.all') },
            ]}
            onChange={(bodies) => onChange({ ...keep, bodies })}
          />
          {keep.bodies === 'months' && (
            <Months of={t('accounts:keep.bodies')} value={keep.bodyMonths} error={problemText(t, problems, 'bodyMonths')} onChange={(bodyMonths) => onChange({ ...keep, bodyMonths })} />
          )}
        </div>
        <p className="mt-1 text-xs text-ink-3">{t('accounts:keep.bodiesHint')}</p>
      </div>
      <div className="flex items-start gap-3">
        <Select
          label={t('accounts:keep.attachments')}
          className="flex-1"
          value={keep.attachments}
          options={[
            { value: 'demand', label: t('accounts:keep.demand') },
            { value: 'months', label: t('accounts:keep.months') },
            { value: 'all', label: t('accounts:keep.all') },
          ]}
          onChange={(attachments) => onChange({ ...keep, attachments })}
        />
        {keep.attachments === 'months' && (
          <Months
            of={t('accounts:keep.attachments')}
            value={keep.attachmentMonths}
            error={problemText(t, problems, 'attachmentMonths')}
            onChange={(attachmentMonths) => onChange({ ...keep, attachmentMonths })}
          />
        )}
      </div>
    </>
  )
}

type MonthsProps = { readonly of: string; readonly value: string; readonly error: string | undefined; readonly onChange: (value: string) => void }

function Months({ of, value, error, onChange }: MonthsProps) {
  const t = useText()
  const step = (by: number) => onChange(String(Math.min(240, Math.max(1, (Number(value) || 0) + by))))
  return (
    <TextField
      label={t('accounts:keep.monthsCount')}
      aria-label={`${of}: ${t('accounts:keep.monthsCount')}`}
      className="w-36"
      value={value}
      inputMode="numeric"
      maxLength={3}
      error={error}
      onChange={(typed) => onChange(typed.replace(/\D/gu, ''))}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
        event.preventDefault()
        step(event.key === 'ArrowUp' ? 1 : -1)
      }}
    />
  )
}

export function keepSummary(t: Translate, keep: KeepForm): string {
  const bodies = keep.bodies === 'all' ? t('accounts:keep.summaryBodiesAll') : t('accounts:keep.summaryBodies', { count: Number(keep.bodyMonths) })
  const attachments =
    keep.attachments === 'all'
      ? t('accounts:keep.summaryAttachmentsAll')
      : keep.attachments === 'demand'
        ? t('accounts:keep.summaryAttachmentsDemand')
        : t('accounts:keep.summaryAttachments', { count: Number(keep.attachmentMonths) })
  return t('accounts:fields.keepFound', { bodies, attachments })
}

type ColorProps = { readonly value: string; readonly onChange: (color: string) => void }

export function ColorField({ value, onChange }: ColorProps) {
  const t = useText()
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-ink-2">{t('accounts:fields.color')}</legend>
      <div className="flex gap-1">
        {accountColorNames.map((color) => (
          <label key={color} title={t(`accounts:colors.${color}`)} className="relative flex size-7 items-center justify-center rounded-full">
            <input
              type="radio"
              name="account-color"
              aria-label={t(`accounts:colors.${color}`)}
              checked={value === accountColors[color]}
              onChange={() => onChange(accountColors[color])}
              className="peer absolute inset-0 appearance-none rounded-full"
            />
            <span style={{ background: accountColors[color] }} className="pointer-events-none size-4 rounded-full ring-ink-2 ring-offset-2 ring-offset-raised peer-checked:ring-2" />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
