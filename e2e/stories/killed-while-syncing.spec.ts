// Twenty thousand messages, and the program is killed in the middle of fetching them, twice. It is usable within seconds
// all along, and in the end everything is there exactly once.
import { storedCounts, storedTwice } from '../app/database.ts'
import { anna, expect, test } from '../app/app.ts'
import { writeMailbox } from '../servers/generate-mail.ts'

const messages = 20_000
/** From the mailbox being added to its newest mail being listed. */
const usableWithin = 10_000

test('killed twice while fetching 20,000 messages, it ends complete and without duplicates', async ({ shortlist, dovecot, page }, testInfo) => {
  test.setTimeout(300_000)
  await dovecot.stop()
  const written = writeMailbox(dovecot.maildir(anna.user), { seed: 2026, messages, owner: { name: 'Anna', address: anna.address } })
  await dovecot.start()
  const { welcome, add, inbox, reader } = shortlist
  const note = (what: string, ms: number): void => {
    const description = `${what} ${(ms / 1000).toFixed(1)} s`
    testInfo.annotations.push({ type: 'measured', description })
    console.log(description)
  }

  await shortlist.start()
  await welcome.addMailbox()
  await add.fill(anna, { host: dovecot.host, port: dovecot.tlsPort })
  await add.submit()
  await add.trust(dovecot.host)
  await expect(page.getByText(`${anna.address} is here.`)).toBeVisible()
  const added = performance.now()
  await expect(inbox.row(/.*/).first()).toBeVisible({ timeout: usableWithin })
  note('the newest mail was listed after', performance.now() - added)
  await inbox.row(/.*/).first().click()
  await expect(reader.messages.last().locator('iframe')).toBeVisible()

  await expect(inbox.state).toHaveAccessibleName(/Listing/)
  await shortlist.app().kill()
  const listed = Object.values(storedCounts(shortlist.dataDir)).reduce((sum, count) => sum + count, 0)
  expect(listed).toBeGreaterThan(0)
  expect(listed).toBeLessThan(messages)

  await shortlist.start()
  await expect(inbox.row(/.*/).first()).toBeVisible()
  await expect(inbox.state).toHaveAccessibleName(/Fetching text [\d,]+ of/, { timeout: 90_000 })
  await shortlist.app().kill()

  await shortlist.start()
  const resumed = performance.now()
  await expect(inbox.row(/.*/).first()).toBeVisible()
  await inbox.expectUpToDate(200_000)
  note('after the second kill it was up to date in', performance.now() - resumed)

  const counts = storedCounts(shortlist.dataDir)
  for (const [folder, count] of Object.entries(written.folders)) expect(counts[folder], folder).toBe(count)
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(messages)
  expect(storedTwice(shortlist.dataDir)).toBe(0)
  const status = await dovecot.doveadm(['-f', 'tab', 'mailbox', 'status', '-u', anna.user, 'messages', '*'])
  const onServer = status.trim().split('\n').slice(1).reduce((sum, line) => sum + Number(line.split('\t')[1]), 0)
  expect(onServer).toBe(messages)

  await inbox.openLedger()
  await expect(page.getByRole('heading', { name: 'All counts agree' })).toBeVisible()
})
