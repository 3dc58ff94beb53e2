// Adding a mailbox: the form on the left is never taken away, so nothing typed is lost; the right side says what will
// happen, then shows the check. The password lives in this component's state until it closes, and nowhere else.
import { useQuery } from '@tanstack/react-query'
import { KeyRound, Lock, MailCheck, ServerOff } from 'lucide-react'
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import type { Preset } from '../../../shared/api/contract.ts'
import type { Account } from '../../../shared/model/account.ts'
import type { Failure } from '../../../shared/model/failure.ts'
import { api, client } from '../../api/api.ts'
import { useAppInfo } from '../../api/shared-query.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { hasText, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { KeepFields, PasswordField, ServerFields, focusFirstProblem, focusHost, keepSummary, pasteTidied, problemText, serverSummary } from './account-fields.tsx'
import { domainUserName, emptyForm, formDraft, formProblems, keepOf, problemsLeft, readAddress, withPreset, withTrusted } from './account-form.ts'
import type { AccountForm, FieldProblems } from './account-form.ts'
import { CheckPanel, Note, Said } from './check-panel.tsx'
import type { ShownCertificate } from './check-view.ts'
import { Disclosure } from './disclosure.tsx'
import { OutgoingFields, outgoingSummary } from './outgoing-fields.tsx'
import { outgoingProblems } from './outgoing-form.ts'
import { useAccountCheck } from './use-account-check.ts'

type DialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void; readonly onAdded?: ((account: Account) => void) | undefined }

export function AddAccountDialog({ open, onOpenChange, onAdded }: DialogProps) {
  const t = useText()
  const adding = useAddAccount((account) => {
    onOpenChange(false)
    onAdded?.(account)
  })
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        // Escape ends what is going on before it ends the dialog.
        if (!next && adding.check.view.phase === 'running') {
          adding.check.cancel()
          return
        }
        onOpenChange(next)
        if (!next) adding.forget()
      }}
      title={t('accounts:add.title')}
      description={t('accounts:add.intro')}
      width="wide"
      keepOnOutsideClick
      footer={<AddAccountButtons adding={adding} leave={{ label: t('shell:cancel'), perform: () => onOpenChange(false) }} />}
    >
      <AddAccountForm adding={adding} />
    </Dialog>
  )
}

type Open = { readonly server: boolean; readonly outgoing: boolean; readonly keep: boolean }

