// A mail is written from a template: by its shortcut, from the list, with what it asks for, and it arrives as it was shown.
import { readFile } from 'node:fs/promises'
import { simpleParser } from 'mailparser'
import { expect, test } from '../app/app.ts'
import { TemplatePicker, Templates } from '../app/templates.ts'
import { Composer, sendsBy } from '../app/writing.ts'
import { startSmtp } from '../servers/smtp.ts'

const profile = { name: 'Profil Nordlys.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n'.padEnd(40_000, 'x')) }

test('a template with a file goes in by its shortcut, asks for what it lacks, and arrives merged', async ({ shortlist, dovecot, page }) => {
  // Three programs are started, and the seconds for taking a mail back pass.
  test.slow()
  await using smtp = await startSmtp({ dovecot })
  await shortlist.startWith(dovecot)
  await sendsBy(shortlist, smtp)
  await shortlist.inbox.expectUpToDate()

  const templates = new Templates(page)
  await templates.open()
  await templates.write('template', {
    name: 'First contact',
    shortcut: 'first',
    subject: '{{ position.title }} for you',
    text: ['Dear {{ candidate.first_name | default: "reader" }},', '{% if position.title %}the role of {{ position.title }} is open.{% endif %}'],
  })
  await templates.addFile(profile)
  await templates.tab('Snippets')
  await templates.write('snippet', { name: 'Call', shortcut: 'ring', text: ['Just call me, {{ candidate.first_name }}.'] })

  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Templates' }).click()
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await expect(composer.field('To')).toBeFocused()
  await composer.address('To', 'Kari Nordmann <kari@nordmann.example>')
  await composer.text.click()
  await page.keyboard.type(';fi')
  await expect(page.getByRole('option', { name: /First contact/ })).toBeVisible()
  await page.keyboard.press('Enter')
  const asked = page.getByRole('dialog', { name: 'First contact' })
  await asked.getByRole('textbox', { name: 'Job title' }).fill('Head of <Platform>')
  await page.keyboard.press('Enter')
  await expect(composer.text).toContainText('the role of Head of <Platform> is open.')
  await expect(composer.subject).toHaveValue('Head of <Platform> for you')
  await expect(composer.box.getByRole('button', { name: `Remove ${profile.name}` })).toBeVisible()

  await page.keyboard.press('Enter')
  await page.keyboard.type('ring')
  await page.keyboard.press('Tab')
  await expect(composer.text).toContainText('Just call me, Kari.')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => smtp.received.length, { timeout: 30_000 }).toBe(1)
  const mail = await simpleParser(smtp.received[0]?.raw ?? '')
  expect(mail.subject).toBe('Head of <Platform> for you')
  expect(mail.text).toContain('Dear Kari,')
  expect(mail.text).toContain('the role of Head of <Platform> is open.')
  expect(mail.text).toContain('Just call me, Kari.')
  expect(mail.html).toContain('Head of &lt;Platform&gt;')
  expect(mail.attachments[0]?.content.equals(profile.buffer)).toBe(true)

  await templates.open()
  await templates.tab('Templates')
  await templates.list.getByRole('option', { name: /First contact/ }).click()
  await expect(page.getByText(/^Used once/)).toBeVisible()
})

test('the list over a mail shows what the recipient would get, in their language', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  const templates = new Templates(page)
  await templates.open()
  await page.getByRole('button', { name: 'Add examples' }).click()
  await expect(templates.list.getByRole('option', { name: /First contact/ })).toBeVisible()
  await page.getByRole('heading', { name: 'Templates' }).click()
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await composer.address('To', 'Frau Dr. Eva Brandt <eva.brandt@firma.de>')
  await composer.text.click()
  const picker = new TemplatePicker(page)
  await picker.open()
  await page.keyboard.type('rejection')
  await expect(picker.box.getByText('Sehr geehrte Frau Dr. Brandt,')).toBeVisible()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(picker.box.getByText('Hi Eva,')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(composer.text).toBeFocused()
})

test('the list over a mail, while there is no template, leads to the first ones', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await composer.text.click()
  const picker = new TemplatePicker(page)
  await picker.open()
  await expect(picker.box.getByRole('button', { name: 'Write the first one' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(composer.text).toBeFocused()
  await picker.open()
  await picker.box.getByRole('button', { name: 'Add examples' }).click()
  await expect(picker.box.getByRole('option', { name: /First contact/ })).toBeVisible()
  await page.keyboard.type('rejection')
  await expect(picker.box.getByRole('option', { name: /First contact/ })).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(composer.text).toBeFocused()
})

test('a template with a mistake says where, and is mended there', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  const templates = new Templates(page)
  await templates.open()
  await templates.write('template', { name: 'Wrong', shortcut: 'wrong', subject: 'To {{ candidate.name', text: ['Hello,', 'I am {{ sender.frist_name }} and {% if position.title %}hiring'] })
  await expect(templates.problems).toContainText('3 mistakes')
  await expect(templates.problems.getByRole('button').nth(0)).toContainText('Subject, character 4: This opens a field or condition that is not closed: {{ candidate.name')
  await expect(templates.problems.getByRole('button').nth(1)).toContainText('Line 2, character 9: There is no field “sender.frist_name”. Did you mean “sender.first_name”?')
  await expect(templates.problems.getByRole('button').nth(2)).toContainText('Line 2, character 37: This “if” has no “endif”')
  await templates.problems.getByRole('button').nth(2).click()
  await expect(templates.text).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.type('{% endif %}')
  await expect(templates.problems).toContainText('2 mistakes')
  await templates.problems.getByRole('button').nth(1).click()
  for (let letter = 0; letter < 'sender.frist_name'.length; letter++) await page.keyboard.press('Delete')
  await page.keyboard.type('sender.first_name')
  await templates.subject.fill('To {{ candidate.name | default: "you" }}')
  await expect(templates.problems).toBeHidden()
  await expect(templates.preview).toContainText('I am Ingrid and')
})

test('templates leave as a file and come back from it, and a removed one returns', async ({ shortlist, page }) => {
  await shortlist.startWith('sample')
  const templates = new Templates(page)
  await templates.open()
  await templates.write('template', { name: 'Kept', shortcut: 'kept', subject: 'Kept', text: ['Dear {{ candidate.name }}'] })
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Import, export and examples' }).click()
  await page.getByRole('menuitem', { name: 'Export all to a file' }).click()
  const file = await (await saved).path()
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ format: 'shortlist-templates', version: 1, templates: [{ name: 'Kept', shortcut: 'kept' }] })

  await page.getByRole('button', { name: 'More for Kept' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(page.getByText('No templates yet')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(templates.list.getByRole('option', { name: /Kept/ })).toBeVisible()

  await templates.subject.fill('Changed')
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.locator('input[type=file][accept*=json]').setInputFiles({ name: 'templates.json', mimeType: 'application/json', buffer: await readFile(file) })
  await expect(page.getByRole('dialog', { name: 'Templates imported' })).toContainText('1 template of the same name and folder was replaced.')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()
  await templates.list.getByRole('option', { name: /Kept/ }).click()
  await expect(templates.subject).toHaveValue('Kept')
})
