// Mail that tries to run a script or to tell somebody that it was opened. Every vector reports to an address of its own under
// `origin`, so that a test can say which one got through: <origin>/script/<n> when code ran, <origin>/load/<n> when
// something was fetched. `fires` says whether it does so in a current Chromium when nothing protects the page: those prove
// that a test with no requests means something. The others work in other engines, in older ones, or through a parser that
// reads markup differently from a browser.
import { Buffer } from 'node:buffer'

export type HostileVector = {
  readonly id: number
  readonly name: string
  readonly kind: 'script' | 'load'
  /** A picture is meant to be drawn once images are allowed; anything else never is. */
  readonly picture: boolean
  readonly fires: boolean
  readonly html: string
}

type Maker = (address: { readonly js: string; readonly url: string; readonly script: string }) => string
type Row = readonly [name: string, make: Maker, flags?: string]

// Flags: '-' does not fire in Chromium by itself, 'p' is a picture.
const scripts: readonly Row[] = [
  ['script element', ({ js }) => `<script>${js}</script>`],
  ['script element in capitals with blanks', ({ js }) => `<SCRIPT\n >${js}</SCRIPT\t>`],
  ['script from elsewhere', ({ script }) => `<script src="${script}"></script>`],
  ['module script', ({ js }) => `<script type="module">${js}</script>`],
  ['script split by a dropped tag', ({ js }) => `<scr<script>ipt>${js}</scr</script>ipt>`, '-'],
  ['script after an unclosed tag', ({ js }) => `<p <script>${js}</script>`, '-'],
  ['script inside a table', ({ js }) => `<table><tr><script>${js}</script></tr></table>`],
  ['image error', ({ js }) => `<img src=x: onerror="${js}">`],
  ['image error without quotes or blanks', ({ js }) => `<img/src="x:"/onerror=${js}>`],
  ['image error with an encoded handler', ({ js }) => `<img src=x: onerror="${entities(js)}">`],
  ['image error in capitals', ({ js }) => `<IMG SRC=x: ONERROR="${js}">`],
  ['image error after a nul', ({ js }) => `<img src=x: \0onerror="${js}">`, '-'],
  ['image error after a form feed', ({ js }) => `<img\fsrc=x:\fonerror="${js}">`],
  ['image error in a duplicate attribute', ({ js }) => `<img src=x: title="a" onerror="${js}" onerror="1">`],
  ['image with a bad closing quote', ({ js }) => `<img """><script>${js}</script>">`],
  ['image tag spelled image', ({ js }) => `<image src=x: onerror="${js}">`],
  ['svg load', ({ js }) => `<svg onload="${js}"></svg>`],
  ['svg load with a slash', ({ js }) => `<svg/onload=${js}>`],
  ['svg script', ({ js }) => `<svg><script>${js}</script></svg>`],
  ['svg script with entities', ({ js }) => `<svg><script>${entities(js)}</script></svg>`],
  ['svg script by reference', ({ script }) => `<svg><script href="${script}"></script></svg>`],
  ['svg animate begin', ({ js }) => `<svg><animate onbegin="${js}" attributeName=x dur=1s></animate></svg>`],
  ['svg set begin', ({ js }) => `<svg><set onbegin="${js}" attributeName=x dur=1s></set></svg>`],
  ['svg foreign object', ({ js }) => `<svg><foreignObject><img src=x: onerror="${js}"></foreignObject></svg>`],
  ['svg image error', ({ js }) => `<svg><image href=x: onerror="${js}"></image></svg>`],
  ['svg use of a data document', ({ js }) => `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='x:' onerror='${js.replaceAll("'", '%27')}'/></svg>#x"></use></svg>`, '-'],
  ['svg style smuggling', ({ js }) => `<svg><style><img src=x: onerror="${js}"></style></svg>`],
  ['svg title smuggling', ({ js }) => `<svg><title><img src=x: onerror="${js}"></title></svg>`],
  ['svg link animated to a script', ({ js }) => `<svg><a><animate attributeName=href values="javascript:${js}"/><text x=20 y=20>x</text></a></svg>`, '-'],
  ['math smuggling through a style', ({ js }) => `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror=${js}&gt;"></style></table></mtext></math>`, '-'],
  ['math annotation', ({ js }) => `<math><annotation-xml encoding="text/html"><img src=x: onerror="${js}"></annotation-xml></math>`],
  ['math link', ({ js }) => `<math href="javascript:${js}">x</math>`, '-'],
  ['mutation through nested forms', ({ js }) => `<form><math><mtext></form><form><mglyph><style></math><img src onerror="${js}">`, '-'],
  ['mutation through noscript', ({ js }) => `<noscript><p title="</noscript><img src=x: onerror=${js}>">`],
  ['mutation through textarea', ({ js }) => `<textarea></textarea/><img src=x: onerror="${js}">`, '-'],
  ['mutation through title', ({ js }) => `<title><p title="</title><img src=x: onerror=${js}>">`],
  ['mutation through xmp', ({ js }) => `<xmp><p title="</xmp><img src=x: onerror=${js}>">`],
  ['mutation through iframe text', ({ js }) => `<iframe><p title="</iframe><img src=x: onerror=${js}>">`],
  ['mutation through noembed', ({ js }) => `<noembed><p title="</noembed><img src=x: onerror=${js}>">`],
  ['mutation through plaintext', ({ js }) => `<table><tr><td><img src=x: onerror="${js}"><plaintext>`],
  ['mutation through a template', ({ js }) => `<template><img src=x:></template><img src=x: onerror="${js}">`],
  ['mutation through select', ({ js }) => `<select><option><img src=x: onerror="${js}"></select>`, '-'],
  ['mutation through backticks', ({ js }) => `<img src="\`\`onerror=${js}" onerror="${js}">`, '-'],
  ['comment that closes early', ({ js }) => `<!--><img src=x: onerror="${js}">-->`],
  ['comment closed with a bang', ({ js }) => `<!-- x --!><img src=x: onerror="${js}">`],
  ['conditional comment', ({ js }) => `<!--[if gte IE 4]><script>${js}</script><![endif]-->`, '-'],
  ['downlevel revealed comment', ({ js }) => `<![if !mso]><img src=x: onerror="${js}"><![endif]>`],
  ['cdata', ({ js }) => `<![CDATA[<img src=x: onerror="${js}">]]>`, '-'],
  ['processing instruction', ({ js }) => `<?xml version="1.0"?><?x ><img src=x: onerror="${js}">?>`],
  ['end tag with attributes', ({ js }) => `</p onmouseover="x"><img src=x: onerror="${js}">`],
  ['body load', ({ js }) => `<body onload="${js}">`],
  ['body page show', ({ js }) => `<body onpageshow="${js}">`],
  ['frameset load', ({ js }) => `<frameset onload="${js}"><frame></frameset>`, '-'],
  ['iframe load', ({ js }) => `<iframe onload="${js}"></iframe>`],
  ['iframe with a javascript address', ({ js }) => `<iframe src="javascript:${js}"></iframe>`],
  ['iframe with its own document', ({ js }) => `<iframe srcdoc="&lt;script&gt;${js}&lt;/script&gt;"></iframe>`],
  ['iframe with a data document', ({ js }) => `<iframe src="data:text/html,<script>${js}</script>"></iframe>`],
  ['object with a data document', ({ js }) => `<object data="data:text/html,<script>${js}</script>"></object>`],
  ['object error', ({ js }) => `<object data="x:" onerror="${js}"></object>`, '-'],
  ['embed with a data document', ({ js }) => `<embed src="data:text/html,<script>${js}</script>">`],
  ['video error', ({ js }) => `<video src=x: onerror="${js}"></video>`],
  ['video source error', ({ js }) => `<video><source src=x: onerror="${js}"></video>`],
  ['audio error', ({ js }) => `<audio src=x: onerror="${js}"></audio>`],
  ['video load start', ({ js }) => `<video onloadstart="${js}" src="data:video/mp4,x"></video>`],
  ['input focus', ({ js }) => `<input autofocus onfocus="${js}">`],
  ['input image error', ({ js }) => `<input type=image src=x: onerror="${js}">`],
  ['details toggle', ({ js }) => `<details open ontoggle="${js}"><summary>x</summary></details>`],
  ['editable focus', ({ js }) => `<div contenteditable autofocus onfocus="${js}">x</div>`, '-'],
  ['style element load', ({ js }) => `<style onload="${js}">a{}</style>`],
  ['style element error', ({ url, js }) => `<link rel=stylesheet href="${url.replace('/load/', '/missing/')}" onerror="${js}">`],
  ['animation start', ({ js }) => `<style>@keyframes a{from{left:1px}}</style><div style="animation:a 1s" onanimationstart="${js}">x</div>`],
  ['transition run', ({ js }) => `<style>@starting-style{.tr{opacity:0}} .tr{transition:opacity 1s;opacity:1}</style><div class=tr ontransitionrun="${js}">x</div>`, '-'],
  ['content visibility', ({ js }) => `<div style="content-visibility:auto" oncontentvisibilityautostatechange="${js}">x</div>`],
  ['marquee start', ({ js }) => `<marquee onstart="${js}">x</marquee>`, '-'],
  ['meta refresh to a script', ({ js }) => `<meta http-equiv="refresh" content="0;url=javascript:${js}">`, '-'],
  ['meta refresh to a data document', ({ js }) => `<meta http-equiv="refresh" content="0;url=data:text/html,<script>${js}</script>">`, '-'],
  ['base that turns links into scripts', ({ js }) => `<base href="javascript:${js};//"><a href="x">x</a>`, '-'],
  ['link with a javascript address', ({ js }) => `<a href="javascript:${js}" id="go">x</a>`, '-'],
  ['link with an encoded javascript address', ({ js }) => `<a href="&#106;avascript&colon;${js}">x</a>`, '-'],
  ['link with blanks inside javascript', ({ js }) => `<a href="java\tscr\nipt:${js}">x</a>`, '-'],
  ['link with control characters before javascript', ({ js }) => `<a href="\u0001\u0002 javascript:${js}">x</a>`, '-'],
  ['link to vbscript', () => `<a href="vbscript:MsgBox(1)">x</a>`, '-'],
  ['link to a data document', ({ js }) => `<a href="data:text/html,<script>${js}</script>">x</a>`, '-'],
  ['link to a blob', () => `<a href="blob:http://127.0.0.1/x">x</a>`, '-'],
  ['image map to a script', ({ js }) => `<map name=m><area shape=default href="javascript:${js}"></map><img usemap=#m src=x:>`, '-'],
  ['form with a javascript action', ({ js }) => `<form action="javascript:${js}"><input type=submit id=s></form>`, '-'],
  ['button with a javascript action', ({ js }) => `<form><button formaction="javascript:${js}">x</button></form>`, '-'],
  ['style expression', ({ js }) => `<div style="width:expression(${js})">x</div>`, '-'],
  ['style behaviour', ({ url }) => `<div style="behavior:url(${url})">x</div>`, '-'],
  ['style binding', ({ url }) => `<div style="-moz-binding:url(${url}#x)">x</div>`, '-'],
  ['style with a javascript address', ({ js }) => `<div style="background:url('javascript:${js}')">x</div>`, '-'],
  ['image with a javascript address', ({ js }) => `<img src="javascript:${js}">`, '-'],
  ['image of svg data with a script', ({ js }) => `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${js.replaceAll("'", '%27')}'/>">`, '-'],
  ['xml data island', ({ js }) => `<xml id=x><a><b>&lt;script&gt;${js}&lt;/script&gt;</b></a></xml>`, '-'],
  ['html import', ({ url }) => `<link rel=import href="${url}">`, '-'],
  ['clobbering the document', ({ js }) => `<form id=body name=body><input name=attributes><input name=childNodes></form><img name=getElementById src=x: onerror="${js}">`],
  ['custom element', ({ js }) => `<x-evil is=evil onclick="${js}" autofocus tabindex=1 onfocus="${js}">x</x-evil>`],
  ['focus by anchor', ({ js }) => `<div id=target tabindex=1 autofocus onfocus="${js}">x</div>`],
  ['popover', ({ js }) => `<button popovertarget=pop autofocus onfocus="${js}">x</button><div popover id=pop onbeforetoggle="${js}">y</div>`],
  ['portal', ({ url }) => `<portal src="${url}"></portal>`, '-'],
]

