// What became of a mail that was sent from here, where that is worth a word: it came back, was refused, is still on its way.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Clock, MailX } from 'lucide-react'
import type { Message } from '../../shared/model/message.ts'
import type { OutgoingRecipient } from '../../shared/model/outgoing.ts'
import { api } from '../api/api.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { recipientText, troubled } from '../screens/outbox/delivery-words.ts'
import { sendAgain, tellFailure } from './composer/composer-actions.ts'
import { useOwnAddresses } from './own-addresses.ts'
import { personName } from './people.ts'

export function DeliveryNote({ message }: { readonly message: Message }) {
  const own = useOwnAddresses()
  const identities = useQuery(api.identities.list.queryOptions()).data ?? []
  const from = message.from?.address.toLowerCase() ?? ''
  const mine = own.has(from) || identities.some(({ address }) => address.toLowerCase() === from)
  return mine ? <Delivery message={message} /> : null
}

function Delivery({ message }: { readonly message: Message }) {
  const t = useText()
  const outgoing = useQuery(api.outbox.forMessage.queryOptions({ input: { messageId: message.id } })).data
  if (outgoing == null) return null
  const recipients = troubled(outgoing)
  if (recipients.length === 0) return null
  const lost = recipients.filter(({ state }) => state !== 'delayed')
  return (
    <section aria-label={t('composer:delivery.note')} className={clsx('mb-3 rounded-lg px-3 py-2', lost.length > 0 ? 'bg-danger-soft' : 'bg-warn-soft')}>
      <ul className="space-y-1.5">
        {recipients.map((recipient) => (
          <Trouble key={`${recipient.kind}${recipient.address}`} recipient={recipient} />
        ))}
      </ul>
      {lost.length > 0 && (
        <Button className="mt-2 h-7!" onClick={() => void sendAgain(message.id, lost).catch(tellFailure)}>
          {t('composer:delivery.again')}
        </Button>
      )}
    </section>
  )
}

function Trouble({ recipient }: { readonly recipient: OutgoingRecipient }) {
  const t = useText()
  const delayed = recipient.state === 'delayed'
  const Icon = delayed ? Clock : MailX
  const who = personName(recipient)
  const said = recipient.said?.trim() ?? ''
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', delayed ? 'text-warn' : 'text-danger')} strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-medium">{delayed ? t('composer:delivery.delayed', { who }) : recipient.state === 'refused' ? t('composer:delivery.refusedFor', { who }) : t('composer:delivery.bounced', { who })}.</span>{' '}
          {recipientText(recipient, t)}
        </p>
        {said !== '' && <p className="selectable line-clamp-3 text-xs break-words text-ink-2">{t('composer:delivery.said', { said })}</p>}
      </div>
    </li>
  )
}
