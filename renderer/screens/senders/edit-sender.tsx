import { useState } from 'react'
import type { Account } from '../../../shared/model/account.ts'
import type { Identity, Signature } from '../../../shared/model/draft.ts'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { text, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Select } from '../../parts/select.tsx'
import { TextField } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { Checkbox } from '../../parts/toggle.tsx'

type Props = { readonly account: Account; readonly identity: Identity | null; readonly signatures: readonly Signature[]; readonly onClose: () => void }

const isAddress = (address: string): boolean => /^[^\s@]+@[^\s@]+$/.test(address)

export function EditSender({ account, identity, signatures, onClose }: Props) {
  const t = useText()
  const [name, setName] = useState(identity?.name ?? '')
  const [address, setAddress] = useState(identity?.address ?? '')
  const [replyTo, setReplyTo] = useState(identity?.replyTo ?? '')
  const [signatureNew, setSignatureNew] = useState(identity?.signatureNew ?? null)
  const [signatureReply, setSignatureReply] = useState(identity?.signatureReply ?? null)
  const [isDefault, setDefault] = useState(identity?.isDefault ?? false)
  const [told, setTold] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const goodAddress = isAddress(address.trim())
  const goodReplyTo = replyTo.trim() === '' || isAddress(replyTo.trim())

  const save = async (): Promise<void> => {
    setTold(true)
    if (!goodAddress || !goodReplyTo || busy) return
    setBusy(true)
    try {
      await client.identities.save({
        id: identity?.id ?? null,
        accountId: account.id,
        name: name.trim(),
        address: address.trim(),
        replyTo: replyTo.trim() === '' ? null : replyTo.trim(),
        signatureNew,
        signatureReply,
        isDefault,
      })
      onClose()
      showToast({ message: text('senders:saved') })
    } catch (error) {
      setFailed(failureText(failureFrom(error)))
    } finally {
      setBusy(false)
    }
  }
  const choices = [{ value: '', label: t('senders:noSignature') }, ...signatures.map((signature) => ({ value: String(signature.id), label: signature.name }))]
  const chosen = (value: string): Signature['id'] | null => signatures.find((signature) => String(signature.id) === value)?.id ?? null
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={t(identity === null ? 'senders:newTitle' : 'senders:editTitle')}
      description={account.name}
      width="narrow"
      keepOnOutsideClick
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('shell:cancel')}
          </Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>
            {t('shell:save')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField label={t('senders:name')} hint={t('senders:nameHint')} autoFocus value={name} maxLength={200} onChange={setName} />
        <TextField label={t('senders:address')} hint={t('senders:addressHint')} type="email" value={address} maxLength={320} error={told && !goodAddress ? t('senders:addressBad') : undefined} onChange={setAddress} />
        <TextField label={t('senders:replyTo')} hint={t('senders:replyToHint')} type="email" value={replyTo} maxLength={320} error={told && !goodReplyTo ? t('senders:addressBad') : undefined} onChange={setReplyTo} />
        <Select label={t('senders:signatureNew')} value={signatureNew === null ? '' : String(signatureNew)} options={choices} onChange={(value) => setSignatureNew(chosen(value))} />
        <Select label={t('senders:signatureReply')} value={signatureReply === null ? '' : String(signatureReply)} options={choices} onChange={(value) => setSignatureReply(chosen(value))} />
        {identity?.isDefault !== true && <Checkbox label={t('senders:makeDefault')} checked={isDefault} onChange={setDefault} />}
        {failed !== null && (
          <p role="alert" className="text-danger">
            {failed}
          </p>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
