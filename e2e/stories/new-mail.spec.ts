// Mail that another program delivers shows without being asked for, within the two seconds promised.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'

/** The promise is two seconds; the rest is for a machine that does other work meanwhile. */
const patience = 5000

test('mail delivered by another program appears by itself', async ({ shortlist, dovecot, page }, testInfo) => {
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Already here', messageId: 'first@nordmann.example' }))
  const { inbox } = shortlist
  await shortlist.startWith(dovecot)
  await expect(inbox.row('Already here')).toBeVisible()
  await expect(inbox.folder('Inbox')).toHaveAccessibleName('Inbox, 1 unread')

  const delivered = performance.now()
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Just arrived' }))
  await expect(inbox.row('Just arrived')).toBeVisible({ timeout: patience })
  const took = performance.now() - delivered
  testInfo.annotations.push({ type: 'measured', description: `new mail was listed after ${took.toFixed(0)} ms` })
  console.log(`new mail was listed ${took.toFixed(0)} ms after its delivery began`)

  await expect(inbox.row(/.*/).first()).toHaveAccessibleName(/^Unread\..*Just arrived/)
  await expect(inbox.folder('Inbox')).toHaveAccessibleName('Inbox, 2 unread')

  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Re: Already here', text: 'The answer to it.', inReplyTo: 'first@nordmann.example' }))
  await expect(inbox.row(/Already here/)).toHaveAccessibleName(/2 messages/, { timeout: patience })
  await expect(inbox.row(/Already here/)).toHaveCount(1)
  await inbox.open(/Already here/)
  await expect(shortlist.reader.text().getByText('The answer to it.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Notes' }).getByRole('alert')).toHaveCount(0)
})

test('mail delivered into another folder is counted there after asking for it', async ({ shortlist, dovecot, page }) => {
  const { inbox } = shortlist
  await shortlist.startWith(dovecot)
  await dovecot.deliver(anna.user, 'Junk', mail({ subject: 'Not wanted' }))
  await page.keyboard.press('F9')
  await expect(inbox.folder('Junk')).toHaveAccessibleName('Junk, 1 unread')
  await inbox.openFolder('Junk')
  await expect(inbox.row('Not wanted')).toBeVisible()
})
