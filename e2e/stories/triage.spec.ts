// Ten conversations dealt with by keyboard alone, three of them taken back, and the server agrees with the screen.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Triage, onServer } from '../app/triage.ts'

const subjects = ['Ada', 'Bo', 'Carl', 'Dina', 'Eva', 'Finn', 'Gro', 'Hans', 'Ida', 'Jon', 'Kim', 'Liv']

test('ten conversations are triaged by keyboard, three taken back, and the server agrees', async ({ shortlist, dovecot, page }) => {
  test.slow()
  const { inbox, reader } = shortlist
  const triage = new Triage(page)
  for (const [at, subject] of subjects.entries()) await dovecot.deliver(anna.user, 'INBOX', mail({ subject, from: `${subject} Berg <${subject.toLowerCase()}@berg.example>`, date: new Date(Date.now() - at * 60_000) }))
  await dovecot.deliver(anna.user, 'Clients', mail({ subject: 'Here before' }))
  await shortlist.startWith(dovecot)
  await expect(inbox.row(/.*/)).toHaveCount(subjects.length)

  await inbox.list.focus()
  await page.keyboard.press('j')
  await expect(reader.heading('Ada')).toBeVisible()
  await triage.press('e', 'Archived')
  await expect(inbox.row(/\bAda\b/)).toHaveCount(0)
  // The next one is open at once.
  await expect(reader.heading('Bo')).toBeVisible()
  await triage.press('#', 'Moved to the trash')
  await expect(reader.heading('Carl')).toBeVisible()
  await triage.moveTo('Clients')
  await expect(reader.heading('Dina')).toBeVisible()
  await triage.press('!', 'Moved to junk')
  await expect(reader.heading('Eva')).toBeVisible()
  await page.keyboard.press('s')
  await expect(inbox.row(/\bEva\b/)).toHaveAccessibleName(/starred/)
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+U')
  await expect(inbox.row(/\bFinn\b/)).toHaveAccessibleName(/^Unread\./)
  await page.keyboard.press('j')
  await expect(reader.heading('Gro')).toBeVisible()
  await triage.press('m', 'Muted')
  await expect(reader.heading('Hans')).toBeVisible()
  await triage.press('e', 'Archived')
  await expect(reader.heading('Ida')).toBeVisible()
  await triage.press('#', 'Moved to the trash')
  await expect(reader.heading('Jon')).toBeVisible()
  await triage.snooze('tomorrow 8:30')
  await expect(reader.heading('Kim')).toBeVisible()
  await expect(inbox.row(/.*/)).toHaveCount(4)
  await expect(inbox.folder('Snoozed')).toBeVisible()

  await triage.undo(/^Undone: Snoozed until/)
  await expect(reader.heading('Jon')).toBeVisible()
  await triage.undo('Undone: Moved to the trash')
  await expect(reader.heading('Ida')).toBeVisible()
  await triage.undo('Undone: Archived')
  await expect(reader.heading('Hans')).toBeVisible()
  await expect(inbox.row(/.*/)).toHaveCount(7)
  await expect(inbox.folder('Snoozed')).toBeHidden()
  // Marking one conversation is a step as well.
  await page.keyboard.press('s')
  await expect(inbox.row(/\bHans\b/)).toHaveAccessibleName(/starred/)
  await page.keyboard.press('Control+z')
  await expect(inbox.row(/\bHans\b/)).not.toHaveAccessibleName(/starred/)

  await inbox.expectUpToDate()
  await expect.poll(() => onServer(dovecot, anna.user, 'INBOX')).toEqual(['Hans', 'Ida', 'Jon', 'Kim', '•Finn', '•Liv', '★Eva'])
  expect(await onServer(dovecot, anna.user, 'Archive')).toEqual(['Ada', 'Gro'])
  expect(await onServer(dovecot, anna.user, 'Trash')).toEqual(['Bo'])
  expect(await onServer(dovecot, anna.user, 'Clients')).toEqual(['Carl', '•Here before'])
  expect(await onServer(dovecot, anna.user, 'Junk')).toEqual(['Dina'])
})

test('a conversation marked unread before it has opened stays unread', async ({ shortlist, dovecot, page }) => {
  const { inbox, reader } = shortlist
  const triage = new Triage(page)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Early', date: new Date(Date.now() - 60_000) }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Late' }))
  await shortlist.startWith(dovecot)
  await inbox.list.focus()
  await triage.pressAtOnce('j', 'Shift+U')
  await expect(reader.heading('Late')).toBeVisible()
  await expect(inbox.row(/\bLate\b/)).toHaveAccessibleName(/^Unread\./)
  // The next one is read by being open, and so is this one when it is opened again.
  await page.keyboard.press('j')
  await expect(inbox.row(/\bEarly\b/)).not.toHaveAccessibleName(/^Unread\./)
  await expect(inbox.row(/\bLate\b/)).toHaveAccessibleName(/^Unread\./)
  await page.keyboard.press('k')
  await expect(inbox.row(/\bLate\b/)).not.toHaveAccessibleName(/^Unread\./)
})

test('everything in a list is archived at once after a question, and taken back', async ({ shortlist, dovecot, page }) => {
  const { inbox } = shortlist
  const triage = new Triage(page)
  const count = 60
  for (let at = 0; at < count; at += 1) await dovecot.deliver(anna.user, 'INBOX', mail({ subject: `Number ${String(at)}` }))
  await shortlist.startWith(dovecot)
  await inbox.list.focus()
  await page.keyboard.press('Control+Shift+a')
  await expect(page.getByText('Everything in Inbox is selected.')).toBeVisible()
  await page.keyboard.press('e')
  const question = page.getByRole('alertdialog', { name: `Archive ${String(count)} conversations?` })
  await question.getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByText('Inbox zero')).toBeVisible()
  await expect(triage.notes.getByText(`${String(count)} conversations archived`)).toBeVisible()
  await triage.undo(`Undone: ${String(count)} conversations archived`)
  await expect(inbox.row(/Number/).first()).toBeVisible()
  await inbox.expectUpToDate()
  await expect.poll(async () => (await onServer(dovecot, anna.user, 'INBOX')).length).toBe(count)
  expect(await onServer(dovecot, anna.user, 'Archive')).toEqual([])
})

test('conversations are joined by hand and taken apart again', async ({ shortlist, dovecot, page }) => {
  const { inbox, reader } = shortlist
  const triage = new Triage(page)
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Your offer', date: new Date(Date.now() - 60_000) }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'A question about it' }))
  await shortlist.startWith(dovecot)
  await expect(inbox.row(/.*/)).toHaveCount(2)
  await inbox.list.focus()
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
  await triage.press('Control+j', '2 conversations joined into one')
  await expect(inbox.row(/.*/)).toHaveCount(1)
  await expect(reader.messages).toHaveCount(2)
  await triage.undo('Undone: 2 conversations joined into one')
  await expect(inbox.row(/.*/)).toHaveCount(2)
})
