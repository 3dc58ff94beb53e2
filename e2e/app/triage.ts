// Acting on mail as a person at the keyboard does, and what the server holds in the end.
import { expect, type Locator, type Page } from '@playwright/test'
import type { Dovecot } from '../servers/dovecot.ts'

export class Triage {
  readonly page: Page
  /** Notes at the bottom of the window. */
  readonly notes: Locator
  readonly lanes: Locator
  constructor(page: Page) {
    this.page = page
    this.notes = page.getByRole('region', { name: 'Notes' })
    this.lanes = page.getByRole('tablist', { name: 'Lanes' })
  }

  /** Presses a key and waits until the program has said what it did. */
  async press(key: string, said: string | RegExp): Promise<void> {
    await this.page.keyboard.press(key)
    await expect(this.notes.getByText(said)).toBeVisible()
  }

  /** Presses keys in one instant, so that nothing of the window's happens in between. */
  async pressAtOnce(...strokes: readonly string[]): Promise<void> {
    await this.page.evaluate((pressed) => {
      for (const stroke of pressed) {
        const key = stroke.replace('Shift+', '')
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: stroke !== key, bubbles: true, cancelable: true }))
      }
    }, strokes)
  }

  async moveTo(folder: string): Promise<void> {
    await this.page.keyboard.press('v')
    const picker = this.page.getByRole('dialog', { name: 'Move to' })
    await expect(picker.getByRole('combobox')).toBeFocused()
    await this.page.keyboard.type(folder.slice(0, 4))
    await expect(picker.getByRole('option', { name: folder })).toHaveAttribute('aria-selected', 'true')
    await this.page.keyboard.press('Enter')
    await expect(this.notes.getByText(`Moved to ${folder}`)).toBeVisible()
  }

  /** Types a time as a person would and takes what was understood. */
  async snooze(words: string): Promise<void> {
    await this.page.keyboard.press('h')
    const dialog = this.page.getByRole('dialog', { name: 'Snooze until' })
    await expect(dialog.getByRole('combobox')).toBeFocused()
    await this.page.keyboard.type(words)
    await this.page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await expect(this.notes.getByText(/^Snoozed until /)).toBeVisible()
  }

  async undo(what: string | RegExp): Promise<void> {
    await this.page.keyboard.press('Control+z')
    await expect(this.notes.getByText(what)).toBeVisible()
  }

  lane(name: string): Locator {
    return this.lanes.getByRole('tab', { name: new RegExp(`^${name}(,|$)`) })
  }
}

/** Subjects of a folder's messages on the server, sorted, with \Flagged as a star and unseen as a dot before them. */
export async function onServer(dovecot: Dovecot, user: string, folder: string): Promise<readonly string[]> {
  const session = await dovecot.session(user)
  try {
    const selected = await session.tell(`EXAMINE "${folder}"`)
    if (selected.status !== 'OK') return []
    const { untagged } = await session.do('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])').catch(() => ({ untagged: [] as readonly string[] }))
    return untagged
      .flatMap((line) => {
        const subject = /^Subject: *(.*?)\r?$/imu.exec(line)?.[1]
        if (subject === undefined) return []
        return [`${line.includes('\\Flagged') ? '★' : ''}${line.includes('\\Seen') ? '' : '•'}${subject}`]
      })
      .sort()
  } finally {
    await session.close()
  }
}
