import { FileWarning } from 'lucide-react'
import { useState } from 'react'
import type { Attachment } from '../../shared/model/message.ts'
import { useText } from '../locales/text.ts'
import { NoPreview } from './no-preview.tsx'
import { shownFilename } from './file-names.ts'
import { PreviewTools } from './preview-tools.tsx'
import { useImageUrl } from './use-image-url.ts'
import { useSize, useZoom } from './use-zoom.ts'

export function ImagePreview({ attachment }: { readonly attachment: Attachment }) {
  const t = useText()
  const name = shownFilename(attachment)
  const url = useImageUrl(attachment, true)
  const [area, room] = useSize()
  const [natural, setNatural] = useState<{ readonly width: number; readonly height: number } | null>(null)
  const [broken, setBroken] = useState(false)
  const fit = natural === null || room === null ? 1 : Math.min(1, (room.width - 128) / natural.width, (room.height - 48) / natural.height)
  const [zoom, setZoom] = useZoom(fit)
  const shown = zoom === 'fit' ? fit : zoom
  if (broken) return <NoPreview attachment={attachment} icon={FileWarning} title={t('message:preview.failed')} text={t('message:preview.damaged')} />
  return (
    <div ref={area} tabIndex={0} aria-label={name} className="flex size-full overflow-auto outline-none">
      <PreviewTools zoom={zoom} shown={shown} onZoom={setZoom} />
      {/* Pictures with transparent parts are made for paper. */}
      <img
        {...(url === null ? {} : { src: url })}
        alt={name}
        draggable={false}
        onLoad={(event) => setNatural({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })}
        onError={() => setBroken(true)}
        onDoubleClick={() => setZoom(zoom === 'fit' ? 1 : 'fit')}
        style={natural === null ? { opacity: 0 } : { width: natural.width * shown, height: natural.height * shown }}
        className="m-auto max-w-none shrink-0 bg-white shadow-card"
      />
    </div>
  )
}
