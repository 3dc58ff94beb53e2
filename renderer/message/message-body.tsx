// The text of an open message, or why there is none: still on its way, out of reach, gone, or not to be read as mail.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { CloudOff, FileWarning, ImageOff } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { Failure } from '../../shared/model/failure.ts'
import type { Message } from '../../shared/model/message.ts'
import { api, client, queryClient } from '../api/api.ts'
import { useAccounts } from '../api/shared-query.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { useSettings } from '../api/settings.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useTheme } from '../shell/use-theme.ts'
import { saveMessage } from './attachment-actions.ts'
import { showSource, useConversation } from './conversation-state.ts'
import { imagesTrusted } from './images-trusted.ts'
import { MessageFrame } from './message-frame.tsx'
import { alwaysShowImagesFrom, noteDrawn, showImages, useLooks } from './message-looks.ts'
import { personName } from './people.ts'

type Props = { readonly message: Message; readonly words: readonly string[]; readonly sought: boolean }

export function MessageBody({ message, words, sought }: Props) {
  switch (message.bodyState) {
    case 'stored':
      return <StoredText message={message} words={words} sought={sought} />
    case 'none':
      return <MissingText message={message} />
    case 'unparsed':
      return <UnparsedText message={message} />
  }
}

function StoredText({ message, words, sought }: Props) {
  const t = useText()
  const theme = useTheme()
  const { imagesFrom } = useSettings()
  const [blocked, setBlocked] = useState(0)
  const [failed, setFailed] = useState(0)
  const once = useLooks((state) => state.images.has(message.id))
  const original = useLooks((state) => state.original.has(message.id))
  const images = once || imagesTrusted(message, imagesFrom)
  const ownColors = theme === 'dark' && original
  const name = message.from === null ? t('message:unknownSender') : personName(message.from)

  if (failed > 0) {
    return (
      <Trouble icon={FileWarning} title={t('message:body.drawFailed')}>
        <Button onClick={() => setFailed(0)}>{t('shell:retry')}</Button>
        <Button look="quiet" onClick={() => showSource(message.id)}>
          {t('message:body.showSource')}
        </Button>
      </Trouble>
    )
  }
  return (
    <>
      {!images && blocked > 0 && <ImagesBar message={message} count={blocked} />}
      <div className={clsx('relative', ownColors ? '-mx-3 rounded-lg bg-white px-3 py-2' : '-mx-0.5')}>
        <MessageFrame
          messageId={message.id}
          title={t('message:body.frame', { name })}
          images={images}
          theme={ownColors ? 'light' : theme}
          words={words}
          sought={sought}
          onReport={(found) => {
            setBlocked(found.blockedImages)
            noteDrawn(message.id, images ? 0 : found.blockedImages, found.styled)
          }}
          onFailed={() => setFailed((count) => count + 1)}
          onTouched={() => useConversation.setState({ current: message.id })}
        />
      </div>
    </>
  )
}

function ImagesBar({ message, count }: { readonly message: Message; readonly count: number }) {
  const t = useText()
  const sender = message.from?.address ?? ''
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-fill py-1 pr-1 pl-3 text-xs text-ink-2">
      <ImageOff aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <span className="min-w-32 flex-1" title={t('message:images.why')}>
        {t('message:images.blocked', { count })}
      </span>
      <span className="flex min-w-0 items-center">
        <Button look="quiet" className="h-7! px-2! text-xs!" onClick={() => showImages(message.id)}>
          {t('message:images.once')}
        </Button>
        {sender !== '' && (
          <Button look="quiet" className="h-7! min-w-0 shrink! px-2! text-xs!" onClick={() => void alwaysShowImagesFrom(sender)}>
            <span className="max-w-64 truncate">{t('message:images.always', { address: sender })}</span>
          </Button>
        )}
      </span>
    </div>
  )
}

/** Asks for the text; the arrival is announced by an event, which redraws the whole thread. */
function MissingText({ message }: { readonly message: Message }) {
  const t = useText()
  const fetch = useQuery({
    queryKey: ['fetch-body', message.id],
    queryFn: async () => {
      await client.messages.fetchBody({ id: message.id })
      await queryClient.invalidateQueries({ queryKey: api.threads.get.key({ input: { id: message.threadId } }) })
      return true
    },
    retry: false,
    gcTime: 0,
  })
  const states = useAccounts()
  const connected = states?.find(({ account }) => account.id === message.accountId)?.state.connected ?? false
  const failure = fetch.error === null ? null : failureFrom(fetch.error)
  const { refetch } = fetch
  // Whoever waits offline need not press anything once the server is back.
  const wasConnected = useRef(connected)
  useEffect(() => {
    const back = connected && !wasConnected.current
    wasConnected.current = connected
    if (back) void refetch()
  }, [connected, refetch])

  if (failure === null || fetch.isFetching) {
    return (
      <div role="status" aria-busy className="py-2">
        <span className="text-xs text-ink-3">{t('message:body.fetching')}</span>
        <Skeleton className="mt-3 h-3 w-11/12" />
        <Skeleton className="mt-2 h-3 w-full" />
        <Skeleton className="mt-2 h-3 w-4/5" />
        <Skeleton className="mt-5 h-3 w-full" />
        <Skeleton className="mt-2 h-3 w-2/3" />
      </div>
    )
  }
  return <FetchTrouble failure={failure} onRetry={() => void refetch()} />
}

function FetchTrouble({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  const t = useText()
  const said = failure.said === null || failure.said === '' ? null : t('message:body.said', { said: failure.said })
  const retry = <Button onClick={onRetry}>{t('shell:retry')}</Button>
  if (failure.kind === 'offline') {
    return (
      <Trouble icon={CloudOff} title={t('message:body.offline')} text={t('message:body.offlineText')}>
        {retry}
      </Trouble>
    )
  }
  if (failure.kind === 'gone') return <Trouble icon={FileWarning} title={t('message:body.gone')} text={t('message:body.goneText')} said={said} />
  return (
    <Trouble icon={FileWarning} title={t('message:body.failed')} text={failure.kind === 'rejected' ? t('message:body.failedText') : `${failureText(failure)}. ${t('message:body.failedText')}`} said={said}>
      {retry}
    </Trouble>
  )
}

function UnparsedText({ message }: { readonly message: Message }) {
  const t = useText()
  return (
    <Trouble icon={FileWarning} title={t('message:body.unparsed')} text={t('message:body.unparsedText')}>
      <Button onClick={() => showSource(message.id)}>{t('message:body.showSource')}</Button>
      <Button look="quiet" onClick={() => void saveMessage(message)}>
        {t('message:command.saveMessage')}
      </Button>
    </Trouble>
  )
}

type TroubleProps = { readonly icon: LucideIcon; readonly title: string; readonly text?: string; readonly said?: string | null; readonly children?: ReactNode }

function Trouble({ icon: Icon, title, text, said = null, children }: TroubleProps) {
  return (
    <div role="status" className="my-2 flex items-start gap-3 rounded-lg bg-fill p-4">
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-ink-3" strokeWidth={1.5} />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{title}</p>
        {text !== undefined && <p className="mt-0.5 max-w-[60ch] text-ink-2">{text}</p>}
        {said !== null && <p className="selectable mt-1 text-xs break-words text-ink-3">{said}</p>}
        {children !== undefined && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
      </div>
    </div>
  )
}
