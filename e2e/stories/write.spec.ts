// A mail is written with a file, sent, taken back, changed and sent: it arrives once, as it was last.
import { simpleParser } from 'mailparser'
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Composer, sendsBy } from '../app/writing.ts'
import { startSmtp } from '../servers/smtp.ts'

const cv = { name: 'CV Lena Hoffmann.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n'.padEnd(900_000, 'x')) }

test('written with an attachment, taken back, changed and sent, it arrives once', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot })
  await shortlist.startWith(dovecot)
  await sendsBy(shortlist, smtp)
  await shortlist.inbox.expectUpToDate()

  await page.keyboard.press('c')
  const composer = new Composer(page)
  await page.keyboard.type('Kari Nordmann <kari@nordmann.example>; henrik@nordlys.example,')
  await expect(composer.recipient('Kari Nordmann')).toBeVisible()
  await expect(composer.recipient('henrik@nordlys.example')).toBeVisible()
  await composer.subject.fill('The candidate for the control room')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Dear Kari, the CV is attached. ')
  await page.keyboard.press('Control+b')
  await page.keyboard.type('She can start in May.')
  await composer.attach(cv)
  await composer.expectSaved()

  await composer.text.press('Control+Enter')
  await expect(page.getByText('Sent', { exact: true }).last()).toBeVisible()
  await expect(composer.box).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect(composer.text).toBeFocused()
  await expect(composer.text).toContainText('She can start in May.')
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' Or in June.')
  await page.keyboard.press('Control+Enter')
  await expect(composer.box).toBeHidden()
  expect(smtp.received).toHaveLength(0)

  await expect.poll(() => smtp.received.length, { timeout: 30_000 }).toBe(1)
  const [arrived] = smtp.received
  expect([...(arrived?.recipients ?? [])].sort()).toEqual(['henrik@nordlys.example', 'kari@nordmann.example'])
  const read = await simpleParser(arrived?.raw ?? '')
  expect(read.subject).toBe('The candidate for the control room')
  expect(read.text).toContain('She can start in May. Or in June.')
  expect(read.html).toContain('<strong>She can start in May.')
  expect(read.attachments.map(({ filename }) => filename)).toEqual([cv.name])
  expect(read.attachments[0]?.content.equals(cv.buffer)).toBe(true)

  const other = await dovecot.session(anna.user)
  await expect
    .poll(async () => {
      await other.do('SELECT Sent')
      return (await other.search('SUBJECT "The candidate for the control room"')).length
    }, { timeout: 30_000 })
    .toBe(1)
  await other.close()
  expect(smtp.received).toHaveLength(1)
})

test('what is typed while a composer opens is in the mail, on a slow computer too', async ({ shortlist, dovecot, page }) => {
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Archived by a letter of a name?', text: 'I hope not.' }))
  await shortlist.startWith(dovecot)
  await shortlist.inbox.open('Archived by a letter of a name?')
  const browser = await page.context().newCDPSession(page)
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 12 })
  await page.keyboard.press('c')
  await page.keyboard.type('Kari Nordmann <kari@nordmann.example>; Henrije')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('k <henrik@nordlys.example>,')
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  const composer = new Composer(page)
  await expect(composer.recipient('Kari Nordmann')).toBeVisible({ timeout: 30_000 })
  await expect(composer.recipient('Henrik <henrik@nordlys.example>')).toBeVisible()
  await expect(page.getByRole('region', { name: /^Write: / })).toHaveCount(1)
  await expect(shortlist.inbox.row('Archived by a letter of a name?')).toBeVisible()
})

test('a reply quotes what it answers, and goes to who asked for it', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot })
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'When can she start?', text: 'Is the ninth of May possible?', messageId: 'question@nordmann.example' }))
  await shortlist.startWith(dovecot)
  await sendsBy(shortlist, smtp)
  await shortlist.inbox.open('When can she start?')
  await expect(shortlist.reader.text().getByText('Is the ninth of May possible?')).toBeVisible()

  await page.keyboard.press('r')
  const composer = new Composer(page)
  await expect(composer.text).toBeFocused()
  await expect(composer.recipient('Kari Nordmann')).toBeVisible()
  await page.keyboard.type('Yes, for sure it is; over and out.')
  await expect(composer.text).toContainText('Yes, for sure it is; over and out.')
  await expect((await composer.quote()).getByText('Is the ninth of May possible?')).toBeVisible()
  await composer.text.press('Control+Enter')

  await expect.poll(() => smtp.received.length, { timeout: 30_000 }).toBe(1)
  const read = await simpleParser(smtp.received[0]?.raw ?? '')
  expect(read.subject).toBe('Re: When can she start?')
  expect(read.inReplyTo).toBe('<question@nordmann.example>')
  expect(read.text).toContain('Is the ninth of May possible?')
  expect(smtp.received[0]?.recipients).toEqual(['kari@nordmann.example'])
  // The copy in Sent joins the conversation by itself.
  await expect(page.locator('[data-conversation] iframe')).toHaveCount(2, { timeout: 30_000 })
  await expect(shortlist.reader.text().getByText('over and out')).toBeVisible()
})

test('a mailbox that cannot send leads to the settings it lacks, and the text is kept', async ({ shortlist, dovecot, page }) => {
  await shortlist.startWith(dovecot)
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await page.keyboard.type('kari@nordmann.example,')
  await composer.subject.fill('Hello')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Are you there?')
  await composer.text.press('Control+Enter')
  await page.getByRole('button', { name: 'Set up sending' }).click()
  await expect(page.getByRole('dialog', { name: 'Edit mailbox' }).getByText('Sending', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(composer.text).toContainText('Are you there?')
})
