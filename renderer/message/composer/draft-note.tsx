import { PencilLine } from 'lucide-react'
import type { Message } from '../../../shared/model/message.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { continueMessage, tellFailure } from './composer-actions.ts'

/** A draft that lies in a Drafts folder, from this or another program: it can be gone on with here. */
export function DraftNote({ message }: { readonly message: Message }) {
  const t = useText()
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft py-1 pr-1 pl-3 text-xs text-warn">
      <span className="min-w-32 flex-1">{t('composer:drafts.serverDraft')}</span>
      <Button look="primary" icon={<PencilLine aria-hidden className="size-4" strokeWidth={1.75} />} onClick={() => void continueMessage(message).catch(tellFailure)}>
        {t('composer:drafts.continue')}
      </Button>
    </div>
  )
}
