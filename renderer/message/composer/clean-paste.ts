// Makes pasted HTML fit for a mail: what Word, Outlook, Google Docs and web pages put around their text goes, what a person
// sees of it stays. Works in a document that loads and runs nothing. What is left is still judged by the editor's schema,
// which lets no script, handler or style pass; this only makes the result look as it should.

const unwanted =
  'script,style,meta,link,title,base,object,embed,iframe,frame,frameset,applet,noscript,template,svg,math,canvas,audio,video,input,button,select,textarea,[hidden],[aria-hidden="true"]'

export function cleanPaste(html: string): string {
  // What was copied in the editor itself is as it should be.
  if (/data-pm-slice/u.test(html)) return html
  const page = new DOMParser().parseFromString(withoutConditions(html), 'text/html')
  const { body } = page
  for (const element of body.querySelectorAll(unwanted)) element.remove()
  dropComments(page, body)
  dropHidden(body)
  const fromWord = /class="?Mso|mso-|urn:schemas-microsoft-com/iu.test(html)
  if (fromWord) makeLists(page, body)
  unwrap(body)
  headingsToBold(page, body)
  tablesToLines(page, body)
  dropTrackers(body)
  if (!fromWord) keepGaps(page, body)
  trimEnds(body)
  dropAttributes(body)
  return body.innerHTML
}

/** Word wraps parts in conditional comments; the ones browsers would show stay. */
function withoutConditions(html: string): string {
  return html.replaceAll(/<!--\[if[\s\S]*?<!\[endif\]-->/giu, '').replaceAll(/<!\[(?:if[^\]]*|endif)\]>/giu, '')
}

function dropComments(page: Document, root: Element): void {
  const walker = page.createTreeWalker(root, NodeFilter.SHOW_COMMENT)
  const found: Node[] = []
  while (walker.nextNode()) found.push(walker.currentNode)
  for (const comment of found) comment.parentNode?.removeChild(comment)
}

function styleOf(element: Element): string {
  return element.getAttribute('style') ?? ''
}

function dropHidden(root: Element): void {
  for (const element of root.querySelectorAll('[style]')) {
    if (/display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|;|$)/iu.test(styleOf(element))) element.remove()
  }
}

/** Namespaced Word elements, and the bold that is not bold around everything from Google Docs. */
function unwrap(root: Element): void {
  for (const element of [...root.querySelectorAll('*')]) {
    const named = element.tagName.includes(':') || element.tagName === 'FONT' || element.tagName === 'CENTER'
    const notBold = (element.tagName === 'B' || element.tagName === 'STRONG') && /font-weight\s*:\s*(?:normal|400)/iu.test(styleOf(element))
    if (named || notBold) element.replaceWith(...element.childNodes)
  }
}

function headingsToBold(page: Document, root: Element): void {
  for (const heading of root.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
    const line = page.createElement('p')
    const bold = page.createElement('strong')
    bold.append(...heading.childNodes)
    line.append(bold)
    heading.replaceWith(line)
  }
}

const listStyle = /mso-list\s*:\s*l\d+\s+level(\d+)/iu

/** Word writes lists as paragraphs that begin with a bullet or a number of their own. */
function makeLists(page: Document, root: Element): void {
  const stack: { list: Element; level: number }[] = []
  for (const paragraph of [...root.querySelectorAll('p')]) {
    const level = Number(listStyle.exec(styleOf(paragraph))?.[1] ?? 0)
    if (level === 0) {
      stack.length = 0
      continue
    }
    // A list is one run of paragraphs; anything between ends it.
    const before = paragraph.previousElementSibling
    if (stack[0] !== undefined && before !== stack[0].list) stack.length = 0
    const marker = [...paragraph.querySelectorAll('span')].find((span) => /mso-list\s*:\s*ignore/iu.test(styleOf(span)))
    const sign = (marker?.textContent ?? '').trim()
    marker?.remove()
    while (stack.length > 1 && (stack.at(-1)?.level ?? 0) > level) stack.pop()
    let top = stack.at(-1)
    if (top === undefined || top.level < level) {
      const list = page.createElement(/^[\p{L}\p{N}]{1,4}[.)]/u.test(sign) ? 'ol' : 'ul')
      if (top === undefined) paragraph.before(list)
      else (top.list.lastElementChild ?? top.list).append(list)
      top = { list, level }
      stack.push(top)
    }
    const item = page.createElement('li')
    item.append(...paragraph.childNodes)
    top.list.append(item)
    paragraph.remove()
  }
}

/** The editor has no tables: a row becomes a line, its cells apart by a dash. */
function tablesToLines(page: Document, root: Element): void {
  for (const table of [...root.querySelectorAll('table')].toReversed()) {
    const lines = [...table.rows].flatMap((row) => {
      const cells = [...row.cells].filter((cell) => cell.textContent.trim() !== '' || cell.querySelector('img') !== null)
      const [only] = cells
      // A table of one column only lays out a page: its content stays as it is.
      if (cells.length === 1 && only !== undefined) return [...only.childNodes]
      if (cells.length === 0) return []
      const line = page.createElement('p')
      // Rows stand close to each other.
      line.setAttribute('style', 'margin:0')
      for (const [at, cell] of cells.entries()) {
        if (at > 0) line.append(' – ')
        for (const block of cell.querySelectorAll('p,div')) block.replaceWith(...block.childNodes, ' ')
        line.append(...cell.childNodes)
      }
      return [line]
    })
    table.replaceWith(...lines)
  }
}

/** Pictures of a pixel or two are there to tell somebody that they were shown. */
function dropTrackers(root: Element): void {
  for (const image of root.querySelectorAll('img')) {
    const side = (name: 'width' | 'height'): number => {
      const written = image.getAttribute(name) ?? new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([\\d.]+)px`, 'iu').exec(styleOf(image))?.[1]
      const pixels = Number.parseFloat(written ?? '')
      return Number.isNaN(pixels) ? Infinity : pixels
    }
    const source = image.getAttribute('src') ?? ''
    if (!/^(?:https?:|data:image\/|cid:)/iu.test(source) || side('width') <= 2 || side('height') <= 2) image.remove()
  }
}

/** On a page, space between paragraphs is style; here it is an empty line. */
function keepGaps(page: Document, root: Element): void {
  for (const paragraph of root.querySelectorAll('p')) {
    const next = paragraph.nextElementSibling
    if (next === null || !/^(?:P|UL|OL|BLOCKQUOTE)$/u.test(next.tagName) || paragraph.closest('li') !== null) continue
    if (/margin(?:-bottom)?\s*:\s*0/iu.test(styleOf(paragraph)) || paragraph.textContent.trim() === '' || next.textContent.trim() === '') continue
    paragraph.after(page.createElement('p'))
  }
}

function isEmpty(node: Node): boolean {
  return (node.textContent ?? '').trim() === '' && !(node.nodeType === Node.ELEMENT_NODE && ((node as Element).matches('img') || (node as Element).querySelector('img') !== null))
}

function trimEnds(root: Element): void {
  while (root.lastChild !== null && isEmpty(root.lastChild)) root.lastChild.remove()
  while (root.firstChild !== null && isEmpty(root.firstChild)) root.firstChild.remove()
}

const kept = new Set(['href', 'src', 'alt', 'width', 'height', 'start', 'style'])

/** Handlers, classes, ids. Bold and italic may be written as style; what else is in a style the editor does not read. */
function dropAttributes(root: Element): void {
  for (const element of root.querySelectorAll('*')) {
    for (const name of element.getAttributeNames()) if (!kept.has(name)) element.removeAttribute(name)
  }
}
