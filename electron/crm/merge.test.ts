import { describe, expect, it } from 'vitest'
import { checkTemplate, mergeTemplate } from './merge.ts'
import type { MergeGiven } from './merge-fields.ts'

const now = Date.parse('2026-03-05T10:00:00Z')
const given = (over: Partial<MergeGiven> = {}): MergeGiven => ({
  to: { name: 'Anna Müller', address: 'anna@firma.example' },
  gender: null,
  sender: { name: 'Ingrid Solberg', address: 'ingrid@solberg.example' },
  accountName: 'Solberg Search',
  language: 'en',
  now,
  values: {},
  ...over,
})
const html = (text: string, over: Partial<MergeGiven> = {}) => mergeTemplate({ language: over.language ?? 'en', subject: '', html: text }, given(over)).html
const merged = (text: string, over: Partial<MergeGiven> = {}) => mergeTemplate({ language: 'en', subject: '', html: text }, given(over))
const subject = (text: string, over: Partial<MergeGiven> = {}) => mergeTemplate({ language: 'en', subject: text, html: '' }, given(over)).subject
const nobody = { to: null }

describe('filling in', () => {
  it('puts values where fields stand', () => {
    expect(html('<p>Hi {{ candidate.first_name }}, {{sender.first_name}} here.</p>')).toBe('<p>Hi Anna, Ingrid here.</p>')
    expect(subject('For {{ candidate.name }}')).toBe('For Anna Müller')
  })

  it('reads fields that an editor cut up with tags and entities', () => {
    expect(html('<p>Hi {{ candidate.first_name | default: &quot;there&quot; }}</p>', nobody)).toBe('<p>Hi there</p>')
    expect(html('<p>Hi {{ candidate.<strong>first</strong>_name }}!</p>')).toBe('<p>Hi Anna<strong></strong>!</p>')
    expect(html('<p>Hi <strong>{{ candi</strong>date.first_name }}!</p>')).toBe('<p>Hi <strong>Anna</strong>!</p>')
    expect(html('<p>Hi {{&nbsp;candidate.first_name&nbsp;|&nbsp;default:&nbsp;“you”&nbsp;}}</p>', nobody)).toBe('<p>Hi you</p>')
    expect(html('<p>{% if candidate.first_name &#61;= &quot;Anna&quot; and 1 &lt; 2 %}yes{% else %}no{% endif %}</p>')).toBe('<p>yes</p>')
  })

  it('keeps markup around and inside a field in order', () => {
    expect(html('<p><em>{{ candidate.first_name }}</em> and <a href="https://x.example/?a=1&amp;b=2">more</a></p>')).toBe(
      '<p><em>Anna</em> and <a href="https://x.example/?a=1&amp;b=2">more</a></p>',
    )
    expect(html('<p>a &lt; b &amp; c</p>')).toBe('<p>a &lt; b &amp; c</p>')
  })

  it('fills in addresses of links', () => {
    expect(html('<p><a href="https://x.example/{{ candidate.first_name }}?a=1&amp;q={{ custom.q | default: &quot;z&quot; }}">x</a></p>')).toBe(
      '<p><a href="https://x.example/Anna?a=1&amp;q=z">x</a></p>',
    )
  })

  it('leaves what has no value and no default as it was written, and names it', () => {
    const result = merged('<p>{{ position.title }} at {{ position.company | default: "us" }} in {{ position.location | upcase }}</p>')
    expect(result.html).toBe('<p>{{ position.title }} at us in {{ position.location | upcase }}</p>')
    expect(result.unresolved).toEqual(['position.title', 'position.location'])
  })

  it('takes a value given by hand before what is known', () => {
    expect(html('<p>{{ candidate.first_name }}, {{ greeting }}, {{ position.title }}</p>', { values: { 'candidate.first_name': 'Anni', 'position.title': 'CFO' } })).toBe('<p>Anni, Dear Anni Müller, CFO</p>')
  })

  it('asks for a field in a condition only where it is shown', () => {
    const text = '<p>Hello{% if position.title %} about {{ position.title }}{% endif %}</p>'
    expect(merged(text)).toMatchObject({ html: '<p>Hello</p>', unresolved: [] })
    expect(html(text, { values: { 'position.title': 'CFO' } })).toBe('<p>Hello about CFO</p>')
  })

  it('leaves no empty paragraphs behind conditions that stand alone', () => {
    const text = '<p>One</p><p>{% if candidate.gender == "female" %}</p><p>Two</p><p>{% endif %}</p><p>Three</p>'
    expect(html(text)).toBe('<p>One</p><p>Three</p>')
    expect(html(text, { gender: 'female' })).toBe('<p>One</p><p>Two</p><p>Three</p>')
    expect(html('<p>One</p><p></p><p>Two</p>')).toBe('<p>One</p><p></p><p>Two</p>')
  })

  it('knows the day in the language of the mail', () => {
    expect(html('<p>{{ weekday }}, {{ today }}, {{ today | in_days: 3, "full" }}</p>', { language: 'de' })).toBe('<p>Donnerstag, 5. März 2026, Sonntag, 8. März 2026</p>')
    expect(html('<p>{{ today }}</p>', { language: 'nb' })).toBe('<p>5. mars 2026</p>')
  })

  it('greets as a filter too', () => {
    expect(html('<p>{{ client.contact | greeting: "formal", "female" }},</p>', { language: 'de', values: { 'client.contact': 'Dr. Eva Brandt' } })).toBe('<p>Sehr geehrte Frau Dr. Brandt,</p>')
  })
})

