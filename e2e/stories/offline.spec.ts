// The server goes away: reading and searching go on, what is done meanwhile waits, and all of it is caught up with.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'

test('without its server the mailbox is read and searched, and catches up when it is back', async ({ shortlist, sampleOnDovecot: dovecot, page }) => {
  const { inbox, reader, search } = shortlist
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Unread when the line broke', text: 'Read it without a network.' }))
  await shortlist.startWith(dovecot)

  await dovecot.stop()
  await expect(inbox.state).toHaveAccessibleName(/^Synchronisation: (Offline|Nothing answers)/)
  await expect(page.getByText('You are offline. Everything on this computer can be read and searched.')).toBeVisible()
  await inbox.open('Unread when the line broke')
  await expect(reader.text().getByText('Read it without a network.')).toBeVisible()
  await expect(inbox.row('Unread when the line broke')).not.toHaveAccessibleName(/^Unread\./)

  await search.run('hydrokraft')
  await search.hit('Application: Senior Backend Engineer').first().click()
  await expect(reader.heading('Application: Senior Backend Engineer')).toBeVisible()
  await reader.openAll()
  await reader.messages.first().getByRole('button', { name: 'Preview CV_Lena_Hoffmann.pdf' }).click()
  const preview = page.getByRole('dialog', { name: 'CV_Lena_Hoffmann.pdf' })
  await expect(preview.getByText('Not on this computer')).toBeVisible()

  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Came while it was away' }))
  await dovecot.start()
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await expect(inbox.row('Came while it was away')).toBeVisible({ timeout: 45_000 })
  await inbox.expectUpToDate()
  await expect(page.getByText('You are offline.')).toBeHidden()
  const other = await dovecot.session(anna.user)
  await other.do('SELECT INBOX')
  expect(await other.search('SEEN SUBJECT "Unread when the line broke"')).toHaveLength(1)
  await other.close()
})
