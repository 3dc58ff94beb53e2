// Writes messages straight into a Maildir++ as Dovecot keeps it, many thousands a second, while no server runs on it.
// File names carry flags and sizes, so that the server need not open a file to answer a listing.
import { appendFileSync, chownSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeModifiedUtf7 } from './modified-utf7.ts'

export type Owner = {
  readonly uid: number
  readonly gid: number
}

export type MaildirMessage = {
  /** RFC 5322 with either kind of line ending; kept byte for byte. */
  readonly raw: Buffer
  /** IMAP flags and keywords, as in `\Seen` or `$Interview`. */
  readonly flags: readonly string[]
  /** Becomes INTERNALDATE. */
  readonly date: Date
}

export type Maildir = {
  /** Creates the folder if it is not there. INBOX is the Maildir itself; the parts of other names are its path. */
  add(path: readonly string[], message: MaildirMessage): void
}

const LETTERS: Readonly<Record<string, string>> = {
  '\\draft': 'D',
  '\\flagged': 'F',
  '\\answered': 'R',
  '\\seen': 'S',
  '\\deleted': 'T',
}
const CARRIAGE_RETURN = 13
const LINE_FEED = 10

/** `owner` is whom the server reads mail as; null leaves everything to the current user. */
export function openMaildir(root: string, owner: Owner | null): Maildir {
  const folders = new Map<string, { readonly cur: string; readonly keywords: string[]; readonly keywordFile: string }>()
  let written = 0

  const own = (path: string): void => {
    if (owner !== null) chownSync(path, owner.uid, owner.gid)
  }
  const createDirectory = (path: string): void => {
    if (mkdirSync(path, { recursive: true }) !== undefined) own(path)
  }

  const open = (path: readonly string[]): { readonly cur: string; readonly keywords: string[]; readonly keywordFile: string } => {
    const inbox = path.length === 1 && path[0]?.toUpperCase() === 'INBOX'
    const dir = inbox ? root : join(root, path.map((part) => `.${encodeModifiedUtf7(part)}`).join(''))
    const known = folders.get(dir)
    if (known !== undefined) return known
    for (const each of [root, dir, join(dir, 'cur'), join(dir, 'new'), join(dir, 'tmp')]) createDirectory(each)
    if (!inbox) {
      writeFileSync(join(dir, 'maildirfolder'), '')
      own(join(dir, 'maildirfolder'))
    }
    const keywordFile = join(dir, 'dovecot-keywords')
    const folder = { cur: join(dir, 'cur'), keywords: readKeywords(keywordFile), keywordFile }
    folders.set(dir, folder)
    return folder
  }

  return {
    add(path, { raw, flags, date }) {
      const folder = open(path)
      const letters: string[] = []
      for (const flag of flags) {
        const letter = LETTERS[flag.toLowerCase()]
        if (letter !== undefined) {
          letters.push(letter)
          continue
        }
        let index = folder.keywords.indexOf(flag)
        if (index === -1) {
          index = folder.keywords.push(flag) - 1
          if (index >= 26) throw new Error('a Maildir folder has room for 26 keywords')
          appendFileSync(folder.keywordFile, `${index} ${flag}\n`)
          own(folder.keywordFile)
        }
        letters.push(String.fromCharCode(97 + index))
      }
      const sorted = letters.sort().join('')
      const seconds = Math.floor(date.getTime() / 1000)
      written += 1
      // Dovecot gives out UIDs in the order of these names, so in the order of dates, like a mailbox that grew.
      const unique = `${seconds}.M${String(written).padStart(8, '0')}P${String(process.pid)}.localhost`
      const sizes = `S=${String(raw.length)},W=${String(raw.length + countBareLineFeeds(raw))}`
      const file = join(folder.cur, `${unique},${sizes}:2,${sorted}`)
      writeFileSync(file, raw)
      utimesSync(file, seconds, seconds)
      own(file)
    },
  }
}

function readKeywords(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(line.indexOf(' ') + 1))
  } catch {
    return []
  }
}

function countBareLineFeeds(raw: Buffer): number {
  let count = 0
  for (let at = raw.indexOf(LINE_FEED); at !== -1; at = raw.indexOf(LINE_FEED, at + 1)) {
    if (at === 0 || raw[at - 1] !== CARRIAGE_RETURN) count += 1
  }
  return count
}
