import { text } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'

export async function copyText(copied: string, told: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(copied)
    showToast({ key: 'copied', message: told })
  } catch {
    showToast({ key: 'copied', tone: 'error', message: text('message:done.copyFailed') })
  }
}
