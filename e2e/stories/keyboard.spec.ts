// A morning's mail without touching the mouse, with the focus always somewhere.
import { expect, test, type OpenableMailbox, type Shortlist } from '../app/app.ts'

async function readByKeyboard({ inbox, reader, page, search }: Shortlist): Promise<void> {
  // Never lost: whatever was just pressed, something on the screen has the focus.
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
    await expect.poll(() => page.evaluate(() => document.hasFocus() && document.activeElement !== null && document.activeElement !== document.body)).toBe(true)
  }

  await press('g', 'i')
  await expect(inbox.list).toBeFocused()
  await press('j')
  await expect(inbox.activeRow).toHaveAttribute('aria-posinset', '1')
  await press('j', 'j')
  await expect(inbox.activeRow).toHaveAttribute('aria-posinset', '3')
  await press('k')
  await expect(inbox.activeRow).toHaveAttribute('aria-posinset', '2')

  await press('o')
  await expect(reader.heading(/Senior Backend Engineer: three candidates/)).toBeVisible()
  await expect(inbox.list).not.toBeFocused()
  await press(';')
  await expect(page.getByRole('button', { name: 'Fold all messages' })).toBeVisible()
  await press('n')
  await press('p')
  await press('u')
  await expect(inbox.list).toBeFocused()
  await expect(inbox.activeRow).toHaveAttribute('aria-posinset', '2')

  await press('Shift+U')
  await expect(inbox.activeRow).toHaveAccessibleName(/^Unread\./)
  await press('Shift+I')
  await expect(inbox.activeRow).not.toHaveAccessibleName(/^Unread\./)
  await press('j', 'j', 'x', 'j', 'x')
  const picked = page.getByRole('toolbar', { name: '2 selected' })
  await expect(picked).toBeVisible()
  const starred = inbox.row(/starred\./)
  const before = await starred.count()
  await press('s')
  await expect(starred).toHaveCount(before + 2)
  await press('Control+z')
  await expect(starred).toHaveCount(before)
  await press('Escape')
  await expect(picked).toBeHidden()

  await press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type('archive')
  await expect(sheet.getByText('Go to the archive')).toBeVisible()
  await expect(sheet.getByText('Go to junk')).toBeHidden()
  await press('Escape')
  await expect(sheet).toBeHidden()
  await expect(inbox.list).toBeFocused()

  await press('/')
  await expect(search.field).toBeFocused()
  await page.keyboard.type('from:gunnar lang')
  await expect(search.field).toHaveValue('from:gunnar lang')
  await expect(search.hit(/Langlista/)).toBeVisible()
  await press('Enter')
  await expect(search.results).toBeFocused()
  await press('Enter')
  await expect(reader.heading('Langlista')).toBeVisible()
  await press('g', 'i')
  await expect(inbox.list).toBeFocused()

  await press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Command palette' })).toBeFocused()
  await page.keyboard.type('go to junk')
  await press('Enter')
  await expect(inbox.folder('Junk')).toHaveAttribute('aria-selected', 'true')
  await expect(inbox.list).toBeFocused()

  await press('g', ',')
  await expect(page.getByRole('heading', { level: 1, name: 'General' })).toBeVisible()
  await press('Escape')
  await expect(inbox.list).toBeVisible()
  await press('g', 'l')
  await expect(page.getByRole('heading', { level: 1, name: 'Ledger' })).toBeVisible()
  await press('u')
  await expect(inbox.list).toBeVisible()
}

async function focusWalksThroughEverything({ page, inbox }: Shortlist): Promise<void> {
  const seen = new Set<string>()
  await inbox.list.focus()
  for (let at = 0; at < 40; at += 1) {
    await page.keyboard.press('Tab')
    const place = await page.evaluate(() => {
      const active = document.activeElement
      return active === null || active === document.body ? 'nowhere' : `${active.tagName} ${active.getAttribute('role') ?? ''} ${active.getAttribute('aria-label') ?? active.textContent.slice(0, 40)}`
    })
    seen.add(place)
  }
  const reached = [...seen].join('\n')
  expect(reached).toContain('treeitem')
  expect(reached).toContain('listbox')
  expect(reached).toContain('Search mail')
  expect(reached).toContain('Synchronisation')
}

const story = async (shortlist: Shortlist, mailbox: OpenableMailbox): Promise<void> => {
  await shortlist.startWith(mailbox)
  await readByKeyboard(shortlist)
  await focusWalksThroughEverything(shortlist)
}

test('the sample mailbox is read by keyboard alone', async ({ shortlist }) => {
  await story(shortlist, 'sample')
})

test("a server's mailbox is read by keyboard alone", async ({ shortlist, sampleOnDovecot }) => {
  await story(shortlist, sampleOnDovecot)
})
