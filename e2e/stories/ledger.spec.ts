// The ledger: the server's count of every folder beside ours, compared message by message on request, and kept as a file.
import { readFile } from 'node:fs/promises'
import { anna, expect, test, type Shortlist } from '../app/app.ts'
import { mail } from '../app/mail.ts'

async function checkAndExport({ ledger, page }: Shortlist): Promise<string> {
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByRole('heading', { name: /^All \d+ folders agree with the server$/ })).toBeVisible()
  await expect(page.getByText('Every message was compared one by one, just now.')).toBeVisible()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const file = await saving
  expect(file.suggestedFilename()).toMatch(/^ledger-.*\.csv$/)
  await expect(ledger.table).toBeVisible()
  return readFile(await file.path(), 'utf8')
}

test('the ledger of a server agrees, is compared and exported', async ({ shortlist, dovecot, page }) => {
  const { inbox, ledger } = shortlist
  for (let at = 0; at < 7; at += 1) await dovecot.deliver(anna.user, 'INBOX', mail({ subject: `Candidate ${String(at)}` }))
  await dovecot.deliver(anna.user, 'Clients/Fjordpay', mail({ subject: 'Mandate' }))
  await shortlist.startWith(dovecot)
  await inbox.openLedger()
  await expect(ledger.row('INBOX').getByRole('cell').nth(0)).toHaveText('7')
  await expect(ledger.row('INBOX').getByRole('cell').nth(1)).toHaveText('7')
  await expect(ledger.row('Clients / Fjordpay').getByRole('cell').nth(0)).toHaveText('1')
  await expect(ledger.row('7 folders').getByRole('cell').nth(0)).toHaveText('8')
  await expect(page.getByRole('heading', { name: 'All counts agree' })).toBeVisible()

  const table = await checkAndExport(shortlist)
  expect(table.split('\n').find((line) => line.includes('INBOX'))).toContain('7,7')
  await page.keyboard.press('u')
  await expect(inbox.row('Candidate 0')).toBeVisible()
})

test('the ledger of the sample mailbox agrees, is compared and exported', async ({ shortlist, page }) => {
  const { inbox, ledger } = shortlist
  await shortlist.startWith('sample')
  await inbox.openLedger()
  await expect(page.getByRole('heading', { name: 'All counts agree' })).toBeVisible()
  await expect(ledger.row('Inbox').getByRole('cell').nth(0)).toHaveText('32')
  const table = await checkAndExport(shortlist)
  expect(table).toContain('Clients / Brückner Maschinenbau')
})
