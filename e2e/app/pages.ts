// Page models: what a person sees and does, by role and label. Words are those of the English locale.
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import type { Dovecot } from '../servers/dovecot.ts'

export class Welcome {
  readonly page: Page
  constructor(page: Page) {
    this.page = page
  }

  async lookAround(): Promise<void> {
    await this.page.getByRole('button', { name: 'Look around with a sample mailbox' }).click()
  }

  async addMailbox(): Promise<void> {
    await this.page.getByRole('button', { name: 'Add your mailbox' }).click()
  }

  async chooseLanguage(name: 'English' | 'Deutsch' | 'Norsk'): Promise<void> {
    await this.page.getByRole('radio', { name }).click()
  }
}

type Credentials = { readonly user: string; readonly password: string; readonly address: string }

/** The form that adds a mailbox, on the first screen and in its dialog alike. */
export type ServerPlace = { readonly host: string; readonly port: number }

export class AddMailbox {
  readonly page: Page
  readonly check: Locator
  constructor(page: Page) {
    this.page = page
    this.check = page.getByRole('region', { name: 'Checking the server' })
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true })
  }

  /** Without a server to send by, the mailbox only reads. */
  async fill({ user, password, address }: Credentials, server: ServerPlace, sending: ServerPlace | null = null): Promise<void> {
    await this.field('E-mail address').fill(address)
    await this.field('Password').fill(password)
    await this.page.getByRole('button', { name: /^Server settings/ }).click()
    await this.field('IMAP server').fill(server.host)
    await this.field('Port').fill(String(server.port))
    await this.field('User name').fill(user)
    await this.page.getByRole('button', { name: /^Sending/ }).click()
    if (sending === null) {
      await this.page.getByRole('switch', { name: 'Send mail from this mailbox' }).click()
      return
    }
    await this.field('SMTP server').fill(sending.host)
    await this.field('SMTP port').fill(String(sending.port))
    await this.page.getByRole('radiogroup', { name: 'Protection when sending' }).getByRole('radio', { name: 'STARTTLS' }).click()
  }

  async submit(): Promise<void> {
    await this.page.getByRole('button', { name: /^(Add mailbox|Check again)$/ }).click()
  }

  step(name: string): Locator {
    return this.check.getByRole('listitem').filter({ hasText: name })
  }

  async trust(host: string): Promise<void> {
    await this.check.getByRole('button', { name: `Trust this certificate for ${host}` }).click()
  }

  /** Everything up to the new mailbox being there, over TLS, its own certificate trusted. */
  async dovecot(server: Dovecot, who: Credentials, sending: ServerPlace | null = null): Promise<void> {
    await this.fill(who, { host: server.host, port: server.tlsPort }, sending)
    await this.submit()
    await this.trust(server.host)
    await expect(this.page.getByText(`${who.address} is here. The newest mail comes first.`)).toBeVisible()
  }
}

export class Inbox {
  readonly page: Page
  readonly list: Locator
  readonly tree: Locator
  readonly state: Locator
  constructor(page: Page) {
    this.page = page
    this.list = page.getByRole('listbox', { name: /^Conversations in/ })
    this.tree = page.getByRole('tree', { name: 'Folders' })
    this.state = page.getByRole('button', { name: /^Synchronisation: / })
  }

  /** By its whole shown name, whatever its counts. */
  folder(name: string): Locator {
    return this.tree.getByRole('treeitem', { name: new RegExp(`^${escaped(name)}(, |$)`) })
  }

  async openFolder(name: string): Promise<void> {
    await this.folder(name).click()
    await expect(this.folder(name)).toHaveAttribute('aria-selected', 'true')
  }

  /** With the right mouse button, as most people reach a folder's menu. */
  async chooseInFolderMenu(folder: string, item: string): Promise<void> {
    await this.folder(folder).click({ button: 'right' })
    await this.page.getByRole('menuitem', { name: item, exact: true }).click()
  }

  row(text: string | RegExp): Locator {
    return this.list.getByRole('option', { name: text })
  }

  get activeRow(): Locator {
    return this.list.locator('[data-active]')
  }

  async open(text: string | RegExp): Promise<void> {
    await this.row(text).first().click()
  }

  async choose(filter: 'All' | 'Unread' | 'Starred' | 'With files'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Show' }).getByRole('radio', { name: filter }).click()
  }

  async expectUpToDate(timeout = 30_000): Promise<void> {
    await expect(this.state).toHaveAccessibleName(/^Synchronisation: Up to date\./, { timeout })
  }

  async openState(): Promise<Locator> {
    await this.state.click()
    return this.page.getByRole('dialog', { name: 'Synchronisation' })
  }

  async openLedger(): Promise<void> {
    const details = await this.openState()
    await details.getByRole('button', { name: 'Ledger' }).click()
  }
}

/** The conversation being read. */
export class Reader {
  readonly page: Page
  readonly conversation: Locator
  constructor(page: Page) {
    this.page = page
    this.conversation = page.getByRole('region', { name: 'Conversation', exact: true }).last()
  }

  heading(subject: string | RegExp): Locator {
    return this.conversation.getByRole('heading', { level: 1, name: subject })
  }

  /** Messages of the conversation, oldest first. */
  get messages(): Locator {
    return this.conversation.getByRole('article')
  }

  message(from: string | RegExp): Locator {
    return this.messages.filter({ hasText: from })
  }

  async openAll(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open all messages' }).click()
  }

  /** The drawn text of a message, inside its frame. */
  text(of: Locator = this.messages.last()): FrameLocator {
    return of.locator('iframe').contentFrame()
  }

  async chooseForMessage(of: Locator, item: string): Promise<void> {
    await of.getByRole('button', { name: 'More for this message' }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** What the frame paints as found, word by word. */
  async highlighted(of: Locator = this.messages.last()): Promise<readonly string[]> {
    return this.text(of).locator('body').evaluate(() => {
      const registry = CSS.highlights
      return [...(registry.get('search-words') ?? [])].map((range) => (range instanceof Range ? range.toString().toLowerCase() : ''))
    })
  }
}

export class Search {
  readonly page: Page
  readonly field: Locator
  readonly results: Locator
  constructor(page: Page) {
    this.page = page
    this.field = page.getByRole('combobox', { name: 'Search mail' })
    this.results = page.getByRole('listbox', { name: 'Conversations found' })
  }

  async run(query: string): Promise<void> {
    await this.page.keyboard.press('/')
    await this.field.fill(query)
    await this.field.press('Enter')
  }

  hit(text: string | RegExp): Locator {
    return this.results.getByRole('option', { name: text })
  }
}

export class Settings {
  readonly page: Page
  readonly main: Locator
  constructor(page: Page) {
    this.page = page
    this.main = page.getByRole('main')
  }

  async open(tab: 'General' | 'Mailboxes' = 'General'): Promise<void> {
    await this.page.keyboard.press('Control+,')
    await this.page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: tab }).click()
    await expect(this.main.getByRole('heading', { level: 1, name: tab })).toBeVisible()
  }

  async choose(group: string, value: string): Promise<void> {
    await this.main.getByRole('radiogroup', { name: group }).getByRole('radio', { name: value }).click()
  }

  async chooseForAccount(name: string, item: string): Promise<void> {
    await this.main.getByRole('button', { name: `More for ${name}` }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  async back(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back to the mail' }).click()
  }
}

export class Ledger {
  readonly page: Page
  readonly table: Locator
  constructor(page: Page) {
    this.page = page
    this.table = page.getByRole('table')
  }

  row(path: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: path, exact: true }) })
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
