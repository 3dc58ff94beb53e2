import { useEffect, useState } from 'react'
import { assetPaths } from '../../shared/api/contract.ts'
import type { Attachment } from '../../shared/model/message.ts'
import { useAppInfo } from '../api/shared-query.ts'
import { assetUrl } from './asset-url.ts'
import { extensionOf } from './file-names.ts'

const served = /^image\/(png|jpe?g|gif|webp|bmp)$/u
const byExtension: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', jpe: 'image/jpeg', jfif: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', bmp: 'image/bmp', avif: 'image/avif' }

/**
 * The address of a picture. Many mail programs send pictures as mere bytes, which no <img> takes; those are read here and
 * given the type their name says. Null until there is one.
 */
export function useImageUrl(attachment: Attachment, wanted: boolean): string | null {
  const info = useAppInfo()
  const url = wanted ? assetUrl(assetPaths.attachment(attachment.messageId, attachment.index), info) : null
  const type = served.test(attachment.mimeType.toLowerCase()) ? null : (byExtension[extensionOf(attachment.filename)] ?? null)
  const [made, setMade] = useState<string | null>(null)
  useEffect(() => {
    if (url === null || type === null) return
    const ended = new AbortController()
    let object: string | null = null
    fetch(url, { signal: ended.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`HTTP ${String(answer.status)}`)
        object = URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type }))
        setMade(object)
      })
      .catch(() => {
        // An address nobody can draw lets the picture report its failure as any broken one does.
        if (!ended.signal.aborted) setMade('data:,')
      })
    return () => {
      ended.abort()
      if (object !== null) URL.revokeObjectURL(object)
    }
  }, [url, type])
  return type === null ? url : made
}
