// Mail that keeps to no rules is listed, counted and opened all the same, and its source can always be seen.
import { anna, expect, test } from '../app/app.ts'
import { malformedMessages } from '../corpus/malformed.ts'

test('every kind of broken mail is listed, and what its writer said can be read', async ({ shortlist, dovecot, page }) => {
  test.slow()
  const { inbox, reader } = shortlist
  // Dovecot itself refuses mail of no bytes at all.
  const kinds = malformedMessages
    .filter(({ big }) => !big)
    // A Message-ID of its own each, or most of them would be one conversation.
    .map(({ build }, at) => Buffer.from(Buffer.from(build()).toString('latin1').replace('<malformed@', `<malformed-${String(at)}@`), 'latin1'))
    .filter((raw) => raw.length > 0)
  for (const raw of kinds) await dovecot.deliver(anna.user, 'INBOX', raw)
  await shortlist.startWith(dovecot)
  const details = await inbox.openState()
  await details.getByRole('button', { name: 'Ledger' }).click()
  await expect(shortlist.ledger.row('INBOX').getByRole('cell').nth(1)).toHaveText(String(kinds.length))
  await page.keyboard.press('u')
  await expect(inbox.list).toBeVisible()

  // Down the list from the newest, reading as one goes.
  await inbox.list.focus()
  await page.keyboard.press('End')
  await expect.poll(async () => Number(await inbox.activeRow.getAttribute('aria-posinset')), 'how many are listed').toBeGreaterThan(kinds.length / 2)
  await page.keyboard.press('Home')
  for (let at = 0; at < 25; at += 1) {
    await page.keyboard.press('j')
    await expect(reader.messages.last().locator('iframe').or(reader.conversation.getByText(/This message has no text|could not be read/)).first()).toBeVisible()
  }
  const source = page.getByRole('dialog', { name: 'Source' })
  const telling = inbox.row(/Kjennetegn/)
  for (let at = 0; at < 3; at += 1) {
    await telling.nth(at).click()
    await reader.chooseForMessage(reader.messages.last(), 'Show the source')
    await source.getByRole('radio', { name: 'Everything' }).click()
    await expect(source).toContainText(/\S{3}/)
    await expect(source.getByRole('alert')).toHaveCount(0)
    await source.getByRole('button', { name: 'Close' }).click()
    await expect(source).toBeHidden()
  }
})
