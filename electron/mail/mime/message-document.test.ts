import { describe, expect, it } from 'vitest'
import { messageCsp, messageDocument, type DocumentInput } from './message-document.ts'
import { safeDeclarations, safeSheet, type StyleContext } from './safe-css.ts'
import { safeHtml, type SafeHtmlOptions } from './safe-html.ts'

const safe = (html: string, options: Partial<SafeHtmlOptions> = {}) => safeHtml(html, { cidUrl: () => null, images: 'blocked', ...options })
const draw = (input: Partial<DocumentInput>) => messageDocument({ html: null, text: null, cids: {}, images: 'blocked', theme: 'light', ...input })
const bodyOf = (page: string): string => /<body[^>]*>([\s\S]*)<\/body>/.exec(page)?.[1] ?? ''
const styles: StyleContext = { mapUrl: () => null, onColour: () => undefined }

describe('safeHtml', () => {
  it('keeps what makes a mail look as it was meant', () => {
    const html = '<table width="600" cellpadding="0" bgcolor="#f0f0f0" style="border-collapse:collapse"><tr><td align="center" style="padding:4px 8px;color:#1F497D"><font face="Arial" size="2">Hi</font></td></tr></table>'
    expect(safe(html).html).toBe('<table width="600" cellpadding="0" bgcolor="#f0f0f0" style="border-collapse:collapse"><tr><td align="center" style="padding:4px 8px;color:#1F497D"><font face="Arial" size="2">Hi</font></td></tr></table>')
  })

  it('keeps the look of the body on an element inside', () => {
    expect(safe('<html><body bgcolor="#eee" style="margin:0"><p>x</p></body></html>').html).toBe('<div bgcolor="#eee" style="margin:0" class="sl-mail-body"><p>x</p></div>')
  })

  it('leaves remote images out, counts them, and keeps their place', () => {
    const blocked = safe('<img src="https://x.test/a.png" width="300" height="80" alt="Offer"><td background="http://x.test/b.png"></td><p style="background:#fff url(//x.test/c.png) no-repeat">x</p>')
    expect(blocked.blockedRemote).toBe(3)
    expect(blocked.html).toContain('width="300" height="80" alt="Offer"')
    expect(blocked.html).toContain('data-blocked="https://x.test/a.png" class="sl-blocked"')
    expect(blocked.html).toContain('background:#fff none no-repeat')
    expect(blocked.html.replace(/data-blocked="[^"]*"/, '')).not.toContain('x.test')
  })

  it('shows them when they are allowed, without a referrer, but never the ones that only spy', () => {
    const shown = safe('<img src="//x.test/a.png"><img src="https://x.test/open?id=1" width="1" height="1"><img src="https://x.test/o" style="display:none">', { images: 'allowed' })
    expect(shown).toMatchObject({ blockedRemote: 0, trackers: 2 })
    expect(shown.html).toBe('<img alt="" decoding="async" referrerpolicy="no-referrer" src="https://x.test/a.png" />')
  })

  it('maps pictures that came with the message', () => {
    const shown = safe('<img src="cid:Photo%40x"><p style="background-image:url(cid:bg)">x</p><img src="cid:gone" alt="lost">', { cidUrl: (id) => (id === 'gone' ? null : `app://own/${id}`) })
    expect(shown.html).toContain('src="app://own/Photo@x"')
    expect(shown.html).toContain('background-image:url(&quot;app://own/bg&quot;)')
    expect(shown.html).toContain('<span class="sl-alt" title="lost" aria-label="lost">')
    expect(shown.blockedRemote).toBe(0)
  })

  it('shows raster data images and no others', () => {
    expect(safe('<img src="data:image/png;base64,AAAA">').html).toContain('src="data:image/png;base64,AAAA"')
    expect(safe('<img src="data:image/svg+xml;base64,AAAA">').html).toBe('')
    expect(safe('<img src="data:text/html,x">').html).toBe('')
  })

  it('says where links lead and refuses what is no address of the web, mail or telephone', () => {
    const linked = safe('<a href=" HTTPS://Example.org/a b ">one</a><a href="mailto:jane@x.no?subject=Hi">two</a><a href="tel:+47123">three</a><a href="javascript:x">four</a><a href="file:///etc/passwd">five</a><a href="/relative">six</a><a href="#top">seven</a>')
    expect(linked.links).toBe(3)
    expect(linked.html).toContain('<a href="https://example.org/a%20b" data-href="https://example.org/a%20b" rel="noopener noreferrer nofollow" target="_blank"')
    expect(linked.html).toContain('<a>four</a><a>five</a><a>six</a><a href="#m-top">seven</a>')
  })

  it('keeps ids and classes of the mail apart from the page', () => {
    expect(safe('<p id="body" class="sl-quoted big" name="x">x</p>').html).toBe('<p id="m-body" class="big" name="m-x">x</p>')
  })

  it('tells a plain mail from one with looks of its own', () => {
    expect(safe('<body style="color:#000;background:#ffffff"><p style="color:windowtext;background:white none">x</p><font color="#222222">y</font></body>').styled).toBe(false)
    expect(safe('<p style="color:#1F497D">x</p>').styled).toBe(true)
    expect(safe('<table bgcolor="#eeeeee"><tr><td>x</td></tr></table>').styled).toBe(true)
    expect(safe('<style>p{background:linear-gradient(red,blue)}</style><p>x</p>').styled).toBe(true)
  })
})

describe('style sheets', () => {
  it.each([
    ['color:red;position:fixed;top:0', 'color:red'],
    ['position:relative', 'position:relative'],
    ['background:url(x)', 'background:none'],
    ['width:expression(alert(1))', ''],
    ['behavior:url(x);-moz-binding:url(x)', ''],
    ['color:r\\65 d', ''],
    ['/* x */color/**/:/**/red', 'color:red'],
    ['font-family:"A;B",serif;color:red', 'font-family:"A;B",serif;color:red'],
    ['font-family:"open;color:red', ''],
    ['height:100vh;min-height:50px', 'min-height:50px'],
    ['text-indent:-9999px', ''],
    ['--x:url(y);color:blue', 'color:blue'],
    ['color:red}body{color:blue', ''],
  ])('reduces the declarations %s', (css, expected) => {
    expect(safeDeclarations(css, styles)).toBe(expected)
  })

  it.each([
    ['p{color:red}', '.sl-mail p{color:red}'],
    ['body,html{margin:0}', '.sl-mail,.sl-mail{margin:0}'],
    ['html > body p{margin:0}', '.sl-mail p{margin:0}'],
    ['#main .x{margin:0}', '.sl-mail #m-main .x{margin:0}'],
    ['@import url(x);p{margin:0}', '.sl-mail p{margin:0}'],
    ['@media (max-width:600px){p{margin:0}}', '@media (max-width:600px){.sl-mail p{margin:0}}'],
    ['@media (prefers-color-scheme:dark){p{color:#fff}}', ''],
    ['@font-face{font-family:x;src:url(y)}p{margin:0}', '.sl-mail p{margin:0}'],
    ['<!-- p{margin:0} -->', '.sl-mail p{margin:0}'],
    ['.sl-fold{display:none}', ''],
    ['p{margin:0', '.sl-mail p{margin:0}'],
    ['}}}p{margin:0}', ''],
    ['p{margin:0}</style><script>', '.sl-mail p{margin:0}'],
  ])('confines the sheet %s', (css, expected) => {
    expect(safeSheet(css, styles)).toBe(expected)
  })
})

describe('folding history', () => {
  const folds = (html: string, subject = 'Re: Interview'): string => bodyOf(draw({ html, subject }).html)

  it.each([
    ['Gmail', '<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue Jane wrote:</div><blockquote class="gmail_quote">Old</blockquote></div>'],
    ['Apple Mail', '<div>Yes.</div><blockquote type="cite"><div>On Tue Jane wrote:</div>Old</blockquote>'],
    ['Thunderbird', '<p>Yes.</p><div class="moz-cite-prefix">On Tue Jane wrote:</div><blockquote type="cite">Old</blockquote>'],
    ['Outlook on the web', '<div>Yes.</div><hr><div id="divRplyFwdMsg"><b>From:</b> Jane<br><b>Sent:</b> Tue</div><div>Old</div>'],
    ['Outlook', '<div class="WordSection1"><p>Yes.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p><b>Von:</b> Jane<br><b>Gesendet:</b> Di</p></div></div><p>Old</p></div>'],
    ['GMX', '<div>Yes.</div><div name="quote"><div>Gesendet: Di</div>Old</div>'],
    ['Proton', '<div>Yes.</div><div class="protonmail_quote">On Tue<blockquote class="protonmail_quote" type="cite">Old</blockquote></div>'],
  ])('folds the history of %s and nothing else', (_, html) => {
    const body = folds(html)
    const fold = /<details class="sl-quoted" data-quoted>[\s\S]*<\/details>/.exec(body)?.[0] ?? ''
    expect(fold).toContain('Old')
    expect(fold).not.toContain('Yes.')
    expect(body.replace(fold, '')).not.toContain('Old')
  })

  it('folds nothing when answers stand between the quotes, when nothing was said, or when it is forwarded', () => {
    expect(folds('<blockquote type="cite">Can you?</blockquote><p>Yes.</p>')).not.toContain('<details')
    expect(folds('<blockquote type="cite">Old</blockquote>')).not.toContain('<details')
    const quote = '<p>FYI</p><div class="gmail_quote">---------- Forwarded message ---------<br>Old</div>'
    expect(folds(quote)).not.toContain('<details')
    expect(folds('<p>FYI</p><blockquote type="cite">Old</blockquote>', 'WG: Lebenslauf')).not.toContain('<details')
  })

  it('does not let a mail bring a fold of its own that looks like ours', () => {
    expect(folds('<details class="sl-quoted"><summary class="sl-fold">x</summary>y</details>')).toContain('<details><summary>x</summary>y</details>')
  })
})

describe('links that claim another host', () => {
  const marked = (html: string): string | null => /data-mismatch="([^"]*)"/.exec(draw({ html }).html)?.[1] ?? null
  it.each([
    ['<a href="https://evil.example/">https://bank.com/login</a>', 'bank.com'],
    ['<a href="https://bank.com.evil.example/">www.bank.com</a>', 'www.bank.com'.replace('www.', '')],
    ['<a href="https://evil.example/"><b>bank</b>.com</a>', null],
    ['<a href="https://www.bank.com/x">bank.com</a>', null],
    ['<a href="https://login.bank.com/x">bank.com</a>', null],
    ['<a href="https://evil.example/">cv.pdf</a>', null],
    ['<a href="https://evil.example/">Click here</a>', null],
  ])('judges %s', (html, shown) => {
    expect(marked(html)).toBe(shown)
  })
})

