// What is being written survives whatever happens to the window and to the program.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Composer } from '../app/writing.ts'

test('open composers are there again after the window is loaded anew, with the last letter', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await composer.address('To', 'kari@nordmann.example')
  await composer.subject.fill('Before the reload')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The last word was')
  await expect(composer.text).toContainText('The last word was')
  // At once, while the last words are not stored yet.
  await page.reload()
  await expect(composer.text).toContainText('The last word was')
  await expect(composer.subject).toHaveValue('Before the reload')
  await expect(composer.recipient('kari@nordmann.example')).toBeVisible()

  await composer.box.getByRole('button', { name: 'Minimise' }).click()
  await page.reload()
  await page.getByRole('group', { name: 'Minimised message' }).getByRole('button', { name: 'Before the reload', exact: true }).click()
  await expect(composer.text).toContainText('The last word was')
})

test('a half-written reply survives the program being killed', async ({ shortlist, dovecot, page }) => {
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Please answer', text: 'Is she free?' }))
  await dovecot.deliver(anna.user, 'Drafts', mail({ subject: 'Begun on the telephone', text: 'Half a thought' }), { flags: ['\\Draft'] })
  await shortlist.startWith(dovecot)
  await shortlist.inbox.open('Please answer')
  await page.keyboard.press('r')
  const composer = new Composer(page)
  await expect(composer.text).toBeFocused()
  await page.keyboard.type('Half of what I wanted to')
  await composer.expectSaved()
  await shortlist.app().kill()
  await shortlist.start()

  await expect(shortlist.inbox.row(/Please answer/)).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  const drafts = page.getByRole('listbox', { name: 'Drafts' })
  // Beside what another program left in the folder of the server: one place for drafts.
  await expect(drafts.getByRole('option', { name: /Begun on the telephone/ })).toBeVisible()
  await expect(shortlist.inbox.tree.getByRole('treeitem', { name: 'Drafts, 2' })).toHaveCount(1)
  await drafts.getByRole('option', { name: /Half of what I wanted to/ }).click()
  await expect(composer.text).toContainText('Half of what I wanted to')
})

test('a discarded draft comes back with undo, and an earlier version can be restored', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await composer.subject.fill('Versions')
  await page.keyboard.press('Enter')
  await page.keyboard.type('First thought.')
  await composer.expectSaved()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Second thought.')
  await composer.expectSaved()

  await composer.box.getByRole('button', { name: 'Discard the draft' }).click()
  await expect(composer.box).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(composer.text).toContainText('Second thought.')

  await composer.box.getByRole('button', { name: 'More for this message' }).click()
  await page.getByRole('menuitem', { name: 'Earlier versions' }).click()
  const dialog = page.getByRole('dialog', { name: 'Earlier versions' })
  await dialog.getByRole('option', { name: /First thought\./ }).last().click()
  await dialog.getByRole('button', { name: 'Restore this version' }).click()
  await expect(composer.text).toContainText('First thought.')
  await expect(composer.text).not.toContainText('Second thought.')
})

test('a composer in which nothing was written leaves nothing behind', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await expect(composer.field('To')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(composer.box).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  // Those that lie in the sample mailbox's Drafts, and no other.
  await expect(page.getByText('3 drafts', { exact: true })).toBeVisible()

  // An answer at the foot of its conversation too, and the focus goes back to what is read.
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await shortlist.inbox.open(/Weihnachtsessen/)
  for (const [key, field] of [['r', composer.text], ['f', composer.field('To')]] as const) {
    await page.keyboard.press(key)
    await expect(field).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(composer.box).toBeHidden()
    await expect(page.locator('[data-pane="conversation"]')).toBeFocused()
  }
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await expect(page.getByText('3 drafts', { exact: true })).toBeVisible()
  await expect(page.getByRole('listbox', { name: 'Drafts' }).getByRole('option', { name: /only on this computer/i })).toHaveCount(0)
})

test('a draft that is opened again and left without a change stays', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await composer.subject.fill('Dinner before Christmas')
  await composer.expectSaved()
  await composer.box.getByRole('button', { name: 'Close and keep the draft' }).click()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  const kept = page.getByRole('listbox', { name: 'Drafts' }).getByRole('option', { name: /Dinner before Christmas/ })
  await kept.click()
  await page.keyboard.press('Enter')
  await expect(composer.subject).toHaveValue('Dinner before Christmas')
  await page.reload()
  await expect(composer.subject).toHaveValue('Dinner before Christmas')
  await composer.subject.press('Escape')
  await expect(composer.box).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await expect(kept).toBeVisible()
})
