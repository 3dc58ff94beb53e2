import clsx from 'clsx'
import { Paperclip, Star } from 'lucide-react'
import type { Message } from '../../shared/model/message.ts'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { Avatar } from '../parts/avatar.tsx'
import { namePretends, personName } from './people.ts'

/** A message as one line: who, the first words, when. */
export function FoldedMessage({ message, onOpen }: { readonly message: Message; readonly onOpen: () => void }) {
  const t = useText()
  const format = useFormat()
  const name = message.from === null ? t('message:unknownSender') : namePretends(message.from) ? message.from.address : personName(message.from)
  const files = message.attachments.filter((attachment) => !attachment.inline).length
  return (
    <button
      type="button"
      data-message-head
      aria-expanded={false}
      aria-label={`${t('message:header.open', { name })}, ${format.dateTime(message.date)}`}
      onClick={onOpen}
      className="ring-inset-focus flex h-10 w-full items-center gap-3 px-6 text-left transition-colors duration-75 hover:bg-fill compact:h-8"
    >
      <span className="flex w-8 shrink-0 justify-center">
        <Avatar name={message.from?.name ?? ''} address={message.from?.address ?? ''} size="small" />
      </span>
      <bdi className={clsx('w-28 shrink-0 truncate @lg:w-40', message.seen ? 'font-medium text-ink-2' : 'font-semibold text-ink')}>{name}</bdi>
      {message.draft && <span className="shrink-0 rounded-sm bg-warn-soft px-1.5 text-2xs font-medium text-warn">{t('message:header.draft')}</span>}
      <span dir="auto" className="min-w-0 flex-1 truncate text-ink-3">
        {message.snippet}
      </span>
      {files > 0 && <Paperclip aria-label={t('message:header.attachments', { count: files })} className="size-3.5 shrink-0 text-ink-3" />}
      {message.flagged && <Star aria-label={t('message:header.starred')} className="size-3.5 shrink-0 fill-star text-star" />}
      <time className="tabular shrink-0 text-xs text-ink-3">{format.listDate(message.date)}</time>
    </button>
  )
}