describe('plain text', () => {
  it('keeps lines, escapes markup, links addresses and folds history', () => {
    const body = bodyOf(draw({ text: 'Hi <b>you</b>, see https://x.no/a_(b)?q=1&r=2. Or jane@x.no!\n\n-- \nJane\n\nOn Tue, 3 Mar 2026, Bob <bob@x.no> wrote:\n> Old\n>> Older' }).html)
    expect(body).toContain('Hi &lt;b&gt;you&lt;/b&gt;')
    expect(body).toContain('<a href="https://x.no/a_(b)?q=1&amp;r=2" data-href="https://x.no/a_(b)?q=1&amp;r=2" rel="noopener noreferrer nofollow" target="_blank">https://x.no/a_(b)?q=1&amp;r=2</a>. Or')
    expect(body).toContain('<a href="mailto:jane@x.no"')
    expect(body).toContain('<div class="sl-signature">')
    expect(body).toMatch(/<details class="sl-quoted"[\s\S]*<blockquote class="sl-level"><div class="sl-text">Old<\/div><blockquote class="sl-level"><div class="sl-text">Older<\/div><\/blockquote><\/blockquote><\/details>/)
  })
})

describe('the page', () => {
  it('says of itself what the frame around it must know', () => {
    const document = draw({ html: '<img src="https://x.test/a.png"><p style="color:red">x</p>', theme: 'dark' })
    expect(document).toMatchObject({ blockedRemote: 1, styled: true, links: 0, truncated: false })
    expect(document.html).toContain('class="sl-dark" data-message data-blocked-images="1" data-styled="1"')
    expect(document.html.match(/<script|<link|<base|<iframe|<form/i)).toBeNull()
  })

  it('does not let style text of a mail end the style element', () => {
    expect(draw({ html: '<style>p{font-family:"</sty"}</style><style>p::before{content:"<\\/style><img src=x>"}</style>x' }).html.match(/<\/style>/g)).toHaveLength(2)
  })

  it('escapes the subject and ignores a language that is none', () => {
    const { html } = draw({ text: 'x', subject: '</title><script>x</script>', language: 'en" onload="x' })
    expect(html).not.toContain('<script>')
    expect(html).not.toContain('onload')
  })

  it('is served under a policy that a source cannot break out of', () => {
    expect(messageCsp('blocked', 'http://127.0.0.1:4000/s/attachment/')).toBe(
      "default-src 'none'; img-src data: blob: http://127.0.0.1:4000/s/attachment/; style-src 'unsafe-inline'; font-src data:; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin",
    )
    expect(messageCsp('allowed', "'self'")).toContain("img-src data: blob: 'self' http: https:;")
    expect(messageCsp('blocked', "x; script-src 'unsafe-inline'")).not.toContain('unsafe-inline\'; script')
    expect(messageCsp('blocked', "x; script-src 'unsafe-inline'")).toContain("img-src data: blob:; style-src")
  })
})