describe('hostile values', () => {
  const hostile = '<script>alert(1)</script>{{ sender.email }}{% assign x = 1 %}<img src=x onerror=alert(1)>"\'&'
  it('stay text', () => {
    const result = html('<p>{{ candidate.name }}</p>', { values: { 'candidate.name': hostile } })
    expect(result).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;{{ sender.email }}{% assign x = 1 %}&lt;img src=x onerror=alert(1)&gt;"\'&amp;</p>')
    expect(subject('{{ candidate.name }}', { values: { 'candidate.name': hostile } })).toBe(hostile)
  })

  it('cannot break out of an attribute or make it run', () => {
    expect(html('<p><a href="{{ custom.link }}">x</a></p>', { values: { 'custom.link': 'javascript:alert(1)' } })).toBe('<p><a>x</a></p>')
    expect(html('<p><a href="https://x.example/{{ custom.link }}">x</a></p>', { values: { 'custom.link': '"><script>1</script>' } })).not.toContain('<script')
  })

  it('cannot come in as a name of a field', () => {
    for (const name of ['__proto__.polluted', 'constructor.prototype.polluted', 'candidate.__proto__.polluted']) merged('<p>x</p>', { values: { [name]: 'yes' } })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(html('<p>{{ candidate.constructor | default: "none" }}</p>')).toBe('<p>none</p>')
  })

  it('put no second line into a subject', () => {
    expect(subject('Re {{ position.title }}', { values: { 'position.title': 'A\r\nBcc: all@x.example' } })).toBe('Re A Bcc: all@x.example')
  })

  it('keep line breaks in the text', () => {
    expect(html('<p>{{ custom.notes }}</p>', { values: { 'custom.notes': 'a\nb' } })).toBe('<p>a<br />b</p>')
  })
})

describe('what a template cannot do', () => {
  it('reach files, other templates, or raw output', () => {
    for (const text of ['{% include "/etc/passwd" %}', '{% render "x" %}', '{% layout "x" %}', '{% raw %}a{% endraw %}', '{% capture x %}a{% endcapture %}']) {
      expect(checkTemplate('', `<p>${text}</p>`).map((problem) => problem.code), text).toContain('unknown-tag')
      expect(html(`<p>${text}</p>`)).not.toContain('root:')
    }
    expect(checkTemplate('', '<p>{{ candidate.name | raw }}</p>')[0]?.code).toMatch(/^unknown-filter/)
    expect(html('<p>{{ candidate.name | raw }}</p>', { values: { 'candidate.name': '<b>x</b>' } })).toBe('<p>&lt;b&gt;x&lt;/b&gt;</p>')
  })

  it('run without end', () => {
    const result = merged('<p>{% for a in (1..100000000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}</p>')
    expect(result.problems.map((problem) => problem.code)).toContain('too-much')
    expect(result.html).toContain('{% for a in (1..100000000) %}')
  })

  it('hold markup that acts', () => {
    expect(html('<p onclick="x()">a<script>b</script></p><iframe src="https://x.example"></iframe>')).toBe('<p>a</p>')
  })
})

