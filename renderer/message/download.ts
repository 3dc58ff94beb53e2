// Saving by the browser's own means, where the host has no dialogs for it.
export function downloadFrom(url: string, filename: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = filename
  link.rel = 'noreferrer'
  document.body.append(link)
  link.click()
  link.remove()
}
