// The same account on two computers: what is done on the one arrives on the other, and both end up the same.
import { storedMail } from '../app/database.ts'
import { anna, expect, test } from '../app/app.ts'

test('two computers on one account converge', async ({ shortlist: one, otherComputer: two, sampleOnDovecot: dovecot }) => {
  await one.startWith(dovecot)
  await two.startWith(dovecot)
  expect(storedMail(two.dataDir)).toEqual(storedMail(one.dataDir))

  await one.inbox.open(/Langlista/)
  await expect(two.inbox.row(/Langlista/)).not.toHaveAccessibleName(/^Unread/)
  await two.inbox.open(/Søndag/)
  await two.page.keyboard.press('s')
  await expect(one.inbox.row(/Søndag/)).toHaveAccessibleName(/starred/)

  await one.inbox.folder('Silver medalists').focus()
  await one.page.keyboard.press('F2')
  await one.page.keyboard.type('Runners-up')
  await one.page.keyboard.press('Enter')
  await expect(one.inbox.folder('Runners-up')).toBeFocused()
  await expect.poll(() => dovecot.doveadm(['mailbox', 'list', '-u', anna.user])).toContain('Runners-up')
  await two.page.keyboard.press('F9')
  await expect(two.inbox.folder('Runners-up')).toBeVisible()
  await two.inbox.openFolder('Runners-up')
  await two.inbox.open(/Leitung Softwareentwicklung/)
  await expect(two.reader.heading('Leitung Softwareentwicklung: Entscheidung')).toBeVisible()
  await two.page.keyboard.press('Shift+U')
  await expect.poll(() => dovecot.doveadm(['mailbox', 'status', '-u', anna.user, 'unseen', 'Candidates/Runners-up'])).toContain('unseen=1')
  await one.page.keyboard.press('F9')
  await expect(one.inbox.folder('Runners-up')).toHaveAccessibleName('Runners-up, 1 unread')

  await one.inbox.expectUpToDate()
  await two.inbox.expectUpToDate()
  await expect.poll(() => JSON.stringify(storedMail(two.dataDir))).toBe(JSON.stringify(storedMail(one.dataDir)))
})
