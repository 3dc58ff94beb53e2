// A server that no longer takes the stored password: one field, the check, and mail flows again. A server for sending that has
// a password of its own is asked about when it was the one that refused.
import { useId, useState } from 'react'
import type { Account } from '../../../shared/model/account.ts'
import type { Failure } from '../../../shared/model/failure.ts'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { showToast } from '../../parts/toast.tsx'
import { PasswordField } from './account-fields.tsx'
import { CheckPanel, Note, Said } from './check-panel.tsx'
import { useAccountCheck } from './use-account-check.ts'

type Props = {
  readonly account: Account
  readonly failure: Failure | null
  /** It was the server for sending that refused. */
  readonly sending?: boolean
  readonly onClose: () => void
  /** For everything but the password. */
  readonly onEdit: () => void
}

/** Mounted while it is open, so that the password is gone with it. */
export function ReconnectDialog({ account, failure, sending = false, onClose, onEdit }: Props) {
  const t = useText()
  const formId = useId()
  const [password, setPassword] = useState('')
  const [outgoingPassword, setOutgoingPassword] = useState('')
  const outgoing = account.settings.kind === 'imap' ? account.settings.outgoing : null
  const hasOwn = outgoing?.signIn === 'own'
  const asksIncoming = !(sending && hasOwn)
  const [asksOutgoing, setAsksOutgoing] = useState(sending && hasOwn)
  const [missing, setMissing] = useState(false)
  const [saving, setSaving] = useState(false)
  const [saveFailure, setSaveFailure] = useState<Failure | null>(null)
  const check = useAccountCheck()
  const running = check.view.phase === 'running'

  const submit = async () => {
    if (account.settings.kind !== 'imap' || running || saving) return
    const given = { password: asksIncoming ? password : null, outgoingPassword: asksOutgoing ? outgoingPassword : null }
    if (given.password === '' || given.outgoingPassword === '') {
      setMissing(true)
      return
    }
    setSaveFailure(null)
    const draft = { name: account.name, address: account.address, settings: account.settings }
    const result = await check.run({ draft, ...given, accountId: account.id })
    if (hasOwn && result.failedStep === 'outgoing' && result.failure?.kind === 'auth') setAsksOutgoing(true)
    if (result.phase !== 'passed') return
    setSaving(true)
    try {
      const settings = { ...account.settings, userName: result.userName || account.settings.userName }
      await client.accounts.update({ id: account.id, draft: { ...draft, settings }, ...given, keep: account.keep, color: account.color })
      if (account.paused) await client.accounts.pause({ id: account.id, paused: false })
      else await client.accounts.syncNow({ id: account.id })
      showToast({ message: t(sending ? 'accounts:reconnect.doneSending' : 'accounts:reconnect.done', { name: account.name }) })
      onClose()
    } catch (error) {
      setSaveFailure(failureFrom(error))
    } finally {
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
      title={t('accounts:reconnect.title', { name: account.name })}
      description={t(sending ? 'accounts:reconnect.textSending' : 'accounts:reconnect.text')}
      width="narrow"
      keepOnOutsideClick
      footer={
        <>
          <Button
            look="quiet"
            className="mr-auto -ml-3"
            onClick={onEdit}
          >
            {t('accounts:reconnect.settings')}
          </Button>
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
            {t('accounts:reconnect.submit')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {check.view.phase === 'idle' && failure !== null && <Said failure={failure} />}
        {asksIncoming && (
          <PasswordField
            label={`${t('accounts:fields.password')} · ${account.settings.kind === 'imap' ? account.settings.userName : account.address}`}
            value={password}
            error={missing && password === '' ? t('accounts:problems.missingPassword') : undefined}
            onChange={(next) => {
              setPassword(next)
              setMissing(false)
            }}
          />
        )}
        {asksOutgoing && outgoing !== null && (
          <PasswordField
            label={`${t('accounts:outgoing.password')} · ${outgoing.userName}`}
            value={outgoingPassword}
            error={missing && outgoingPassword === '' ? t('accounts:problems.missingPassword') : undefined}
            onChange={(next) => {
              setOutgoingPassword(next)
              setMissing(false)
            }}
          />
        )}
        {check.view.phase !== 'idle' && <CheckPanel brief view={check.view} userName={account.settings.kind === 'imap' ? account.settings.userName : ''} onTrust={null} />}
        {saveFailure !== null && (
          <Note tone="danger" title={failureText(saveFailure)}>
            {saveFailure.said}
          </Note>
        )}
      </form>
    </Dialog>
  )
}
