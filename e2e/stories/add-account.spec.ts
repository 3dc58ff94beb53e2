// Adding a mailbox on a server whose certificate nobody vouches for: first with a wrong password, then the right one.
import { anna, expect, test } from '../app/app.ts'
import { mail } from '../app/mail.ts'

const wrong = 'not-the-password-91'

test('a refused password is named and reported without it, and the right one fills the inbox', async ({ shortlist, dovecot, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Head of Operations, first talk' }))
  const { welcome, add, inbox } = shortlist
  await shortlist.start()
  await welcome.addMailbox()
  await add.fill({ ...anna, password: wrong }, { host: dovecot.host, port: dovecot.tlsPort })
  await add.submit()

  await expect(add.step('Secure the connection')).toContainText('failed')
  const certificate = await add.check.getByRole('alert').innerText()
  expect(certificate.replaceAll(/\s/gu, '')).toContain(dovecot.certificate.fingerprint256.replaceAll(':', ''))
  await expect(add.step('Sign in')).toBeHidden()
  await add.trust(dovecot.host)

  await expect(add.step('Sign in')).toContainText('failed')
  await expect(add.check.getByRole('alert')).toContainText('Step 4 of 6 failed: Sign in')
  await expect(add.check.getByRole('alert')).toContainText('The server does not accept this user name and password')
  await expect(add.field('E-mail address')).toHaveValue(anna.address)
  await expect(add.field('Password')).toHaveValue(wrong)
  await expect(add.field('IMAP server')).toHaveValue(dovecot.host)
  await expect(add.field('Port')).toHaveValue(String(dovecot.tlsPort))
  await expect(add.field('User name')).toHaveValue(anna.user)

  await add.check.getByRole('button', { name: 'Copy report for IT' }).click()
  await expect(add.check.getByRole('button', { name: 'Report copied' })).toBeVisible()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toContain(dovecot.host)
  expect(report).toContain(String(dovecot.tlsPort))
  expect(report).not.toContain(wrong)
  expect(report).not.toContain(Buffer.from(wrong).toString('base64'))

  await add.field('Password').fill(anna.password)
  await add.submit()
  await expect(inbox.row('Head of Operations, first talk')).toBeVisible()
  await inbox.expectUpToDate()
})

test('without trust in the certificate nothing is stored and the password is not sent', async ({ shortlist, dovecot, page }) => {
  const { welcome, add } = shortlist
  await shortlist.start()
  await welcome.addMailbox()
  await add.fill(anna, { host: dovecot.host, port: dovecot.tlsPort })
  await add.submit()
  await expect(add.step('Secure the connection')).toContainText('failed')
  await page.getByRole('button', { name: 'Back' }).last().click()
  await expect(page.getByRole('button', { name: 'Add your mailbox' })).toBeVisible()
  expect(await dovecot.log()).not.toContain('Login')
  await shortlist.restart()
  await expect(page.getByRole('button', { name: 'Add your mailbox' })).toBeVisible()
})

test('a server without encryption is used only after saying yes to that', async ({ shortlist, dovecot, page }) => {
  const { welcome, add, inbox } = shortlist
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Read over an open line' }))
  await shortlist.start()
  await welcome.addMailbox()
  await add.fill(anna, { host: dovecot.host, port: dovecot.port })
  await page.getByRole('radiogroup', { name: 'Protection' }).getByRole('radio', { name: 'None' }).click()
  await add.submit()
  await expect(page.getByText('Agree, or choose TLS or STARTTLS.')).toBeVisible()
  await page.getByRole('checkbox', { name: /connect to this server without encryption/ }).check()
  await add.submit()
  await expect(inbox.row('Read over an open line')).toBeVisible()
})