const loads: readonly Row[] = [
  ['image', ({ url }) => `<img src="${url}">`, 'p'],
  ['image without quotes', ({ url }) => `<img src=${url}>`, 'p'],
  ['image with entities in the address', ({ url }) => `<img src="${entities(url)}">`, 'p'],
  ['image with line ends in the address', ({ url }) => `<img src="${url.replace('load', 'lo\n\tad')}">`, 'p'],
  ['image with blanks around the address', ({ url }) => `<img src=" \n${url} ">`, 'p'],
  ['image without a scheme', ({ url }) => `<img src="${url.replace('http:', '')}">`, ''],
  ['image with backslashes', ({ url }) => `<img src="${url.replaceAll('/', '\\')}">`, 'p'],
  ['image in capitals', ({ url }) => `<IMG SRC="${url.replace('http', 'HTTP')}">`, 'p'],
  ['tracking pixel', ({ url }) => `<img src="${url}" width="1" height="1">`],
  ['tracking pixel by style', ({ url }) => `<img src="${url}" style="width:1px;height:1px">`],
  ['hidden image', ({ url }) => `<img src="${url}" style="display:none">`],
  ['image set', ({ url }) => `<img srcset="${url} 1x">`, 'p'],
  ['image set beside a source', ({ url }) => `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" srcset="${url} 1x, ${url}2 2x">`],
  ['picture source', ({ url }) => `<picture><source srcset="${url}"><img alt=x></picture>`],
  ['lazy image', ({ url }) => `<img loading=eager src="${url}">`, 'p'],
  ['image element spelled image', ({ url }) => `<image src="${url}">`, 'p'],
  ['low resolution source', ({ url }) => `<img lowsrc="${url}" dynsrc="${url}">`, '-'],
  ['input image', ({ url }) => `<input type=image src="${url}">`],
  ['body background attribute', ({ url }) => `<body background="${url}">`, 'p'],
  ['table background attribute', ({ url }) => `<table background="${url}"><tr><td>x</td></tr></table>`, 'p'],
  ['cell background attribute', ({ url }) => `<table><tr><td background="${url}">x</td></tr></table>`, 'p'],
  ['style background', ({ url }) => `<div style="background:url(${url})">x</div>`, 'p'],
  ['style background image in quotes', ({ url }) => `<div style="background-image:url('${url}')">x</div>`, 'p'],
  ['style background with an escaped name', ({ url }) => `<div style="\\62 ackground:u\\72 l(${url})">x</div>`],
  ['style background with a comment inside', ({ url }) => `<div style="background/**/:/*x*/url(${url})">x</div>`, 'p'],
  ['style background in a second layer', ({ url }) => `<div style="background:linear-gradient(red,blue),url(${url})">x</div>`, 'p'],
  ['style image set', ({ url }) => `<div style="background-image:image-set('${url}' 1x)">x</div>`],
  ['style webkit image set', ({ url }) => `<div style="background-image:-webkit-image-set(url(${url}) 1x)">x</div>`],
  ['style cross fade', ({ url }) => `<div style="background-image:-webkit-cross-fade(url(${url}),url(${url}),50%)">x</div>`],
  ['style list image', ({ url }) => `<ul><li style="list-style-image:url(${url})">x</li></ul>`],
  ['style cursor', ({ url }) => `<div style="cursor:url(${url}),auto">x</div>`, '-'],
  ['style border image', ({ url }) => `<div style="border:10px solid;border-image:url(${url}) 30">x</div>`],
  ['style content', ({ url }) => `<div style="content:url(${url})">x</div>`],
  ['style mask', ({ url }) => `<div style="-webkit-mask-image:url(${url});width:9px;height:9px">x</div>`],
  ['style clip path', ({ url }) => `<div style="clip-path:url(${url}#x);width:9px;height:9px">x</div>`],
  ['style filter', ({ url }) => `<div style="filter:url(${url}#x)">x</div>`],
  ['style shape', ({ url }) => `<div style="float:left;width:9px;height:9px;shape-outside:url(${url})">x</div>`, '-'],
  ['style variable', ({ url }) => `<div style="--a:url(${url});background:var(--a)">x</div>`],
  ['style sheet background', ({ url }) => `<style>.v{background:url(${url})}</style><div class=v>x</div>`, 'p'],
  ['style sheet on the body', ({ url }) => `<style>body{background:url("${url}")}</style>x`, 'p'],
  ['style sheet import', ({ url }) => `<style>@import url("${url}");</style>`],
  ['style sheet import in quotes', ({ url }) => `<style>@import '${url}';</style>`],
  ['style sheet import with escapes', ({ url }) => `<style>@\\69mport url(${url});</style>`],
  ['style sheet import after a comment', ({ url }) => `<style>/* x */@import/**/"${url}"/**/;</style>`],
  ['style sheet import in an html comment', ({ url }) => `<style><!-- @import url(${url}); --></style>`, '-'],
  ['style sheet font', ({ url }) => `<style>@font-face{font-family:f;src:url(${url})}p{font-family:f}</style><p>x</p>`],
  ['style sheet before content', ({ url }) => `<style>.w::before{content:url(${url})}</style><div class=w>x</div>`],
  ['style sheet in a media query', ({ url }) => `<style>@media screen{.m{background:url(${url})}}</style><div class=m>x</div>`, 'p'],
  ['style sheet in supports', ({ url }) => `<style>@supports (display:block){.u{background:url(${url})}}</style><div class=u>x</div>`, 'p'],
  ['style sheet nested rule', ({ url }) => `<style>.n{color:red;&.n{background:url(${url})}}</style><div class=n>x</div>`],
  ['style sheet layer', ({ url }) => `<style>@layer a{.y{background:url(${url})}}</style><div class=y>x</div>`],
  ['style sheet that leaves its element', ({ url }) => `<style>a{content:"</style><img src=${url}>"}</style>`, 'p'],
  ['style sheet with a namespace', ({ url }) => `<style>@namespace url(${url});</style>`, '-'],
  ['style sheet keyframes', ({ url }) => `<style>@keyframes k{from{background:url(${url})}to{background:url(${url})}}.k{animation:k 9s}</style><div class=k>x</div>`],
  ['style sheet attribute selector', ({ url }) => `<style>div[title^=s]{background:url(${url})}</style><div title=secret>x</div>`, 'p'],
  ['style sheet link', ({ url }) => `<link rel=stylesheet href="${url}">`],
  ['style sheet link in the body of a table', ({ url }) => `<table><link rel=stylesheet href="${url}"></table>`],
  ['alternate style sheet link', ({ url }) => `<link rel="alternate stylesheet" title=x href="${url}">`],
  ['prefetch', ({ url }) => `<link rel=prefetch href="${url}">`],
  ['preload', ({ url }) => `<link rel=preload as=image href="${url}">`],
  ['module preload', ({ url }) => `<link rel=modulepreload href="${url}">`],
  ['favicon', ({ url }) => `<link rel=icon href="${url}">`, '-'],
  ['manifest', ({ url }) => `<link rel=manifest href="${url}">`, '-'],
  ['iframe', ({ url }) => `<iframe src="${url}"></iframe>`],
  ['iframe inside a document of its own', ({ url }) => `<iframe srcdoc="<img src=${url}>"></iframe>`],
  ['sandboxed iframe', ({ url }) => `<iframe sandbox src="${url}"></iframe>`],
  ['frameset', ({ url }) => `<frameset><frame src="${url}"></frameset>`, '-'],
  ['object', ({ url }) => `<object data="${url}" type="image/png"></object>`],
  ['embed', ({ url }) => `<embed src="${url}" type="image/png">`],
  ['applet', ({ url }) => `<applet code=x archive="${url}"></applet>`, '-'],
  ['video', ({ url }) => `<video src="${url}" preload=auto></video>`],
  ['video poster', ({ url }) => `<video poster="${url}"></video>`],
  ['video source', ({ url }) => `<video preload=auto><source src="${url}"></video>`],
  ['audio', ({ url }) => `<audio src="${url}" preload=auto></audio>`],
  ['track', ({ url }) => `<video src="data:video/mp4,x"><track default kind=captions src="${url}"></video>`, '-'],
  ['svg image', ({ url }) => `<svg><image href="${url}" width=9 height=9></image></svg>`],
  ['svg image by xlink', ({ url }) => `<svg><image xlink:href="${url}" width=9 height=9></image></svg>`],
  ['svg filter image', ({ url }) => `<svg width=9 height=9><filter id=f><feImage href="${url}"/></filter><rect width=9 height=9 filter="url(#f)"/></svg>`],
  ['svg style', ({ url }) => `<svg><style>@import url(${url});</style></svg>`],
  ['svg fill', ({ url }) => `<svg width=9 height=9><rect width=9 height=9 fill="url(${url}#x)"/></svg>`],
  ['svg use', ({ url }) => `<svg><use href="${url}#x"></use></svg>`, '-'],
  ['svg inside data', ({ url }) => `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='${url}'/></svg>">`, '-'],
  ['meta refresh', ({ url }) => `<meta http-equiv="refresh" content="0;url=${url}">`],
  ['meta refresh without a separator', ({ url }) => `<meta http-equiv=refresh content='0 ${url}'>`],
  ['meta policy that reports', ({ url }) => `<meta http-equiv="Content-Security-Policy" content="img-src 'none'; report-uri ${url}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, '-'],
  ['base that moves relative images', ({ url }) => `<base href="${url.replace(/\d+$/, '')}"><img src="${url.replace(/^.*\//, '')}">`],
  ['dns prefetch', ({ url }) => `<link rel=dns-prefetch href="${url}">`, '-'],
  ['preconnect', ({ url }) => `<link rel=preconnect href="${url}">`, '-'],
  ['noscript image', ({ url }) => `<noscript><img src="${url}"></noscript>`, 'p-'],
  ['template image', ({ url }) => `<template shadowrootmode=open><img src="${url}"></template>`, '-'],
  ['shadow root image', ({ url }) => `<div><template shadowrootmode=open><img src="${url}"></template></div>`],
  ['conditional comment image', ({ url }) => `<!--[if mso]><img src="${url}"><![endif]-->`, '-'],
  ['revealed comment image', ({ url }) => `<![if !mso]><img src="${url}"><![endif]>`, 'p'],
  ['vml image', ({ url }) => `<v:image xmlns:v="urn:schemas-microsoft-com:vml" src="${url}"/><v:rect><v:fill src="${url}"/></v:rect>`, '-'],
  ['attribution source', ({ url }) => `<img attributionsrc="${url}" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, '-'],
  ['link ping', ({ url }) => `<a href="#x" ping="${url}">x</a>`, '-'],
  ['html manifest', ({ url }) => `<html manifest="${url}"><body>x`, '-'],
  ['xml style sheet', ({ url }) => `<?xml-stylesheet href="${url}"?>x`, '-'],
  ['speculation rules', ({ url }) => `<script type=speculationrules>{"prefetch":[{"source":"list","urls":["${url}"]}]}</script>`, '-'],
  ['import map', ({ url }) => `<script type=importmap>{"imports":{"x":"${url}"}}</script><script type=module>import "x"</script>`],
  ['inside an unclosed attribute', ({ url }) => `<p title="x><img src='${url}'>`, '-'],
  ['inside an unclosed comment', ({ url }) => `<!-- <img src="${url}">`, '-'],
  ['after a bogus end tag', ({ url }) => `</style></title></textarea></script><img src="${url}">`, 'p'],
]

