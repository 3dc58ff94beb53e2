import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { dropWarning, useWarning } from './attachment-actions.ts'
import { extensionOf, shownFilename } from './file-names.ts'

/** Asks before a file that can run something is opened or saved, and says what it really is. */
export function AttachmentWarning() {
  const t = useText()
  const format = useFormat()
  const warning = useWarning((state) => state.warning)
  if (warning === null) return null
  const { act, files, go } = warning
  const first = files[0]
  const name = first === undefined ? '' : shownFilename(first)
  const extension = first === undefined ? '' : extensionOf(first.filename).toUpperCase()
  const describe = (): string => {
    if (act === 'save-all') return t('message:attachments.warn.saveAllText', { count: files.length, names: new Intl.ListFormat(format.tag).format(files.slice(0, 5).map(shownFilename)) })
    return extension === '' ? t('message:attachments.warn.textNoExtension', { name }) : t('message:attachments.warn.text', { name, extension })
  }
  const confirm = (): string => {
    if (act === 'save-all') return t('message:attachments.warn.saveAny')
    if (extension === '') return t(act === 'open' ? 'message:attachments.warn.openAny' : 'message:attachments.warn.saveAny')
    return t(act === 'open' ? 'message:attachments.warn.open' : 'message:attachments.warn.save', { extension })
  }
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={(open) => {
        if (!open) dropWarning()
      }}
      title={t(act === 'open' ? 'message:attachments.warn.title' : 'message:attachments.warn.saveTitle')}
      description={describe()}
      confirm={confirm()}
      onConfirm={go}
    />
  )
}
