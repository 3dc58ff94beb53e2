// Opening links out of mail: asked first where the link is not what it seems, refused where it is no link at all.
import { create } from 'zustand'
import { client } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { text } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import type { LinkVerdict } from './link-verdict.ts'

type Question = Extract<LinkVerdict, { kind: 'ask' }>

/** The link being asked about, and the one pointed at. */
export const useLinks = create<{ readonly question: Question | null; readonly pointedAt: LinkVerdict | null }>(() => ({ question: null, pointedAt: null }))

export function pointAt(verdict: LinkVerdict | null): void {
  if (useLinks.getState().pointedAt !== verdict) useLinks.setState({ pointedAt: verdict })
}

export function followLink(verdict: LinkVerdict): void {
  switch (verdict.kind) {
    case 'refuse':
      showToast({ tone: 'error', message: text('message:link.refused'), detail: verdict.target.slice(0, 300), key: 'link' })
      break
    case 'ask':
      useLinks.setState({ question: verdict })
      break
    case 'open':
      void openOutside(verdict.target)
      break
  }
}

export function dropQuestion(): void {
  useLinks.setState({ question: null })
}

export async function openOutside(url: string): Promise<void> {
  try {
    await client.app.openExternal({ url })
  } catch (error) {
    const failure = failureFrom(error)
    showToast({
      tone: 'error',
      message: text('message:link.failed'),
      detail: failure.said ?? failureText(failure),
      action: { label: text('message:link.copy'), perform: () => void navigator.clipboard.writeText(url) },
      key: 'link',
    })
  }
}
