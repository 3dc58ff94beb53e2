// Templates, snippets and their picker, as a person sees them.
import type { Locator, Page } from '@playwright/test'

export class Templates {
  readonly page: Page
  readonly list: Locator
  readonly name: Locator
  readonly text: Locator
  readonly subject: Locator
  readonly shortcut: Locator
  readonly problems: Locator
  readonly preview: Locator
  constructor(page: Page) {
    this.page = page
    this.list = page.getByRole('listbox', { name: /^(Templates|Snippets)$/ })
    this.name = page.getByRole('textbox', { name: 'Name', exact: true })
    this.text = page.getByRole('textbox', { name: 'Text', exact: true })
    this.subject = page.getByRole('textbox', { name: 'Subject', exact: true })
    this.shortcut = page.getByRole('textbox', { name: /^(Shortcut|Keyword)$/ })
    this.problems = page.getByRole('status').filter({ hasText: /mistake/ })
    this.preview = page.getByRole('region', { name: 'Preview' })
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('g')
    await this.page.keyboard.press('m')
    await this.page.getByRole('heading', { name: 'Templates' }).waitFor()
  }

  async tab(name: 'Templates' | 'Snippets' | 'Files'): Promise<void> {
    await this.page.getByRole('radio', { name }).click()
  }

  /** Written as a person would, and stored. */
  async write(kind: 'template' | 'snippet', what: { readonly name: string; readonly shortcut: string; readonly subject?: string; readonly text: readonly string[] }): Promise<void> {
    await this.page.getByRole('button', { name: `New ${kind}` }).first().click()
    await this.name.fill(what.name)
    await this.shortcut.fill(what.shortcut)
    if (what.subject !== undefined) await this.subject.fill(what.subject)
    await this.text.click()
    for (const [at, line] of what.text.entries()) {
      if (at > 0) await this.page.keyboard.press('Enter')
      await this.page.keyboard.type(line)
    }
    await this.page.getByText('Saved', { exact: true }).waitFor()
  }

  async addFile(file: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }): Promise<void> {
    const asked = this.page.waitForEvent('filechooser')
    await this.page.getByRole('button', { name: 'Add files' }).click()
    await (await asked).setFiles([file])
    await this.page.getByRole('button', { name: `Remove ${file.name}` }).waitFor()
    await this.page.getByText('Saved', { exact: true }).waitFor()
  }
}

/** The list that is opened over a mail being written. */
export class TemplatePicker {
  readonly page: Page
  readonly box: Locator
  constructor(page: Page) {
    this.page = page
    this.box = page.getByRole('dialog', { name: 'Insert a template' })
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('Control+;')
    await this.box.waitFor()
  }
}
