import { useSyncExternalStore } from 'react'
import { shownTheme } from './look.ts'

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** 'light' or 'dark', as shown now. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(watch, shownTheme)
}
