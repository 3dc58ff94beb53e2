// Folders are those of the server, in both directions: renamed, created and deleted here or there.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'

test('a folder renamed here is renamed there, and the other way round', async ({ shortlist, dovecot, page }) => {
  const { inbox } = shortlist
  await dovecot.deliver(anna.user, 'Candidates/Oslo', mail({ subject: 'Filed before' }))
  await shortlist.startWith(dovecot)
  const names = async (): Promise<readonly string[]> => (await dovecot.doveadm(['mailbox', 'list', '-u', anna.user])).trim().split('\n')

  await inbox.openFolder('Oslo')
  await inbox.folder('Oslo').press('F2')
  const field = page.getByRole('textbox', { name: 'New name of the folder' })
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('Oslo')
  await page.keyboard.press('Escape')
  await expect(field).toBeHidden()
  await expect(inbox.folder('Oslo')).toBeFocused()

  await page.keyboard.press('F2')
  await page.keyboard.type('Tromsø & Bodø')
  await page.keyboard.press('Enter')
  await expect(inbox.folder('Tromsø & Bodø')).toBeFocused()
  await expect.poll(names).toContain('Candidates/Tromsø & Bodø')
  expect(await names()).not.toContain('Candidates/Oslo')
  await expect(inbox.row('Filed before')).toBeVisible()

  await dovecot.doveadm(['mailbox', 'rename', '-u', anna.user, 'Candidates/Tromsø & Bodø', 'Candidates/Nord-Norge'])
  const details = await inbox.openState()
  await details.getByRole('button', { name: 'Sync now' }).click()
  await page.keyboard.press('Escape')
  await expect(inbox.folder('Nord-Norge')).toBeVisible({ timeout: 40_000 })
  await expect(inbox.folder('Tromsø & Bodø')).toHaveCount(0)
  await inbox.openFolder('Nord-Norge')
  await expect(inbox.row('Filed before')).toBeVisible()
})

test('a folder made here is made on the server, and deleted there when it is deleted here', async ({ shortlist, dovecot, page }) => {
  const { inbox } = shortlist
  await dovecot.deliver(anna.user, 'Clients', mail({ subject: 'Framework agreement' }))
  await shortlist.startWith(dovecot)
  const names = async (): Promise<readonly string[]> => (await dovecot.doveadm(['mailbox', 'list', '-u', anna.user])).trim().split('\n')

  await inbox.chooseInFolderMenu('Clients', 'New folder inside')
  await page.getByRole('textbox', { name: 'Name of the new folder' }).fill('Brückner')
  await page.keyboard.press('Enter')
  await expect(inbox.folder('Brückner')).toHaveAttribute('aria-level', '2')
  await expect.poll(names).toContain('Clients/Brückner')

  await inbox.chooseInFolderMenu('Clients', 'New folder inside')
  await page.getByRole('textbox', { name: 'Name of the new folder' }).fill('Brückner')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'There is already a folder of that name here' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(inbox.folder('Brückner')).toHaveCount(1)

  await inbox.folder('Brückner').focus()
  await page.keyboard.press('Delete')
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('The folder is empty.')
  await question.getByRole('button', { name: 'Delete for good' }).click()
  await expect(inbox.folder('Brückner')).toHaveCount(0)
  await expect.poll(names).not.toContain('Clients/Brückner')
})

test('a folder that another program makes and deletes comes and goes here', async ({ shortlist, dovecot, page }) => {
  const { inbox } = shortlist
  await shortlist.startWith(dovecot)
  const syncNow = async (): Promise<void> => {
    const details = await inbox.openState()
    await details.getByRole('button', { name: 'Sync now' }).click()
    await page.keyboard.press('Escape')
  }
  await dovecot.doveadm(['mailbox', 'create', '-u', anna.user, '-s', 'Frühjahr 2027'])
  await syncNow()
  await expect(inbox.folder('Frühjahr 2027')).toBeVisible({ timeout: 40_000 })
  await inbox.openFolder('Frühjahr 2027')
  await dovecot.doveadm(['mailbox', 'delete', '-u', anna.user, '-s', 'Frühjahr 2027'])
  await syncNow()
  await expect(inbox.folder('Frühjahr 2027')).toHaveCount(0, { timeout: 40_000 })
})

test('the sample mailbox keeps what is done to its folders', async ({ shortlist, page }) => {
  const { inbox } = shortlist
  await shortlist.startWith('sample')
  await inbox.folder('Silver medalists').focus()
  await page.keyboard.press('F2')
  await page.keyboard.type('Sølvmedaljer')
  await page.keyboard.press('Enter')
  await expect(inbox.folder('Sølvmedaljer')).toBeFocused()
  await inbox.chooseInFolderMenu('Clients', 'New folder inside')
  await page.getByRole('textbox', { name: 'Name of the new folder' }).fill('Kystmat')
  await page.keyboard.press('Enter')
  await expect(inbox.folder('Kystmat')).toBeVisible()
  await inbox.chooseInFolderMenu('Job boards', 'Delete folder')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(inbox.folder('Job boards')).toHaveCount(0)
  await inbox.expectUpToDate()

  await shortlist.restart()
  await expect(inbox.folder('Sølvmedaljer')).toBeVisible()
  await expect(inbox.folder('Kystmat')).toBeVisible()
  await expect(inbox.folder('Silver medalists')).toHaveCount(0)
  await expect(inbox.folder('Job boards')).toHaveCount(0)
})

test('how a folder looks here never touches the server', async ({ shortlist, dovecot, page }) => {
  const { inbox } = shortlist
  await dovecot.deliver(anna.user, 'Xq7-mandat', mail({ subject: 'Mandate' }))
  await shortlist.startWith(dovecot)
  await inbox.chooseInFolderMenu('Xq7-mandat', 'Change the name shown here')
  await page.getByRole('textbox', { name: 'Name shown on this computer only' }).fill('Mandates')
  await page.keyboard.press('Enter')
  await expect(inbox.folder('Mandates')).toBeVisible()
  await inbox.chooseInFolderMenu('Junk', 'Hide from the list')
  await expect(inbox.folder('Junk')).toHaveCount(0)
  await shortlist.restart()
  await expect(inbox.folder('Mandates')).toBeVisible()
  await expect(inbox.folder('Junk')).toHaveCount(0)
  const names = await dovecot.doveadm(['mailbox', 'list', '-u', anna.user])
  expect(names).toContain('Xq7-mandat')
  expect(names).not.toContain('Mandates')
})
