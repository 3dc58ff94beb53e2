// The inbox in lanes: a sender in the wrong one is put right with one key, for all their mail, and the rule can be seen
// and taken back.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Triage } from '../app/triage.ts'

test('a lane is corrected with a key, for mail that is here and mail that comes', async ({ shortlist, dovecot, page }) => {
  const { inbox, settings } = shortlist
  const triage = new Triage(page)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Hello again', from: 'Ola Kunde <ola@fjord.example>' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'From a colleague of his', from: 'Siv Kunde <siv@fjord.example>' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Somebody else', from: 'Nils <nils@annet.example>' }))
  await shortlist.startWith(dovecot)

  await triage.lane('Unknown').click()
  await expect(inbox.row(/.*/)).toHaveCount(3)
  await inbox.open('Hello again')
  await page.keyboard.press('l')
  const dialog = page.getByRole('dialog', { name: 'Which lane?' })
  await expect(dialog).toContainText('Now in Unknown. You have never written to ola@fjord.example.')
  await dialog.getByRole('radio', { name: 'Everybody at fjord.example' }).check()
  await page.keyboard.press('2')
  await expect(triage.notes.getByText('Mail from fjord.example now goes to Clients')).toBeVisible()
  await expect(inbox.row(/.*/)).toHaveCount(1)

  await inbox.list.focus()
  await page.keyboard.press('3')
  await expect(triage.lane('Clients')).toHaveAttribute('aria-selected', 'true')
  await expect(inbox.row(/Hello again|colleague/)).toHaveCount(2)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Newly arrived', from: 'Per <per@fjord.example>' }))
  await expect(inbox.row('Newly arrived')).toBeVisible()
  await expect(triage.lane('Clients')).toHaveAccessibleName(/unread/)

  await page.keyboard.press(',')
  await expect(triage.lane('Candidates')).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByText('Nothing in this lane')).toBeVisible()
  await page.keyboard.press('1')
  await expect(inbox.row(/.*/)).toHaveCount(4)

  await page.keyboard.press('Control+,')
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Lanes' }).click()
  const rule = settings.main.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'fjord.example' }) })
  await expect(rule).toContainText('Clients')
  await rule.getByRole('button', { name: 'Remove the rule for fjord.example' }).click()
  await expect(settings.main.getByText('You have made no rules yet.')).toBeVisible()
  await settings.back()
  await triage.lane('Unknown').click()
  await expect(inbox.row(/.*/)).toHaveCount(4)
})
