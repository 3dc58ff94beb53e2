// What another mail program does on the same account shows here: moving, marking, deleting.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import type { ImapSession } from '../servers/imap-session.ts'

async function uidOf(session: ImapSession, subject: string): Promise<number> {
  const [uid] = await session.search(`SUBJECT "${subject}"`)
  if (uid === undefined) throw new Error(`no message ${subject}`)
  return uid
}

test('another program moves, marks and deletes, and it shows', async ({ shortlist, dovecot }) => {
  const { inbox } = shortlist
  for (const subject of ['Stays', 'Is moved', 'Is read elsewhere', 'Is starred elsewhere', 'Is deleted']) {
    await dovecot.deliver(anna.user, 'INBOX', mail({ subject }))
  }
  await shortlist.startWith(dovecot)
  await expect(inbox.row(/.*/)).toHaveCount(5)

  const other = await dovecot.session(anna.user)
  await other.do('SELECT INBOX')
  await other.do(`UID STORE ${await uidOf(other, 'Is read elsewhere')} +FLAGS (\\Seen)`)
  await expect(inbox.row('Is read elsewhere')).not.toHaveAccessibleName(/^Unread/)
  await other.do(`UID STORE ${await uidOf(other, 'Is starred elsewhere')} +FLAGS (\\Flagged)`)
  await expect(inbox.row('Is starred elsewhere')).toHaveAccessibleName(/starred\./)
  await other.do(`UID MOVE ${await uidOf(other, 'Is moved')} Archive`)
  await expect(inbox.row('Is moved')).toHaveCount(0)
  const deleted = await uidOf(other, 'Is deleted')
  await other.do(`UID STORE ${deleted} +FLAGS (\\Deleted)`)
  await other.do(`UID EXPUNGE ${deleted}`)
  await expect(inbox.row('Is deleted')).toHaveCount(0)

  await expect(inbox.row(/.*/)).toHaveCount(3)
  await expect(inbox.folder('Inbox')).toHaveAccessibleName('Inbox, 2 unread')
  await inbox.openFolder('Archive')
  await expect(inbox.row('Is moved')).toBeVisible({ timeout: 40_000 })
  await other.close()
})

test('what is marked here reaches the server', async ({ shortlist, dovecot, page }) => {
  const { inbox, reader } = shortlist
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Read and starred here' }))
  await shortlist.startWith(dovecot)
  await inbox.open('Read and starred here')
  await expect(reader.heading('Read and starred here')).toBeVisible()
  await page.keyboard.press('s')
  const other = await dovecot.session(anna.user)
  await other.do('SELECT INBOX')
  await expect.poll(() => other.search('SEEN FLAGGED')).toHaveLength(1)
  await page.keyboard.press('Shift+U')
  await expect.poll(() => other.search('UNSEEN FLAGGED')).toHaveLength(1)
  await other.close()
})
