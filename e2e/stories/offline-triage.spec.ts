// The line breaks; five conversations are dealt with all the same. When it is back, the server is told once.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Triage, onServer } from '../app/triage.ts'
import { startChaosProxy } from '../servers/chaos-proxy.ts'

const subjects = ['Ada', 'Bo', 'Carl', 'Dina', 'Eva', 'Finn']

test('five conversations triaged offline reach the server once', async ({ shortlist, dovecot, page }) => {
  test.slow()
  await using proxy = await startChaosProxy({ upstreamPort: dovecot.tlsPort })
  const { inbox, reader, welcome, add } = shortlist
  const triage = new Triage(page)
  for (const [at, subject] of subjects.entries()) await dovecot.deliver(anna.user, 'INBOX', mail({ subject, date: new Date(Date.now() - at * 60_000) }), { flags: ['\\Seen'] })
  await dovecot.deliver(anna.user, 'Clients', mail({ subject: 'Here before' }), { flags: ['\\Seen'] })
  await shortlist.start()
  await welcome.addMailbox()
  await add.dovecot({ ...dovecot, host: proxy.host, tlsPort: proxy.port }, anna)
  await inbox.expectUpToDate()

  await proxy.refuse()
  proxy.cutAll()
  await expect(inbox.state).toHaveAccessibleName(/^Synchronisation: (Offline|Nothing answers)/)
  await inbox.list.focus()
  await page.keyboard.press('j')
  await expect(reader.heading('Ada')).toBeVisible()
  await triage.press('e', 'Archived')
  await expect(reader.heading('Bo')).toBeVisible()
  await triage.press('#', 'Moved to the trash')
  await expect(reader.heading('Carl')).toBeVisible()
  await triage.moveTo('Clients')
  await expect(reader.heading('Dina')).toBeVisible()
  await page.keyboard.press('s')
  await page.keyboard.press('j')
  await triage.press('!', 'Moved to junk')
  await expect(inbox.row(/.*/)).toHaveCount(2)

  // What is owed can be read, and survives a restart. Junk is a move and a mark.
  await expect(page.getByRole('button', { name: '6 changes on their way' })).toBeVisible()
  await shortlist.restart()
  await page.getByRole('button', { name: '6 changes on their way' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'On its way to the servers' })).toBeVisible()
  const owed = page.getByRole('region', { name: 'Waiting' }).getByRole('listitem')
  await expect(owed).toHaveCount(6)
  await expect(owed.first()).toContainText('Move 1 from Inbox to Archive')
  await expect(owed.first()).toContainText('Ada')
  expect(await onServer(dovecot, anna.user, 'INBOX')).toEqual(subjects)

  await proxy.heal()
  await page.getByRole('button', { name: 'Try everything again now' }).click()
  await expect(page.getByText('Nothing is owed')).toBeVisible({ timeout: 45_000 })
  await page.keyboard.press('u')
  await inbox.expectUpToDate()
  await expect(inbox.row(/.*/)).toHaveCount(2)
  expect(await onServer(dovecot, anna.user, 'INBOX')).toEqual(['Finn', '★Dina'])
  expect(await onServer(dovecot, anna.user, 'Archive')).toEqual(['Ada'])
  expect(await onServer(dovecot, anna.user, 'Trash')).toEqual(['Bo'])
  expect(await onServer(dovecot, anna.user, 'Clients')).toEqual(['Carl', 'Here before'])
  expect(await onServer(dovecot, anna.user, 'Junk')).toEqual(['Eva'])
})
