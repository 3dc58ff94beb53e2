// How it looks is the person's choice, takes effect at once and is kept.
import { expect, test } from '../app/app.ts'

test('theme, density and reading pane take effect at once and are kept', async ({ shortlist, page }) => {
  const { inbox, settings } = shortlist
  await shortlist.startWith('sample')
  const rowHeight = async (): Promise<number> => (await inbox.row(/.*/).first().boundingBox())?.height ?? 0
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const comfortable = await rowHeight()
  const light = await background()

  await settings.open()
  await settings.choose('Theme', 'Dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await settings.choose('Density of lists', 'Compact')
  await settings.back()
  await inbox.open(/Langlista/)
  await expect(shortlist.reader.text().locator('html')).toHaveCSS('color-scheme', 'dark')
  expect(await rowHeight()).toBeLessThan(comfortable)
  const dark = await background()
  expect(dark).not.toBe(light)

  await shortlist.restart()
  await expect(inbox.row(/.*/).first()).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(await background()).toBe(dark)
  expect(await rowHeight()).toBeLessThan(comfortable)

  await page.keyboard.press('Control+Shift+B')
  await inbox.open(/Langlista/)
  await expect(shortlist.reader.heading('Langlista')).toBeVisible()
  await expect(inbox.list).toBeHidden()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(inbox.list).toBeVisible()
})

test('Escape closes a list of choices, and then the settings', async ({ shortlist, page }) => {
  const { inbox, settings } = shortlist
  await shortlist.startWith('sample')
  await settings.open()
  await settings.main.getByRole('combobox', { name: 'Language' }).click()
  await page.keyboard.press('Escape')
  await expect(settings.main).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(inbox.list).toBeVisible()
})

test('the theme of the system is followed', async ({ shortlist, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await shortlist.startWith('sample')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
})

test('panes keep the sizes they are dragged to', async ({ shortlist, page }) => {
  const { inbox, settings } = shortlist
  await shortlist.startWith('sample')
  const width = async (): Promise<number> => Math.round((await inbox.list.boundingBox())?.width ?? 0)
  const before = await width()
  const edge = page.getByRole('separator', { name: 'Resize the list' })
  await edge.focus()
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('ArrowRight')
  await expect.poll(width).toBeGreaterThan(before)
  const wider = await width()
  await shortlist.restart()
  await expect.poll(width).toBe(wider)
  await settings.open()
  await settings.main.getByRole('button', { name: 'Reset the sizes' }).click()
  await settings.back()
  await expect.poll(async () => Math.abs((await width()) - before)).toBeLessThanOrEqual(1)
})
