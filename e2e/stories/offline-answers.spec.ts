// The line is down, five mails are answered, the line comes back: each answer arrives once.
import { simpleParser } from 'mailparser'
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Composer, sendsBy, startDoor } from '../app/writing.ts'
import { startSmtp } from '../servers/smtp.ts'

const questions = ['First question', 'Second question', 'Third question', 'Fourth question', 'Fifth question']

test('five answers written offline are delivered once when the line is back', async ({ shortlist, dovecot, page }) => {
  test.setTimeout(240_000)
  await using smtp = await startSmtp({ dovecot })
  await using door = await startDoor(smtp)
  for (const subject of questions) await dovecot.deliver(anna.user, 'INBOX', mail({ subject, text: `${subject}?` }))
  await shortlist.startWith(dovecot)
  await sendsBy(shortlist, door)
  await shortlist.inbox.expectUpToDate()

  door.shut()
  await dovecot.stop()
  for (const subject of questions) {
    await shortlist.inbox.open(subject)
    await expect(shortlist.reader.heading(subject)).toBeVisible()
    await page.keyboard.press('r')
    const composer = new Composer(page)
    await expect(composer.text).toBeFocused({ timeout: 30_000 })
    await page.keyboard.type(`Answer to the ${subject.toLowerCase()}.`)
    await page.keyboard.press('Control+Enter')
    await expect(composer.box).toBeHidden({ timeout: 30_000 })
  }
  expect(smtp.received).toHaveLength(0)

  await dovecot.start()
  door.open()
  await expect.poll(() => smtp.received.length, { timeout: 150_000 }).toBe(questions.length)
  await shortlist.inbox.expectUpToDate(60_000)
  const subjects = await Promise.all(smtp.received.map(async ({ raw }) => (await simpleParser(raw)).subject))
  expect(subjects.toSorted()).toEqual(questions.map((subject) => `Re: ${subject}`).toSorted())
  const other = await dovecot.session(anna.user)
  await expect
    .poll(async () => {
      await other.do('SELECT Sent')
      return (await other.search('SUBJECT "question"')).length
    }, { timeout: 60_000 })
    .toBe(questions.length)
  await other.close()
})
