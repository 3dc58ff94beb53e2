// What is pasted into a mail may come from anywhere: nothing in it runs, nothing is fetched, and it looks as it should.
import { expect, test } from '../app/app.ts'
import { Composer } from '../app/writing.ts'

const hostile = [
  '<html><head><style>p { background: url(https://spy.example/style.gif) }</style><script>window.pwned = 1</script></head><body>',
  '<p onclick="window.pwned = 2" style="background:url(https://spy.example/inline.gif)">Kept <b>words</b>',
  '<img src="https://spy.example/pixel.gif" width="1" height="1"><img src="https://spy.example/photo.jpg" width="300" alt="A photo"></p>',
  '<p><a href="javascript:window.pwned=3">bad</a> <a href="https://ok.example/page">good</a></p>',
  '<iframe src="https://spy.example/frame"></iframe><form action="https://spy.example"><input name="q"></form>',
  '<table><tr><td>Name</td><td>Start</td></tr><tr><td>Lena</td><td>May</td></tr></table></body></html>',
].join('')

test('hostile HTML pasted into a mail neither runs nor fetches anything', async ({ shortlist, page }) => {
  const fetched: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('spy.example')) fetched.push(request.url())
  })
  await shortlist.startWith('sample')
  await page.keyboard.press('c')
  const composer = new Composer(page)
  await composer.text.click()
  // As another program puts it on the clipboard: the browser's own clipboard calls would clean it first.
  await composer.text.evaluate((element, html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'plain')
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, hostile)

  await expect(composer.text).toContainText('Kept words')
  await expect(composer.text).toContainText('Lena – May')
  await expect(composer.text.getByRole('link', { name: 'good' })).toHaveAttribute('href', 'https://ok.example/page')
  await expect(composer.text.getByRole('link', { name: 'bad' })).toHaveCount(0)
  await expect(composer.text.getByRole('img', { name: 'A photo. Picture on spy.example' })).toHaveCount(1)
  await composer.expectSaved()
  expect(await composer.text.evaluate((element) => element.querySelectorAll('script, iframe, form, [onclick], [style*="spy"]').length)).toBe(0)
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false)

  await page.keyboard.press('Escape')
  await page.reload()
  await page.getByRole('group', { name: 'Minimised message' }).getByRole('button').first().click()
  await expect(composer.text).toContainText('Kept words')
  expect(fetched).toEqual([])
})
