// Changing a mailbox. Whatever changes how the server is asked is checked first and stored only when it works.
import { useId, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Account } from '../../../shared/model/account.ts'
import type { Failure } from '../../../shared/model/failure.ts'
import { client } from '../../api/api.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/text-field.tsx'
import { ColorField, KeepFields, PasswordField, ServerFields, focusFirstProblem, problemText, serverSummary } from './account-fields.tsx'
import { formDraft, formOfAccount, formProblems, keepOf, needsCheck, problemsLeft, withTrusted } from './account-form.ts'
import type { AccountForm, FieldProblems } from './account-form.ts'
import { CheckPanel, Note } from './check-panel.tsx'
import { Disclosure } from './disclosure.tsx'
import { OutgoingFields, outgoingSummary } from './outgoing-fields.tsx'
import { outgoingProblems } from './outgoing-form.ts'
import { useAccountCheck } from './use-account-check.ts'

type Props = { readonly account: Account; readonly onClose: () => void; readonly showServer?: boolean; readonly showOutgoing?: boolean }

/** Mounted while it is open, so that every opening starts from what is stored. */
export function EditAccountDialog({ account, onClose, showServer = false, showOutgoing = false }: Props) {
  const t = useText()
  const formId = useId()
  const [before] = useState(() => formOfAccount(account))
  // Somebody who is led here wants to send.
  const [form, setForm] = useState<AccountForm>(showOutgoing ? { ...before, outgoing: { ...before.outgoing, sends: true } } : before)
  const [color, setColor] = useState(account.color)
  const [password, setPassword] = useState('')
  const [outgoingPassword, setOutgoingPassword] = useState('')
  const [outgoingOpen, setOutgoingOpen] = useState(showOutgoing)
  const [outgoingTold, setOutgoingTold] = useState(false)
  const [told, setTold] = useState<FieldProblems>({})
  const [serverOpen, setServerOpen] = useState(showServer)
  const [saving, setSaving] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const check = useAccountCheck()
  const running = check.view.phase === 'running'
  const problems = problemsLeft(told, formProblems(form, null))
  const asksServer = needsCheck(before, form, password + outgoingPassword)
  const sending = outgoingProblems(form.outgoing, false)

  const submit = async (now: AccountForm) => {
    if (running || saving) return
    const found = formProblems(now, null)
    const cannotSend = account.settings.kind === 'imap' && Object.keys(outgoingProblems(now.outgoing, false)).length > 0
    if (cannotSend || Object.keys(found).length > 0) {
      flushSync(() => {
        setTold(found)
        setOutgoingTold(cannotSend)
        setOutgoingOpen(outgoingOpen || cannotSend)
        setServerOpen(serverOpen || ['host', 'port', 'userName', 'plainConsent'].some((field) => field in found))
      })
      focusFirstProblem(formId)
      return
    }
    setFailure(null)
    const draft = formDraft(now, null)
    let userName = draft.settings.userName
    const own = now.outgoing.sends && now.outgoing.signIn === 'own' && outgoingPassword !== '' ? outgoingPassword : null
    if (needsCheck(before, now, password + outgoingPassword) || now.trusted !== before.trusted) {
      const result = await check.run({ draft, password: password === '' ? null : password, outgoingPassword: own, accountId: account.id })
      if (result.failedStep === 'outgoing') setOutgoingOpen(true)
      if (result.phase !== 'passed') return
      userName = result.userName || userName
    }
    setSaving(true)
    try {
      await client.accounts.update({
        id: account.id,
        draft: { ...draft, settings: { ...draft.settings, userName } },
        password: password === '' ? null : password,
        outgoingPassword: own,
        keep: keepOf(now.keep),
        color,
      })
      onClose()
    } catch (error) {
      setFailure(failureFrom(error))
      setSaving(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (open) return
        // Escape ends what is going on before it ends the dialog.
        if (running) check.cancel()
        else onClose()
      }}
      title={t('accounts:edit.title')}
      description={account.address}
      width={check.view.phase === 'idle' ? 'medium' : 'wide'}
      keepOnOutsideClick
      footer={
        <>
          {running ? (
            <Button look="quiet" onClick={check.cancel}>
              {t('accounts:check.cancel')}
            </Button>
          ) : (
            <Button look="quiet" onClick={onClose}>
              {t('shell:cancel')}
            </Button>
          )}
          <Button look="primary" submit form={formId} busy={running || saving}>
            {running ? t('accounts:add.checking') : saving ? t('accounts:edit.saving') : asksServer ? t('accounts:edit.checkAndSave') : t('accounts:edit.save')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit(form)
        }}
        className={check.view.phase === 'idle' ? undefined : 'grid items-start gap-8 sm:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]'}
      >
        <div className="flex min-w-0 flex-col gap-4">
          <TextField
            label={t('accounts:fields.name')}
            placeholder={account.address}
            value={form.name}
            maxLength={200}
            error={problemText(t, problems, 'name')}
            onChange={(name) => setForm({ ...form, name })}
          />
          <ColorField value={color} onChange={setColor} />
          {account.settings.kind === 'imap' && (
            <>
              <PasswordField label={t('accounts:edit.password')} hint={t('accounts:edit.passwordHint')} value={password} error={problemText(t, problems, 'password')} onChange={setPassword} />
              <Disclosure title={t('accounts:fields.server')} summary={serverSummary(t, form)} open={serverOpen} onOpenChange={setServerOpen}>
                <ServerFields form={form} problems={problems} onChange={setForm} />
              </Disclosure>
              <Disclosure title={t('accounts:outgoing.title')} summary={outgoingSummary(t, form.outgoing)} open={outgoingOpen} onOpenChange={setOutgoingOpen}>
                <OutgoingFields
                  form={form.outgoing}
                  problems={outgoingTold ? sending : {}}
                  password={outgoingPassword}
                  onPassword={setOutgoingPassword}
                  onChange={(outgoing) => setForm({ ...form, outgoing })}
                />
              </Disclosure>
              <div className="mt-2 flex flex-col gap-4 border-t border-line pt-4">
                <h3 className="font-semibold">{t('accounts:fields.keep')}</h3>
                <KeepFields keep={form.keep} problems={problems} onChange={(keep) => setForm({ ...form, keep })} />
              </div>
            </>
          )}
          {asksServer && check.view.phase === 'idle' && <p className="text-xs text-ink-3">{t('accounts:edit.unverified')}</p>}
          {failure !== null && (
            <div role="alert">
              <Note tone="danger" title={failureText(failure)}>
                <p>{failureAdvice(failure)}</p>
              </Note>
            </div>
          )}
        </div>
        {check.view.phase !== 'idle' && (
          <aside className="sticky top-0 min-w-0 rounded-lg bg-fill p-4">
            <CheckPanel
              view={check.view}
              userName={form.userName.trim() || form.address}
              onTrust={(certificate) => {
                const next = withTrusted(form, certificate)
                setForm(next)
                void submit(next)
              }}
            />
          </aside>
        )}
      </form>
    </Dialog>
  )
}
