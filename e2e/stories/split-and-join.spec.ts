// A message that does not belong to its conversation is made one of its own, joined again, and the choice is kept.
import { anna, expect, test, type Shortlist } from '../app/app.ts'
import { mail } from '../app/mail.ts'

async function splitLast({ reader, page }: Shortlist): Promise<void> {
  await reader.chooseForMessage(reader.messages.last(), 'Make this its own conversation')
  await expect(page.getByText('Now a conversation of its own')).toBeVisible()
  await expect(reader.messages).toHaveCount(1)
}

test('a message split off stays so through a restart and a new answer', async ({ shortlist, dovecot }) => {
  const { inbox, reader, page } = shortlist
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Your visit', messageId: 'visit@nordmann.example', text: 'When will you come?', date: new Date(Date.now() - 60_000) }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Re: Your visit', messageId: 'other@nordmann.example', text: 'Something else entirely.', inReplyTo: 'visit@nordmann.example' }))
  await shortlist.startWith(dovecot)
  await expect(inbox.row(/.*/)).toHaveCount(1)
  await inbox.open('Your visit')
  await expect(reader.messages).toHaveCount(2)
  await splitLast(shortlist)
  await expect(inbox.row(/.*/)).toHaveCount(2)

  await page.getByRole('region', { name: 'Notes' }).getByRole('button', { name: 'Undo' }).click()
  await expect(inbox.row(/.*/)).toHaveCount(1)
  await expect(reader.messages).toHaveCount(2)
  await splitLast(shortlist)

  await shortlist.restart()
  await expect(inbox.row(/.*/)).toHaveCount(2)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Re: Your visit', text: 'An answer to something else.', inReplyTo: 'other@nordmann.example' }))
  await expect(inbox.row(/2 messages/)).toHaveCount(1)
  await inbox.open(/2 messages/)
  await expect(reader.messages.first()).toContainText('Something else entirely.')
  await expect(reader.text().getByText('An answer to something else.')).toBeVisible()
  await expect(inbox.row(/.*/)).toHaveCount(2)
})

test('a conversation of the sample mailbox is split and joined', async ({ shortlist }) => {
  const { inbox, reader, page } = shortlist
  await shortlist.startWith('sample')
  await inbox.open(/Weihnachtsessen: Hamburg oder Oslo/)
  await expect(reader.messages).toHaveCount(3)
  await splitLast(shortlist)
  await page.keyboard.press('Control+z')
  await expect(reader.messages).toHaveCount(3)
})
