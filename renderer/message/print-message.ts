// Prints one message from a document of its own: the same safe page the frame shows, in light colours, with the header
// set above it. The sandbox allows dialogs, without which a frame may not print; scripts stay forbidden.
import { assetPaths } from '../../shared/api/contract.ts'
import type { Message } from '../../shared/model/message.ts'
import { formatFor } from '../locales/format.ts'
import { shownLocale, text } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import { assetUrl } from './asset-url.ts'
import { useLooks } from './message-looks.ts'
import { imagesTrusted } from './images-trusted.ts'
import { spelledAddress } from './people.ts'

/** Recipients on paper; the rest is counted. */
const mostNames = 40
/** A frame that was never printed is taken away after this long. */
const forgottenAfterMs = 10 * 60_000

export function printMessage(message: Message): void {
  if (message.bodyState !== 'stored') {
    showToast({ tone: 'error', message: text('message:print.notHere') })
    return
  }
  const images = useLooks.getState().images.has(message.id) || imagesTrusted(message)
  const src = assetUrl(assetPaths.message(message.id, { images, theme: 'light' }))
  if (src === null) return
  document.getElementById('print-frame')?.remove()
  const frame = document.createElement('iframe')
  frame.id = 'print-frame'
  frame.title = text('message:command.print')
  frame.setAttribute('sandbox', 'allow-same-origin allow-modals')
  frame.setAttribute('aria-hidden', 'true')
  frame.tabIndex = -1
  // A frame that is not rendered has nothing to print, so it is placed out of sight instead.
  frame.style.cssText = 'position:fixed;inset:0 auto auto -12000px;width:720px;height:1000px;border:0'
  const forget = window.setTimeout(() => frame.remove(), forgottenAfterMs)
  frame.addEventListener('load', () => {
    const page = frame.contentDocument
    const view = frame.contentWindow
    if (page === null || view === null || page.documentElement.dataset['message'] === undefined) {
      frame.remove()
      showToast({ tone: 'error', message: text('message:print.failed') })
      return
    }
    page.title = message.subject
    for (const details of page.querySelectorAll('details')) details.open = true
    page.body.prepend(headerFor(page, message))
    view.addEventListener('afterprint', () => {
      clearTimeout(forget)
      // Chromium still reads the document while it closes the dialog.
      setTimeout(() => frame.remove(), 1000)
    })
    view.print()
  })
  frame.src = src
  document.body.append(frame)
}

function headerFor(page: Document, message: Message): HTMLElement {
  const format = formatFor(shownLocale(), navigator.languages)
  const header = page.createElement('header')
  header.style.cssText = 'all:initial;display:block;font:10pt/1.45 system-ui,sans-serif;color:#000;border-bottom:1px solid #999;padding-bottom:8pt;margin-bottom:12pt'
  const title = page.createElement('div')
  title.style.cssText = 'font-size:14pt;font-weight:600;margin-bottom:6pt'
  title.textContent = message.subject === '' ? text('message:noSubject') : message.subject
  header.append(title)
  const line = (label: string, value: string): void => {
    if (value === '') return
    const row = page.createElement('div')
    const name = page.createElement('span')
    name.style.cssText = 'color:#555'
    name.textContent = `${label}: `
    row.append(name, value)
    header.append(row)
  }
  const names = (people: Message['to']): string => {
    const shown = people.slice(0, mostNames).map(spelledAddress).join(', ')
    return people.length > mostNames ? `${shown}, ${text('message:header.more', { count: people.length - mostNames })}` : shown
  }
  line(text('message:header.from'), message.from === null ? '' : spelledAddress(message.from))
  line(text('message:header.date'), format.fullDate(message.date))
  line(text('message:header.toLabel'), names(message.to))
  line(text('message:header.cc'), names(message.cc))
  line(text('message:print.attachments'), message.attachments.filter((one) => !one.inline).map((one) => one.filename).join(', '))
  return header
}
