// Removing a mailbox says what goes, and then it is gone from this computer and nowhere else.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { leftOf, storedSecrets } from '../app/database.ts'
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'

test('a removed mailbox leaves neither mail nor password behind, and the server untouched', async ({ shortlist, dovecot, page }) => {
  const { inbox, settings } = shortlist
  for (const subject of ['One', 'Two', 'Three']) await dovecot.deliver(anna.user, 'INBOX', mail({ subject, text: 'Kvikksølvtermometer' }))
  await shortlist.startWith(dovecot)
  await expect(inbox.row(/.*/)).toHaveCount(3)
  expect(storedSecrets(shortlist.dataDir)).toBe(1)

  await settings.open('Mailboxes')
  await settings.chooseForAccount(anna.address, 'Remove…')
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('3 messages')
  await expect(question).toContainText(/\d.* of disk space is freed/)
  await expect(question).toContainText('the stored password')
  await expect(question).toContainText('Nothing on the server changes.')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(settings.main.getByText(anna.address).first()).toBeVisible()

  await settings.chooseForAccount(anna.address, 'Remove…')
  await question.getByRole('button', { name: 'Remove from this computer' }).click()
  await expect(page.getByText(/removed: 3 messages, .* freed\./)).toBeVisible()
  await expect.poll(() => leftOf(shortlist.dataDir)).toEqual({})
  expect(storedSecrets(shortlist.dataDir)).toBe(0)
  expect((await dovecot.doveadm(['mailbox', 'status', '-u', anna.user, 'messages', 'INBOX'])).trim()).toBe('INBOX messages=3')

  await shortlist.restart()
  await expect(page.getByRole('button', { name: 'Add your mailbox' })).toBeVisible()
})

test('the sample mailbox goes altogether and can be laid out afresh', async ({ shortlist, page }) => {
  const { inbox, settings, welcome } = shortlist
  await shortlist.startWith('sample')
  await inbox.chooseInFolderMenu('Job boards', 'Delete folder')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(inbox.folder('Job boards')).toHaveCount(0)

  await settings.open('Mailboxes')
  await settings.chooseForAccount('Ingrid Solberg', 'Remove…')
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText(/1\d\d messages|2\d\d messages/)
  await question.getByRole('button', { name: 'Remove from this computer' }).click()
  await expect.poll(() => leftOf(shortlist.dataDir)).toEqual({})
  expect(await readdir(join(shortlist.dataDir, 'sample'))).toEqual([])

  await shortlist.restart()
  await welcome.lookAround()
  await expect(inbox.folder('Job boards')).toBeVisible()
})
