// A mail on its way out: told plainly when it is refused, sent once however the program ends, on time whatever the clock does.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from '@playwright/test'
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'
import { Composer } from '../app/writing.ts'
import type { Dovecot } from '../servers/dovecot.ts'
import { startSmtp, type Smtp } from '../servers/smtp.ts'

async function write(page: Page, to: string, subject: string): Promise<Composer> {
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await expect(composer.field('To')).toBeFocused()
  await page.keyboard.type(`${to},`)
  await composer.subject.fill(subject)
  await page.keyboard.press('Enter')
  await page.keyboard.type('Good morning.')
  await composer.expectSaved()
  return composer
}

async function copiesInSent(dovecot: Dovecot, subject: string): Promise<number> {
  const session = await dovecot.session(anna.user)
  try {
    await session.do('SELECT Sent')
    return (await session.search(`SUBJECT "${subject}"`)).length
  } finally {
    await session.close()
  }
}

async function expectOnce(smtp: Smtp, dovecot: Dovecot, subject: string): Promise<void> {
  await expect.poll(() => copiesInSent(dovecot, subject), { timeout: 60_000 }).toBe(1)
  expect(smtp.received.filter(({ raw }) => raw.includes(`Subject: ${subject}`))).toHaveLength(1)
}

function scheduledAt(dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, 'shortlist.db'), { readOnly: true })
  try {
    return Number(db.prepare("SELECT run_at FROM outgoing WHERE state = 'scheduled'").get()?.['run_at'])
  } finally {
    db.close()
  }
}

test.beforeEach(({ page }) => {
  // Servers and programs are started and ended several times.
  test.setTimeout(180_000)
  page.setDefaultTimeout(30_000)
})

test('a refused recipient is told plainly, and nothing is lost', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot })
  smtp.refuse('nobody@nordlys.example', { code: 550, text: '5.1.1 No such user here' })
  await shortlist.start()
  await shortlist.welcome.addMailbox()
  await shortlist.add.dovecot(dovecot, anna, smtp)
  await shortlist.inbox.expectUpToDate()
  const composer = await write(page, 'nobody@nordlys.example', 'To a closed door')
  await composer.text.press('Control+Enter')
  // It leaves once the seconds for taking it back are over.
  await expect(page.getByText('“To a closed door” was not sent: 550 5.1.1 No such user here')).toBeVisible({ timeout: 30_000 })
  expect(smtp.received).toHaveLength(0)
  expect(await copiesInSent(dovecot, 'To a closed door')).toBe(0)
})

test('a server for sending that wants another password is given it from the outbox, and the mail goes', async ({ shortlist, dovecot, page }) => {
  const users: Record<string, string> = { [anna.user]: anna.password, post: 'first' }
  await using smtp = await startSmtp({ dovecot, users })
  await shortlist.start()
  await shortlist.welcome.addMailbox()
  await shortlist.add.fill(anna, { host: dovecot.host, port: dovecot.tlsPort }, smtp)
  await shortlist.add.field('Sign in to send').selectOption('own')
  await shortlist.add.field('User name for sending').fill('post')
  await shortlist.add.field('Password for sending').fill('first')
  await shortlist.add.submit()
  await shortlist.add.trust(dovecot.host)
  await shortlist.inbox.expectUpToDate()
  users['post'] = 'second'
  smtp.hangUp()

  const composer = await write(page, 'kari@nordmann.example', 'Waits for the right word')
  await composer.text.press('Control+Enter')
  await expect(page.getByText('“Waits for the right word” waits: the server that sends refused the sign-in.')).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.getByRole('article', { name: 'Waits for the right word' }).getByRole('button', { name: 'Reconnect' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/post$/).fill('guessed')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog.getByText(/Sign in to the server that sends|Server for sending/).first()).toBeVisible()
  expect(smtp.received).toHaveLength(0)
  await dialog.getByLabel(/post$/).fill('second')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog).toBeHidden()
  await expectOnce(smtp, dovecot, 'Waits for the right word')
  expect(smtp.received[0]?.user).toBe('post')
})