/** Everything the form knows and does; drawn by AddAccountForm and AddAccountButtons, wherever those stand. */
export function useAddAccount(onAdded: (account: Account) => void) {
  const t = useText()
  const formId = useId()
  const [typed, setTyped] = useState<AccountForm>(emptyForm)
  const [password, setPassword] = useState('')
  const [outgoingPassword, setOutgoingPassword] = useState('')
  const [told, setTold] = useState<FieldProblems>({})
  const [outgoingTold, setOutgoingTold] = useState(false)
  const [already, setAlready] = useState(false)
  const [open, setOpen] = useState<Open>({ server: false, outgoing: false, keep: false })
  const [adding, setAdding] = useState(false)
  const [addFailure, setAddFailure] = useState<Failure | null>(null)
  const check = useAccountCheck()
  const accounts = useQuery(api.accounts.list.queryOptions())

  const address = typed.address.trim()
  const whole = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/u.test(address)
  // The last preset stays in view while the next one is looked up, so that nothing flickers between two keys.
  const preset = useQuery(api.accounts.preset.queryOptions({ input: { address }, enabled: whole, placeholderData: (last) => last })).data ?? null
  const form = preset === null ? typed : withPreset(typed, preset)
  // A hand-entered server may well take a password where the provider itself does not.
  const blocked = preset !== null && !preset.usable && !form.byHand.host
  const problems = problemsLeft(told, formProblems(form, password))
  const sending = outgoingProblems(form.outgoing, form.host.trim() === '')
  const guessed = preset?.provider === 'other' && !form.byHand.host
  const busy = check.view.phase === 'running' || adding

  const change = (next: AccountForm) => {
    setTyped(next)
    setAlready(false)
  }

  const submit = async (filled: AccountForm): Promise<void> => {
    if (busy || blocked) return
    // Whoever types fast and presses Enter is not held to the preset of the half-typed address.
    const fresh = whole ? await client.accounts.preset({ address }).catch(() => null) : null
    const now = fresh === null ? filled : withPreset(filled, fresh)
    if (fresh?.usable === false && !now.byHand.host) return
    const found = formProblems(now, password)
    const known = accounts.data?.some(({ account }) => account.address.toLowerCase() === address.toLowerCase()) ?? false
    const cannotSend = Object.keys(outgoingProblems(now.outgoing, now.host.trim() === '')).length > 0
    if (known || cannotSend || Object.keys(found).length > 0) {
      setOutgoingTold(cannotSend)
      flushSync(() => {
        setTold(found)
        setAlready(known)
        setOpen({
          outgoing: open.outgoing || cannotSend,
          server: open.server || ['host', 'port', 'userName', 'plainConsent'].some((field) => field in found),
          keep: open.keep || 'bodyMonths' in found || 'attachmentMonths' in found,
        })
      })
      focusFirstProblem(formId)
      return
    }
    setAddFailure(null)
    const draft = formDraft(now, fresh?.settings.userName ?? null)
    const own = now.outgoing.sends && now.outgoing.signIn === 'own' ? outgoingPassword : null
    const result = await check.run({ draft, password, outgoingPassword: own, accountId: null })
    // Everything but sending works: what to put right, or to leave for later, is there.
    if (result.failedStep === 'outgoing') setOpen((shown) => ({ ...shown, outgoing: true }))
    // A server that was only guessed and cannot be reached is the first thing to put right.
    if ((result.failedStep === 'resolve' || result.failedStep === 'connect') && fresh?.provider === 'other') setOpen((shown) => ({ ...shown, server: true }))
    if (result.phase !== 'passed') return
    setAdding(true)
    try {
      const settings = { ...draft.settings, userName: result.userName || draft.settings.userName }
      const account = await client.accounts.add({ draft: { ...draft, settings }, password, outgoingPassword: own, keep: keepOf(now.keep) })
      showToast({ message: t('accounts:add.added', { name: account.name }) })
      forget()
      onAdded(account)
    } catch (error) {
      setAddFailure(failureFrom(error))
    } finally {
      setAdding(false)
    }
  }

  const trust = (certificate: ShownCertificate) => {
    const next = withTrusted(form, certificate)
    change(next)
    void submit(next)
  }

  // The large providers' names are known; this spelling is for a company's own server.
  const windowsName = preset?.provider === 'other' ? domainUserName(form.address) : null
  const otherUserName =
    windowsName === null || windowsName === form.userName.trim()
      ? null
      : {
          userName: windowsName,
          onTry: () => {
            const next = { ...form, userName: windowsName }
            setOpen({ ...open, server: true })
            change(next)
            void submit(next)
          },
        }

  const forget = () => {
    check.reset()
    setTyped(emptyForm)
    setPassword('')
    setOutgoingPassword('')
    setOutgoingTold(false)
    setTold({})
    setAlready(false)
    setAddFailure(null)
    setOpen({ server: false, outgoing: false, keep: false })
  }

  return { formId, form, password, outgoingPassword, setOutgoingPassword, outgoingProblems: outgoingTold ? sending : {}, problems, already, open, setOpen, preset, guessed, blocked, busy, adding, addFailure, check, change, setPassword, submit, trust, otherUserName, forget }
}

type Adding = ReturnType<typeof useAddAccount>

type FormProps = {
  readonly adding: Adding
  /** Where no dialog does it: a dialog gives the focus to its first field itself, and gives it back. */
  readonly autoFocus?: boolean
}

export function AddAccountForm({ adding, autoFocus = false }: FormProps) {
  const t = useText()
  const { form, problems, preset, open, setOpen, change } = adding
  const appPassword = preset?.notes.includes('app-password') === true
  const takeAddress = (pasted: string) => {
    const read = readAddress(pasted)
    change({ ...form, address: read.address, name: form.name === '' ? read.name : form.name })
  }
  return (
    <form
      id={adding.formId}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void adding.submit(form)
      }}
      className="grid items-start gap-8 sm:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]"
    >
      <div className="flex min-w-0 flex-col gap-4">
        <TextField
          label={t('accounts:fields.address')}
          placeholder={t('accounts:fields.addressExample')}
          type="text"
          inputMode="email"
          autoComplete="email"
          autoCapitalize="off"
          autoFocus={autoFocus}
          value={form.address}
          maxLength={320}
          error={adding.already ? t('accounts:add.already') : problemText(t, problems, 'address')}
          onChange={(address) => change({ ...form, address })}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain')
            if (readAddress(pasted).address === pasted) return
            event.preventDefault()
            takeAddress(pasted)
          }}
        />
        <PasswordField
          label={t(appPassword ? 'accounts:fields.appPassword' : 'accounts:fields.password')}
          value={adding.password}
          error={problemText(t, problems, 'password')}
          onChange={adding.setPassword}
        />
        <TextField
          label={t('accounts:fields.name')}
          hint={t('accounts:fields.nameHint')}
          placeholder={form.address.trim()}
          value={form.name}
          maxLength={200}
          error={problemText(t, problems, 'name')}
          onChange={(name) => change({ ...form, name })}
          onPaste={pasteTidied((pasted) => pasted.trim(), (name) => change({ ...form, name }))}
        />
        <Disclosure title={t('accounts:fields.server')} summary={serverSummary(t, form, adding.guessed)} open={open.server} onOpenChange={(server) => setOpen({ ...open, server })}>
          <ServerFields form={form} problems={problems} onChange={change} />
        </Disclosure>
        <Disclosure title={t('accounts:outgoing.title')} summary={outgoingSummary(t, form.outgoing)} open={open.outgoing} onOpenChange={(outgoing) => setOpen({ ...open, outgoing })}>
          <OutgoingFields
            form={form.outgoing}
            problems={adding.outgoingProblems}
            password={adding.outgoingPassword}
            onPassword={adding.setOutgoingPassword}
            onChange={(outgoing) => change({ ...form, outgoing })}
          />
        </Disclosure>
        <Disclosure title={t('accounts:fields.keep')} summary={keepSummary(t, form.keep)} open={open.keep} onOpenChange={(keep) => setOpen({ ...open, keep })}>
          <KeepFields keep={form.keep} problems={problems} onChange={(keep) => change({ ...form, keep })} />
        </Disclosure>
      </div>
      <aside className="sticky top-0 min-w-0 rounded-lg bg-fill p-4">
        <Beside adding={adding} />
      </aside>
    </form>
  )
}

