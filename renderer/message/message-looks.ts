// How single messages are drawn, as long as the window lives: whose remote images are shown this once, and which keep
// their own colours in the dark. Whose images are always shown is a setting.
import { create } from 'zustand'
import { changeSettings, currentSettings } from '../api/settings.ts'
import { text } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import type { MessageId } from '../../shared/model/ids.ts'

export type Looks = {
  readonly images: ReadonlySet<MessageId>
  readonly original: ReadonlySet<MessageId>
  /** Remote images each drawn message left out. */
  readonly blocked: ReadonlyMap<MessageId, number>
  /** Drawn messages with looks of their own, which a dark theme changes. */
  readonly styled: ReadonlySet<MessageId>
}

export const useLooks = create<Looks>(() => ({ images: new Set(), original: new Set(), blocked: new Map(), styled: new Set() }))

export function showImages(id: MessageId): void {
  useLooks.setState(({ images }) => ({ images: new Set([...images, id]) }))
}

export function showOriginalColors(id: MessageId, shown: boolean): void {
  useLooks.setState(({ original }) => {
    const next = new Set(original)
    if (shown) next.add(id)
    else next.delete(id)
    return { original: next }
  })
}

export function noteDrawn(id: MessageId, blockedImages: number, styled: boolean): void {
  const now = useLooks.getState()
  if ((now.blocked.get(id) ?? 0) !== blockedImages) useLooks.setState(({ blocked }) => ({ blocked: new Map([...blocked, [id, blockedImages]]) }))
  if (styled && !now.styled.has(id)) useLooks.setState(({ styled: known }) => ({ styled: new Set([...known, id]) }))
}

const mostTrusted = 5000

export async function alwaysShowImagesFrom(address: string): Promise<void> {
  const sender = address.toLowerCase()
  const before = currentSettings().imagesFrom
  await changeSettings({ imagesFrom: [...before.filter((known) => known !== sender), sender].slice(-mostTrusted) })
  showToast({
    message: text('message:images.trusted', { address }),
    action: { label: text('shell:undo'), perform: () => void changeSettings({ imagesFrom: currentSettings().imagesFrom.filter((known) => known !== sender) }) },
  })
}
