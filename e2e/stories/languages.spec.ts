// Every screen speaks German and Norwegian, and no text is left without its words.
import type { Page } from '@playwright/test'
import { expect, test } from '../app/app.ts'

type Words = {
  readonly name: 'Deutsch' | 'Norsk'
  readonly html: string
  readonly lookAround: string
  readonly inbox: string
  readonly folders: string
  readonly settings: string
  readonly mailboxes: string
  readonly ledger: string
  readonly shortcuts: string
}

const languages: readonly Words[] = [
  { name: 'Deutsch', html: 'de', lookAround: 'Mit einem Beispielpostfach umsehen', inbox: 'Posteingang', folders: 'Ordner', settings: 'Einstellungen', mailboxes: 'Postfächer', ledger: 'Bestandsbuch', shortcuts: 'Tastenkürzel' },
  { name: 'Norsk', html: 'nb', lookAround: 'Se deg rundt i en eksempelpostkasse', inbox: 'Innboks', folders: 'Mapper', settings: 'Innstillinger', mailboxes: 'Postkasser', ledger: 'Regnskap', shortcuts: 'Hurtigtaster' },
]

/** A key of a resource ('inbox:list.label'), or a value that was not put in ('{{count}}'). */
const withoutWords = /\b(accounts|commands|failures|inbox|ledger|message|search|settings|shell|welcome):[a-z][\w.-]+|\{\{|\}\}/u

async function expectWords(page: Page): Promise<void> {
  const texts = await page.locator('body').evaluate((body) => {
    const said = [...body.querySelectorAll('[aria-label],[title],[placeholder]')].flatMap((element) => ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''))
    return [(body as HTMLElement).innerText, ...said].join('\n')
  })
  expect(withoutWords.exec(texts)?.[0]).toBeUndefined()
}

for (const words of languages) {
  test(`${words.name}: every main screen has its words`, async ({ shortlist, page }) => {
    const { welcome } = shortlist
    await shortlist.start()
    await welcome.chooseLanguage(words.name)
    await expect(page.locator('html')).toHaveAttribute('lang', words.html)
    await expectWords(page)
    await page.getByRole('button', { name: words.lookAround }).click()
    await expect(page.getByRole('treeitem', { name: words.inbox })).toBeVisible()
    await page.getByRole('option').first().click()
    await expect(page.locator('iframe').first()).toBeVisible()
    await expectWords(page)

    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: words.shortcuts })).toBeVisible()
    await expectWords(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectWords(page)
    await page.keyboard.press('Escape')

    await page.keyboard.press('/')
    await expect(page.getByRole('combobox')).toBeFocused()
    await expectWords(page)
    await page.keyboard.type('hydrokraft')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('listbox')).toBeFocused()
    await expect(page.getByRole('option').first()).toContainText('hydrokraft')
    await expectWords(page)

    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await expect(page.getByRole('heading', { level: 1, name: words.ledger })).toBeVisible()
    await expect(page.getByRole('table')).toBeVisible()
    await expectWords(page)

    await page.keyboard.press('Control+,')
    const tabs = page.getByRole('navigation', { name: words.settings })
    await expect(tabs).toBeVisible()
    await expectWords(page)
    await tabs.getByRole('button', { name: words.mailboxes }).click()
    await expect(page.getByRole('heading', { level: 1, name: words.mailboxes })).toBeVisible()
    await expectWords(page)

    await shortlist.restart()
    await expect(page.locator('html')).toHaveAttribute('lang', words.html)
    await expect(page.getByRole('tree', { name: words.folders })).toBeVisible()
  })
}
