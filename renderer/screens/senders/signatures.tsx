// Signatures: a list, and a dialog to write one in with a look at it below a mail.
import { Pencil, PenLine, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Identity, Signature } from '../../../shared/model/draft.ts'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { TextField } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { RichText, RichTextView } from '../templates/rich-text.tsx'

type Props = { readonly signatures: readonly Signature[]; readonly identities: readonly Identity[] }

export function Signatures({ signatures, identities }: Props) {
  const t = useText()
  const [editing, setEditing] = useState<Signature | 'new' | null>(null)
  const [removing, setRemoving] = useState<Signature | null>(null)
  const usedBy = (signature: Signature): string => {
    const names = identities.filter((one) => one.signatureNew === signature.id || one.signatureReply === signature.id).map((one) => one.address)
    return names.length === 0 ? t('senders:signatures.notUsed') : t('senders:signatures.usedBy', { names: [...new Set(names)].join(', ') })
  }
  return (
    <section aria-labelledby="signatures" className="mt-10">
      <div className="mb-2 flex items-center gap-2">
        <h2 id="signatures" className="min-w-0 flex-1 text-xs font-semibold text-ink-2">
          {t('senders:signatures.title')}
        </h2>
        <Button look="quiet" className="h-7! px-2! text-xs!" icon={<Plus aria-hidden className="size-3.5" />} onClick={() => setEditing('new')}>
          {t('senders:signatures.add')}
        </Button>
      </div>
      {signatures.length === 0 ? (
        <div className="flex items-center gap-4 rounded-lg px-4 py-5 shadow-card">
          <PenLine aria-hidden className="size-5 shrink-0 text-ink-3" strokeWidth={1.5} />
          <div className="min-w-0 flex-1">
            <p className="font-medium">{t('senders:signatures.empty')}</p>
            <p className="text-ink-3">{t('senders:signatures.emptyText')}</p>
          </div>
        </div>
      ) : (
        <>
          <p className="mb-2 text-xs text-ink-3">{t('senders:signatures.intro')}</p>
          <ul className="divide-y divide-line rounded-lg shadow-card dark:bg-fill">
            {signatures.map((signature) => (
              <li key={signature.id} className="flex items-start gap-3 py-3 pr-2 pl-4">
                <div className="min-w-0 flex-1">
                  <p className="truncate font-medium">{signature.name}</p>
                  <p className="mb-2 truncate text-xs text-ink-3">{usedBy(signature)}</p>
                  <div className="max-h-40 overflow-hidden text-ink-2">
                    <RichTextView html={signature.html} label={signature.name} />
                  </div>
                </div>
                <IconButton icon={Pencil} label={t('senders:edit', { name: signature.name })} onClick={() => setEditing(signature)} />
                <IconButton icon={Trash2} label={t('templates:files.remove', { name: signature.name })} onClick={() => setRemoving(signature)} />
              </li>
            ))}
          </ul>
        </>
      )}
      {editing !== null && <EditSignature key={editing === 'new' ? 'new' : editing.id} signature={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => {
          if (!open) setRemoving(null)
        }}
        title={t('senders:signatures.removeTitle', { name: removing?.name ?? '' })}
        description={t('senders:signatures.removeText')}
        confirm={t('senders:remove')}
        danger
        onConfirm={async () => {
          if (removing === null) return
          try {
            await client.signatures.remove({ id: removing.id })
          } catch (error) {
            showToast({ tone: 'error', message: failureText(failureFrom(error)) })
            throw error
          }
        }}
      />
    </section>
  )
}

function EditSignature({ signature, onClose }: { readonly signature: Signature | null; readonly onClose: () => void }) {
  const t = useText()
  const [name, setName] = useState(signature?.name ?? '')
  const [html, setHtml] = useState(signature?.html ?? '')
  const [busy, setBusy] = useState(false)
  const [storing, setStoring] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const save = async (): Promise<void> => {
    if (name.trim() === '' || busy || storing) return
    setBusy(true)
    try {
      await client.signatures.save({ id: signature?.id ?? null, name: name.trim(), html })
      onClose()
    } catch (error) {
      setFailed(failureText(failureFrom(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={signature === null ? t('senders:signatures.add') : signature.name}
      width="medium"
      keepOnOutsideClick
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('shell:cancel')}
          </Button>
          <Button look="primary" busy={busy || storing} disabled={name.trim() === ''} onClick={() => void save()}>
            {t('shell:save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <TextField label={t('senders:signatures.name')} hint={t('senders:signatures.nameHint')} autoFocus value={name} maxLength={100} onChange={setName} />
        <RichText label={t('senders:signatures.text')} initial={signature?.html ?? ''} placeholder={t('senders:signatures.placeholder')} onChange={setHtml} onStoring={setStoring} className="min-h-52" />
        <div>
          <p className="mb-1 text-xs font-medium text-ink-2">{t('senders:signatures.preview')}</p>
          <div className="max-h-56 overflow-y-auto rounded-lg bg-surface p-4 shadow-card">
            <p className="mb-4 text-ink-3">{t('senders:signatures.previewText')}</p>
            <RichTextView html={html} label={t('senders:signatures.preview')} />
          </div>
        </div>
        {failed !== null && (
          <p role="alert" className="text-danger">
            {failed}
          </p>
        )}
      </div>
    </Dialog>
  )
}
