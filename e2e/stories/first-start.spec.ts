// First start: the sample mailbox, a conversation with a CV, the CV itself, and finding it again by a word that stands
// only in the text of a message. The same on a server's mailbox.
import { expect, test, type Shortlist } from '../app/app.ts'

/** Stands in no subject, no name and no address of the mail. */
const wordInTheText = 'hydrokraft'
const subject = 'Application: Senior Backend Engineer'

async function readTheCv({ inbox, reader, page }: Shortlist): Promise<void> {
  await inbox.open(/Lena.*Application: Senior Backend Engineer/)
  await expect(reader.heading(subject)).toBeVisible()
  await reader.openAll()
  const application = reader.messages.first()
  await expect(reader.text(application).getByText('A colleague calls it longing for hydrokraft')).toBeVisible()

  await application.getByRole('button', { name: 'Preview CV_Lena_Hoffmann.pdf' }).click()
  const preview = page.getByRole('dialog', { name: 'CV_Lena_Hoffmann.pdf' })
  await expect(preview.getByText('Page 1 of 1')).toBeVisible()
  await expect(preview.getByText('Gezeitenwerk').first()).toBeAttached()
  await page.keyboard.press('Escape')
  await expect(preview).toBeHidden()
}

async function findItAgain({ inbox, search, reader }: Shortlist): Promise<void> {
  await inbox.openFolder('Trash')
  await search.run(wordInTheText)
  const hit = search.hit(subject)
  await expect(hit.first()).toContainText(wordInTheText)
  await expect(hit.first().locator('mark').first()).toHaveText(wordInTheText)
  await hit.first().click()
  await expect(reader.heading(subject)).toBeVisible()
  await expect.poll(() => reader.highlighted()).toContain(wordInTheText)
}

test('the first start leads to the sample mailbox, a CV, and back to it by a word in the text', async ({ shortlist }) => {
  await shortlist.start()
  await shortlist.welcome.lookAround()
  await expect(shortlist.inbox.row(/Application: Senior Backend Engineer/)).toBeVisible()
  await readTheCv(shortlist)
  await shortlist.inbox.expectUpToDate()
  await findItAgain(shortlist)
})

test('the mail of a server is read, previewed and found the same way', async ({ shortlist, sampleOnDovecot }) => {
  await shortlist.startWith(sampleOnDovecot)
  await readTheCv(shortlist)
  await findItAgain(shortlist)
})