function Beside({ adding }: { readonly adding: Adding }) {
  const { check, form, preset, addFailure } = adding
  if (check.view.phase !== 'idle') {
    return (
      <div className="flex flex-col gap-4">
        <CheckPanel view={check.view} userName={form.userName.trim() || form.address.trim()} guessed={adding.guessed} onTrust={adding.trust} otherUserName={adding.otherUserName} />
        {addFailure !== null && (
          <div role="alert" className="rounded-lg bg-danger-soft p-3">
            <p className="font-semibold text-danger">{failureText(addFailure)}</p>
            <p className="mt-1">{failureAdvice(addFailure)}</p>
            <Said failure={addFailure} />
          </div>
        )}
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-5">
      {preset !== null && preset.provider !== 'other' && <Provider preset={preset} adding={adding} />}
      <WhatHappens />
    </div>
  )
}

function Provider({ preset, adding }: { readonly preset: Preset; readonly adding: Adding }) {
  const t = useText()
  const { open, setOpen, formId } = adding
  const useOtherServer = () => {
    flushSync(() => setOpen({ ...open, server: true }))
    focusHost(formId)
  }
  return (
    <div role="status" className="flex flex-col gap-3">
      <div>
        <p className="text-md font-semibold">{preset.name}</p>
        <p className="text-xs text-ink-3">
          {preset.settings.incoming.host}, {preset.settings.incoming.port}
        </p>
      </div>
      {preset.notes.map((note) => {
        const key = `accounts:notes.${note}.text`
        const title = `accounts:notes.${note}.title`
        return hasText(key) && hasText(title) ? (
          <Note key={note} tone={preset.usable ? 'plain' : 'warn'} title={t(title)}>
            <p className="text-ink-2">{t(key, { provider: preset.name })}</p>
          </Note>
        ) : null
      })}
      {adding.blocked && (
        <Button className="self-start" onClick={useOtherServer}>
          {t('accounts:provider.otherServer')}
        </Button>
      )}
    </div>
  )
}

function WhatHappens() {
  const t = useText()
  const secrets = useAppInfo()?.secrets ?? null
  const secret = secrets === 'keychain' ? t('accounts:aside.secretKeychain') : secrets === 'weak' ? t('accounts:aside.secretWeak') : t('accounts:aside.secretFile')
  return (
    <div>
      <p className="mb-3 font-semibold">{t('accounts:aside.title')}</p>
      <ul className="flex flex-col gap-3 text-ink-2">
        <Point icon={<KeyRound aria-hidden className="size-4" strokeWidth={1.75} />}>{t('accounts:aside.straight')}</Point>
        <Point icon={<Lock aria-hidden className="size-4" strokeWidth={1.75} />}>{secret}</Point>
        <Point icon={<MailCheck aria-hidden className="size-4" strokeWidth={1.75} />}>{t('accounts:aside.newest')}</Point>
        <Point icon={<ServerOff aria-hidden className="size-4" strokeWidth={1.75} />}>{t('accounts:aside.untouched')}</Point>
      </ul>
    </div>
  )
}

function Point({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span className="mt-0.5 shrink-0 text-ink-3">{icon}</span>
      <span>{children}</span>
    </li>
  )
}

type ButtonsProps = { readonly adding: Adding; readonly leave: { readonly label: string; readonly perform: () => void } }

export function AddAccountButtons({ adding, leave }: ButtonsProps) {
  const t = useText()
  const { check } = adding
  const running = check.view.phase === 'running'
  return (
    <>
      {running ? (
        <Button look="quiet" onClick={check.cancel}>
          {t('accounts:check.cancel')}
        </Button>
      ) : (
        <Button look="quiet" onClick={leave.perform}>
          {leave.label}
        </Button>
      )}
      <Button look="primary" submit form={adding.formId} busy={adding.busy} disabled={adding.blocked}>
        {running ? t('accounts:add.checking') : adding.adding ? t('accounts:add.adding') : check.view.phase === 'failed' ? t('accounts:check.again') : t('accounts:add.submit')}
      </Button>
    </>
  )
}