describe('mistakes', () => {
  const found = (text: string, subjectText = '') => checkTemplate(subjectText, text).map(({ where, line, column, code, values }) => ({ at: `${where} ${String(line)}:${String(column)}`, code, values }))

  it('are none in a good template', () => {
    expect(found('<p>{{ greeting }},</p><p>{% if position.title %}{{ position.title | upcase | default: "x, y" }}{% elsif client.name %}a{% else %}b{% endif %}{{ custom.visa }}</p>', '{{ today | in_days: 2, "short" }}')).toEqual([])
    expect(found('<p>{% assign who = candidate.name %}{{ who }}{% for n in (1..3) %}{{ n }}{% endfor %}{% comment %}{{ nonsense }} {% endcomment %}</p>')).toEqual([])
  })

  it('say the line and the column the person sees', () => {
    expect(found('<p>Hello</p><ul><li><p>one</p></li><li><p>&amp; two {{ candidate.frist_name }}</p></li></ul>')).toEqual([
      { at: 'text 3:10', code: 'unknown-field-near', values: { name: 'candidate.frist_name', near: 'candidate.first_name' } },
    ])
    expect(found('<p>a<br>b</p><p></p><p><b>😀x</b> {{ zzzzzzzzzz }}</p>')).toEqual([{ at: 'text 4:7', code: 'unknown-field', values: { name: 'zzzzzzzzzz' } }])
    expect(found('', 'To {{ first_name }}')).toEqual([{ at: 'subject 1:7', code: 'unknown-field-near', values: { name: 'first_name', near: 'candidate.first_name' } }])
  })

  it('find expressions that are not closed or not opened', () => {
    expect(found('<p>Hi {{ candidate.name }</p><p>x }} y</p>')).toEqual([
      { at: 'text 1:4', code: 'unclosed', values: { written: '{{ candidate.name }' } },
      { at: 'text 2:3', code: 'unopened', values: { written: '}}' } },
    ])
    expect(found('<p>Hi {{ candidate.name | default: "x }}, {{ sender.name }}</p>')[0]).toMatchObject({ at: 'text 1:33', code: 'unclosed-quote' })
    expect(found('<p>Hi {{ candidate.name, {{ sender.name }}</p>')).toEqual([{ at: 'text 1:4', code: 'unclosed', values: { written: '{{ candidate.name, {{ sender.name }}' } }])
  })

  it('find conditions that do not end or never began', () => {
    expect(found('<p>a {% if candidate.name %}b</p>')).toEqual([{ at: 'text 1:6', code: 'not-ended', values: { name: 'if', end: 'endif' } }])
    expect(found('<p>a {% endif %}</p>')).toMatchObject([{ at: 'text 1:6', code: 'unexpected-tag', values: { name: 'endif', opener: 'if' } }])
    expect(found('<p>{% if candidate.name %}{% unless candidate.title %}{% endif %}</p>')).toMatchObject([{ code: 'not-ended', values: { name: 'unless' } }])
    expect(found('<p>{% fi candidate.name %}a{% endif %}</p>').map((one) => one.code)).toEqual(['unknown-tag-near', 'unexpected-tag'])
  })

  it('find unknown filters, wrong syntax and emptiness', () => {
    expect(found('<p>{{ candidate.name | upcasee }}</p>')).toEqual([{ at: 'text 1:21', code: 'unknown-filter-near', values: { name: 'upcasee', near: 'upcase' } }])
    expect(found('<p>{{ candidate first_name }}</p>')).toMatchObject([{ code: 'syntax' }])
    expect(found('<p>{{ }}</p>')).toMatchObject([{ at: 'text 1:3', code: 'empty' }])
    expect(found('<p>x {% if %}a{% endif %}</p>').length).toBe(1)
  })

  it('leave the rest of the template working', () => {
    const result = merged('<p>{{ candidate.first_name }} {% if x %} {{ sender.first_name }} {{ oops</p>')
    expect(result.html).toBe('<p>Anna {% if x %} Ingrid {{ oops</p>')
    expect(result.problems.map((problem) => problem.code)).toEqual(['not-ended', 'unclosed'])
  })
})

describe('a text made to keep the program busy', () => {
  it.each([
    ['expressions without end', '{{ candidate.name }}'.repeat(20_000)],
    ['closers without end', '}}'.repeat(100_000)],
    ['openers without end', '{{'.repeat(100_000)],
    ['paragraphs without end', '<p>x</p>'.repeat(40_000)],
    ['tags without end', '<b>x</b>'.repeat(40_000)],
    ['a name without end', `{{ ${'a'.repeat(100_000)} }}`],
    ['loops in loops', '{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}x{% endfor %}{% endfor %}{% endfor %}'],
  ])('is left as it is, and said to be: %s', (_what, text) => {
    const result = merged(text)
    expect(result.problems.length).toBeGreaterThan(0)
    expect(result.problems.length).toBeLessThan(500)
    expect(result.html).not.toContain('Anna')
    expect(checkTemplate('', text).length).toBeLessThan(500)
  }, 15_000)
})