test('killed while sending and started again, it is delivered once and filed once', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot, savesInto: 'Sent' })
  smtp.answerAfter(20_000)
  await shortlist.start()
  await shortlist.welcome.addMailbox()
  await shortlist.add.dovecot(dovecot, anna, smtp)
  await shortlist.inbox.expectUpToDate()
  const composer = await write(page, 'kari@nordmann.example', 'Before the lights went out')
  await composer.text.press('Control+Enter')
  await expect.poll(() => smtp.received.length, { timeout: 40_000 }).toBe(1)
  await shortlist.app().kill()
  smtp.answerAfter(0)
  await shortlist.start()
  await shortlist.inbox.expectUpToDate()
  await expectOnce(smtp, dovecot, 'Before the lights went out')
})

test('ended within the seconds for taking back, the program sends it first; it is delivered once and filed once', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot })
  await shortlist.start()
  await shortlist.welcome.addMailbox()
  await shortlist.add.dovecot(dovecot, anna, smtp)
  await shortlist.inbox.expectUpToDate()
  const composer = await write(page, 'kari@nordmann.example', 'Last thing before the train')
  await composer.text.press('Control+Enter')
  await expect(composer.box).toBeHidden()
  expect(smtp.received).toHaveLength(0)
  await shortlist.app().stop()
  // By now, not at the next start. Whether this server files what it sends nobody knows yet; that may take until then.
  expect(smtp.received).toHaveLength(1)
  await shortlist.start()
  await shortlist.inbox.expectUpToDate()
  await expectOnce(smtp, dovecot, 'Last thing before the train')
})

test('scheduled for tomorrow morning it goes once, after a restart and when the clock says so', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot })
  await shortlist.start()
  await shortlist.welcome.addMailbox()
  await shortlist.add.dovecot(dovecot, anna, smtp)
  await shortlist.inbox.expectUpToDate()
  const composer = await write(page, 'kari@nordmann.example', 'Read this with your coffee')
  await composer.box.getByRole('button', { name: 'Send later' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send later' })
  await dialog.getByLabel('Or type a time').fill('tomorrow 7:45')
  await dialog.getByRole('button', { name: 'Schedule' }).click()
  await expect(composer.box).toBeHidden()
  await shortlist.restart()
  await shortlist.inbox.expectUpToDate()
  expect(smtp.received).toHaveLength(0)

  const at = scheduledAt(shortlist.dataDir)
  // The browser of the stories lives in Berlin.
  expect(new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('07:45:00')
  await shortlist.restartLater(at + 60_000 - Date.now())
  await expectOnce(smtp, dovecot, 'Read this with your coffee')
  await shortlist.restart()
  await shortlist.inbox.expectUpToDate()
  await expectOnce(smtp, dovecot, 'Read this with your coffee')
})

test('mail behind a refused sign-in, and what is owed to the mailbox, wait for signing in again', async ({ shortlist, dovecot, page }) => {
  await using smtp = await startSmtp({ dovecot })
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'To be archived' }))
  await shortlist.start()
  await shortlist.welcome.addMailbox()
  await shortlist.add.dovecot(dovecot, anna, smtp)
  await shortlist.inbox.expectUpToDate()
  smtp.refuseAll('login', { code: 535, text: '5.7.8 Not with this password' })
  for (const subject of ['The first', 'The second']) {
    const composer = await write(page, 'kari@nordmann.example', subject)
    await composer.text.press('Control+Enter')
    await expect(composer.box).toBeHidden()
  }
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  for (const subject of ['The first', 'The second']) {
    await expect(page.getByRole('article', { name: subject }).getByText('It goes once you have signed in again.')).toBeVisible({ timeout: 40_000 })
  }

  await dovecot.addUser(anna.user, 'changed')
  await shortlist.restart()
  await expect(shortlist.inbox.state).toHaveAccessibleName(/Password refused/, { timeout: 30_000 })
  await shortlist.inbox.open('To be archived')
  await page.keyboard.press('e')
  await page.keyboard.press('g')
  await page.keyboard.press('q')
  await expect(page.getByRole('region', { name: 'Waiting' }).getByRole('listitem').filter({ hasText: 'To be archived' }).first()).toContainText('waits until you have signed in again')
  await page.getByRole('region', { name: 'On its way to the servers' }).getByRole('button', { name: 'Sign in again' }).click()
  await expect(page.getByRole('dialog', { name: /^Sign in to .* again$/ })).toBeVisible()
})
