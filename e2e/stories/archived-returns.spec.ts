// An archived conversation comes back, whole, when somebody answers; a muted one stays out of the way with its answers.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Triage, onServer } from '../app/triage.ts'

test('an archived conversation returns with an answer, a muted one does not', async ({ shortlist, dovecot, page }) => {
  const { inbox, reader } = shortlist
  const triage = new Triage(page)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Two interviews', text: 'Tuesday or Thursday?', messageId: 'interviews@nordmann.example' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Cake in the kitchen', messageId: 'cake@nordmann.example' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Stays' }))
  await shortlist.startWith(dovecot)
  await inbox.open('Two interviews')
  await expect(reader.text().getByText('Tuesday or Thursday?')).toBeVisible()
  await triage.press('e', 'Archived')
  await inbox.open('Cake in the kitchen')
  await triage.press('m', 'Muted')
  await expect(inbox.row(/.*/)).toHaveCount(1)
  await expect.poll(() => onServer(dovecot, anna.user, 'Archive'), { timeout: 30_000 }).toHaveLength(2)

  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Re: Cake in the kitchen', inReplyTo: 'cake@nordmann.example' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Re: Two interviews', text: 'Thursday, then.', inReplyTo: 'interviews@nordmann.example' }))
  await expect(inbox.row(/Two interviews/)).toHaveAccessibleName(/2 messages/, { timeout: 30_000 })
  await inbox.open(/Two interviews/)
  await expect(reader.text().getByText('Thursday, then.')).toBeVisible()
  // The answer alone is in the inbox there; what was archived stays where it was put.
  await expect.poll(async () => (await onServer(dovecot, anna.user, 'Archive')).map((line) => line.replaceAll(/^[^A-Z]*/g, '')), { timeout: 30_000 }).toEqual(['Cake in the kitchen', 'Re: Cake in the kitchen', 'Two interviews'])
  expect((await onServer(dovecot, anna.user, 'INBOX')).map((line) => line.replaceAll(/^[^A-Z]*/g, ''))).toEqual(['Re: Two interviews', 'Stays'])
  await expect(inbox.row(/Cake in the kitchen/)).toHaveCount(0)
})
