// The server that sends, under the settings of a mailbox.
import type { Security } from '../../../shared/model/account.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { Segmented } from '../../parts/segmented.tsx'
import { Select } from '../../parts/select.tsx'
import { Field, TextField } from '../../parts/text-field.tsx'
import { Switch } from '../../parts/toggle.tsx'
import { PasswordField, pasteTidied } from './account-fields.tsx'
import { portWarning, withOutgoingPort, withOutgoingSecurity } from './outgoing-form.ts'
import type { OutgoingForm, OutgoingProblems } from './outgoing-form.ts'

export function outgoingSummary(t: Translate, form: OutgoingForm): string {
  if (!form.sends) return t('accounts:outgoing.readsOnly')
  if (form.host.trim() === '') return t('accounts:fields.serverUnknown')
  return t('accounts:fields.serverFound', { host: form.host, port: form.port, security: t(`accounts:security.${form.security}`) })
}

const securities: readonly Security[] = ['tls', 'starttls', 'plain']

type Props = {
  readonly form: OutgoingForm
  readonly problems: OutgoingProblems
  /** Of the sending server, where it has one of its own; empty: the stored one. */
  readonly password: string
  readonly onPassword: (password: string) => void
  readonly onChange: (form: OutgoingForm) => void
}

export function OutgoingFields({ form, problems, password, onPassword, onChange }: Props) {
  const t = useText()
  const warning = portWarning(form)
  const problemOf = (field: keyof OutgoingProblems): string | undefined => {
    const problem = problems[field]
    return problem === undefined ? undefined : t(`accounts:problems.${problem}`)
  }
  return (
    <>
      <Switch label={t('accounts:outgoing.sends')} hint={t('accounts:outgoing.sendsHint')} checked={form.sends} onChange={(sends) => onChange({ ...form, sends })} />
      {form.sends && (
        <>
          <div className="grid grid-cols-[1fr_5.5rem] gap-3">
            <TextField
              name="smtp-host"
              label={t('accounts:outgoing.host')}
              placeholder={t('accounts:outgoing.hostExample')}
              value={form.host}
              maxLength={253}
              autoCapitalize="off"
              inputMode="url"
              error={problemOf('host')}
              onChange={(host) => onChange({ ...form, host, byHand: true })}
              onPaste={pasteTidied((pasted) => pasted.trim().replace(/^[a-z]+:\/\//iu, '').replace(/[/:].*$/u, ''), (host) => onChange({ ...form, host, byHand: true }))}
            />
            <TextField
              label={t('accounts:outgoing.port')}
              value={form.port}
              inputMode="numeric"
              maxLength={5}
              error={problemOf('port')}
              hint={warning === null ? undefined : <span className="text-warn">{t(`accounts:outgoing.${warning}`)}</span>}
              onChange={(port) => onChange(withOutgoingPort(form, port.replace(/\D/gu, '')))}
            />
          </div>
          <Field label={t('accounts:outgoing.security')} hint={t(`accounts:security.${form.security}Hint`)}>
            {() => (
              <Segmented
                label={t('accounts:outgoing.security')}
                value={form.security}
                choices={securities.map((value) => ({ value, label: t(`accounts:security.${value}`) }))}
                onChange={(security) => onChange(withOutgoingSecurity(form, security))}
                className="self-start"
              />
            )}
          </Field>
          <Select
            label={t('accounts:outgoing.signIn')}
            value={form.signIn}
            options={(['incoming', 'own', 'none'] as const).map((value) => ({ value, label: t(`accounts:outgoing.signIns.${value}`) }))}
            onChange={(signIn) => onChange({ ...form, signIn, byHand: true })}
          />
          {form.signIn === 'own' && (
            <>
              <TextField
                label={t('accounts:outgoing.userName')}
                value={form.userName}
                maxLength={320}
                autoCapitalize="off"
                error={problemOf('userName')}
                onChange={(userName) => onChange({ ...form, userName })}
                onPaste={pasteTidied((pasted) => pasted.trim(), (userName) => onChange({ ...form, userName }))}
              />
              <PasswordField label={t('accounts:outgoing.password')} value={password} onChange={onPassword} />
            </>
          )}
          <Select
            label={t('accounts:outgoing.sentCopy')}
            value={form.sentCopy}
            options={(['auto', 'here', 'server'] as const).map((value) => ({ value, label: t(`accounts:outgoing.sentCopies.${value}`) }))}
            onChange={(sentCopy) => onChange({ ...form, sentCopy })}
          />
        </>
      )}
    </>
  )
}
