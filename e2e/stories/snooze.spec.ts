// A snoozed conversation comes back at its time, also when the program was closed then, and earlier when somebody answers.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Triage } from '../app/triage.ts'

const aMinute = 75_000

test('a snoozed conversation returns on time, after a restart too, and when it is answered', async ({ shortlist, dovecot, page }) => {
  test.setTimeout(240_000)
  const { inbox, reader } = shortlist
  const triage = new Triage(page)
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'While open', date: at(30) }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'While closed', date: at(20) }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Until answered', messageId: 'until@nordmann.example', date: at(10) }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Stays', date: at(5) }))
  await shortlist.startWith(dovecot)

  await inbox.open('Until answered')
  await triage.snooze('in 3 days')
  await inbox.open('While open')
  await triage.snooze('in 1 minute')
  await expect(inbox.row(/.*/)).toHaveCount(2)
  await inbox.folder('Snoozed').click()
  await expect(inbox.row('While open')).toHaveAccessibleName(/snoozed until/)
  await expect(inbox.row('Until answered')).toHaveAccessibleName(/snoozed until/)
  await inbox.openFolder('Inbox')

  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Re: Until answered', inReplyTo: 'until@nordmann.example' }))
  await expect(inbox.row(/Until answered/)).toHaveAccessibleName(/2 messages/, { timeout: 30_000 })

  // On top, above mail that is newer.
  await expect(inbox.row('While open')).toHaveAccessibleName(/back from being snoozed/, { timeout: aMinute })
  await expect(inbox.row('While open')).toHaveAttribute('aria-posinset', '1')
  await inbox.open('While open')
  await expect(reader.heading('While open')).toBeVisible()
  await expect(inbox.row('While open')).not.toHaveAccessibleName(/back from being snoozed/)

  await inbox.open('While closed')
  await triage.snooze('in 1 minute')
  await expect(inbox.row('While closed')).toHaveCount(0)
  await shortlist.app().stop()
  await new Promise((resolve) => setTimeout(resolve, 62_000))
  await shortlist.start()
  await expect(inbox.row('While closed')).toHaveAccessibleName(/back from being snoozed/)
})