function entities(text: string): string {
  return Array.from(text, (char) => `&#${char.charCodeAt(0)};`).join('')
}

/** Every vector, reporting to `origin` (scheme, host and port, without a slash at the end). */
export function hostileVectors(origin: string): readonly HostileVector[] {
  const make = (kind: HostileVector['kind'], first: number) => ([name, maker, flags = '']: Row, i: number): HostileVector => {
    const id = first + i
    const html = maker({ js: `fetch('${origin}/script/${id}',{mode:'no-cors'})`, url: `${origin}/load/${id}`, script: `${origin}/code/${id}.js` })
    return { id, name, kind, picture: flags.includes('p'), fires: !flags.includes('-'), html }
  }
  return [...scripts.map(make('script', 1000)), ...loads.map(make('load', 2000))]
}

/** The vectors as mail: some alone, all scripts in one, all loads in one, and one that hides them in an attached style. */
export function hostileMails(origin: string): readonly { readonly name: string; readonly source: Uint8Array }[] {
  const vectors = hostileVectors(origin)
  const group = (kind: HostileVector['kind']): string => vectors.filter((one) => one.kind === kind && !/<plaintext|<!--(?!.*-->)|title="x>|<frameset|<template>|<xmp|refresh|<base/i.test(one.html)).map((one) => `<div>${one.name}</div>\n${one.html}`).join('\n')
  return [
    { name: 'All that runs', source: hostileMail('All that runs', group('script')) },
    { name: 'All that loads', source: hostileMail('All that loads', group('load')) },
    ...vectors.filter((one) => /refresh|<base|<plaintext|<frameset/i.test(one.html)).map((one) => ({ name: one.name, source: hostileMail(one.name, one.html) })),
  ]
}

function hostileMail(subject: string, html: string): Uint8Array {
  return Buffer.from(
    [
      'From: "Your bank" <security@bank.example>',
      'To: me@example.net',
      `Subject: ${subject}`,
      'Date: Tue, 3 Mar 2026 10:00:00 +0100',
      `Message-ID: <${subject.toLowerCase().replace(/\W+/g, '-')}@hostile.example>`,
      'MIME-Version: 1.0',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(`<html><body><p>Dear customer</p>\n${html}</body></html>`, 'utf8').toString('base64').replace(/(.{76})/g, '$1\r\n'),
      '',
    ].join('\r\n'),
  )
}
