// The original that goes along below the text: three dots until it is wanted, then its own page in a frame that can do
// nothing. It can be left out, or brought into the text to be answered between its lines.
import clsx from 'clsx'
import { Ellipsis } from 'lucide-react'
import { useId, useLayoutEffect, useRef, useState } from 'react'
import { assetPaths } from '../../../shared/api/contract.ts'
import { client } from '../../api/api.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { useTheme } from '../../shell/use-theme.ts'
import { useAppInfo } from '../../api/shared-query.ts'
import { assetUrl } from '../asset-url.ts'
import { followHeight } from '../frame-height.ts'
import { lendFonts } from '../frame-fonts.ts'
import { tellFailure } from './composer-actions.ts'
import type { DraftSession } from './draft-session.ts'

export function QuotedOriginal({ session }: { readonly session: DraftSession }) {
  const t = useText()
  const id = useId()
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const quote = session.use((state) => state.content.quote)
  const hasQuote = session.use((state) => state.draft.hasQuote)
  const forwarded = session.use((state) => state.draft.kind === 'forward')
  if (!hasQuote) return null
  if (!quote) {
    return (
      <div className="px-4 pb-3">
        <button type="button" className="rounded-sm px-1 text-xs text-ink-3 underline-offset-2 hover:text-ink-2 hover:underline" onClick={() => session.change({ quote: true })}>
          {t('composer:quote.add')}
        </button>
      </div>
    )
  }
  const edit = async (): Promise<void> => {
    setBusy(true)
    try {
      const { html } = await client.drafts.quote({ id: session.id })
      session.editor()?.insert(html, 'end')
      session.change({ quote: false })
    } catch (error) {
      tellFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="px-4 pb-3">
      <div className="flex flex-wrap items-center gap-1">
        <button
          type="button"
          aria-expanded={shown}
          aria-controls={id}
          aria-label={shown ? t('composer:quote.hide') : t('composer:quote.show')}
          title={shown ? t('composer:quote.hide') : t('composer:quote.show')}
          className={clsx('flex h-4 items-center rounded-full px-2 text-ink-2 hover:bg-fill-strong hover:text-ink', shown ? 'bg-fill-strong' : 'bg-fill')}
          onClick={() => setShown(!shown)}
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
        {shown && (
          <>
            <Button look="quiet" busy={busy} className="h-6! px-2! text-xs!" onClick={() => void edit()}>
              {t('composer:quote.edit')}
            </Button>
            {!forwarded && (
              <Button look="quiet" className="h-6! px-2! text-xs!" onClick={() => session.change({ quote: false })}>
                {t('composer:quote.remove')}
              </Button>
            )}
          </>
        )}
      </div>
      {shown && <div id={id}><QuoteFrame session={session} /></div>}
    </div>
  )
}

function QuoteFrame({ session }: { readonly session: DraftSession }) {
  const t = useText()
  const theme = useTheme()
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(64)
  const src = assetUrl(assetPaths.quote(session.id, { theme }), useAppInfo())
  // A layout effect, so that it ends before the frame goes.
  useLayoutEffect(() => {
    const element = frame.current
    let end: (() => void) | undefined
    const loaded = (): void => {
      const page = element?.contentDocument
      const view = page?.defaultView
      if (!page || !view) return
      end?.()
      const unlend = lendFonts(page)
      const stay = (event: Event): void => event.preventDefault()
      page.addEventListener('click', stay)
      page.addEventListener('auxclick', stay)
      const unfollow = followHeight(view, page, setHeight)
      end = () => {
        unlend()
        unfollow()
        page.removeEventListener('click', stay)
        page.removeEventListener('auxclick', stay)
      }
    }
    element?.addEventListener('load', loaded)
    return () => {
      element?.removeEventListener('load', loaded)
      end?.()
    }
  }, [src])
  if (src === null) return null
  return (
    <iframe
      ref={frame}
      title={t('composer:quote.frame')}
      src={src}
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
      style={{ height, colorScheme: theme }}
      className="mt-2 block w-full border-l-2 border-line pl-3"
    />
  )
}
