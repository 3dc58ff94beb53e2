// Mail that tries to run scripts, to tell that it was opened, and to lead somewhere else than it says.
import { anna, expect, test } from '../app/app.ts'
import { openListeningPost } from '../app/listening-post.ts'
import { mail } from '../app/mail.ts'
import { hostileMails, hostileVectors } from '../corpus/hostile.ts'

test('hostile mail runs nothing and reaches nobody, and images come only when asked for', async ({ shortlist, dovecot, page, context }) => {
  test.slow()
  await using post = await openListeningPost()
  const { inbox, reader } = shortlist
  const hostile = hostileMails(post.origin)
  for (const { source } of hostile) await dovecot.deliver(anna.user, 'INBOX', Buffer.from(source))
  const windows: string[] = []
  context.on('page', (opened) => windows.push(opened.url()))
  await shortlist.startWith(dovecot)

  for (const { name } of hostile) {
    await inbox.open(name)
    await expect(reader.heading(name)).toBeVisible()
    await expect(reader.text().getByText('Dear customer')).toBeVisible()
    expect(await reader.text().locator('script, iframe, object, embed, link, meta[http-equiv=refresh], base, form').count(), name).toBe(0)
  }
  // The listening post does hear: the same request made by hand arrives, and it is the first.
  await page.context().request.get(`${post.origin}/by-hand`)
  expect(post.heard).toEqual(['/by-hand'])

  await inbox.open('All that loads')
  await expect(reader.heading('All that loads')).toBeVisible()
  await page.getByRole('button', { name: 'Show once' }).click()
  await expect(page.getByRole('button', { name: 'Show once' })).toBeHidden()
  await expect.poll(() => post.heard.length).toBeGreaterThan(5)
  await inbox.open('All that runs')
  await expect(reader.heading('All that runs')).toBeVisible()

  const pictures = new Set(hostileVectors(post.origin).flatMap((vector) => (vector.picture ? [`/load/${String(vector.id)}`] : [])))
  const beyondPictures = post.heard.slice(1).filter((path) => !pictures.has(path))
  expect(beyondPictures).toEqual([])
  expect(windows).toEqual([])
  expect(await shortlist.openedOutside()).toEqual([])
  expect(page.url()).toContain('127.0.0.1')
})

test('links say where they lead, ask where they lie, and open outside only when clicked', async ({ shortlist, dovecot, page }) => {
  await using post = await openListeningPost()
  const { inbox, reader } = shortlist
  const html = [
    '<p>Please confirm your data:</p>',
    `<p><a href="${post.origin}/login">https://www.nav.no/konto</a></p>`,
    '<p><a href="https://www.example.com/jobs">our jobs</a></p>',
    '<p><a href="javascript:fetch(1)">press here</a></p>',
    '<p><a href="file:///etc/passwd">your contract</a></p>',
  ].join('\n')
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Confirm your data', html }))
  await shortlist.startWith(dovecot)
  await inbox.open('Confirm your data')
  const text = reader.text()
  await expect(text.getByText('Please confirm your data:')).toBeVisible()
  expect(await shortlist.openedOutside()).toEqual([])

  await text.getByText('https://www.nav.no/konto').click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('The text of this link names another address than the one it leads to.')
  await expect(question).toContainText('www.nav.no')
  await expect(question).toContainText(`${post.origin}/login`)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  expect(await shortlist.openedOutside()).toEqual([])

  await text.getByText('press here').click()
  await text.getByText('your contract').click()
  await expect(question).toBeHidden()
  expect(await shortlist.openedOutside()).toEqual([])

  await text.getByText('our jobs').hover()
  await expect(page.getByText('https://www.example.com/jobs')).toBeVisible()
  await text.getByText('our jobs').click()
  await expect.poll(() => shortlist.openedOutside()).toEqual(['https://www.example.com/jobs'])
  expect(post.heard).toEqual([])
  await expect(reader.heading('Confirm your data')).toBeVisible()
})

test('a sender whose images are always shown is remembered, others are not', async ({ shortlist, dovecot, page }) => {
  await using post = await openListeningPost()
  const { inbox, reader } = shortlist
  const newsletter = (name: string): string => `<p>${name}</p><img src="${post.origin}/${name}.png" width="200" height="80" alt="">`
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Spring', html: newsletter('spring'), from: 'News <news@trusted.example>' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Summer', html: newsletter('summer'), from: 'News <news@trusted.example>' }))
  await dovecot.deliver(anna.user, 'INBOX', mail({ subject: 'Somebody else', html: newsletter('else'), from: 'News <news@other.example>' }))
  await shortlist.startWith(dovecot)
  await inbox.open('Spring')
  await page.getByRole('button', { name: 'Always from news@trusted.example' }).click()
  await expect.poll(() => post.heard).toEqual(['/spring.png'])
  await inbox.open('Summer')
  await expect.poll(() => post.heard).toEqual(['/spring.png', '/summer.png'])
  await inbox.open('Somebody else')
  await expect(page.getByText('1 remote image not loaded')).toBeVisible()
  await expect(reader.text().getByText('else')).toBeVisible()
  expect(post.heard).toHaveLength(2)
})
