// Fills templates in, and says what is wrong with one and where. The only user of the template engine.
// Values are data: they are escaped in the text, never parsed as Liquid, and what comes out is sanitised again. The engine
// sees no markup (it stands in by number), no file system and no other template, and works under limits of size and time.
// Filling in never fails: what has no value stays as it was written and is named, what is mistaken stays and is told.
import { Context, Drop, Liquid, LiquidError, Tag, Value, type Emitter, type TagToken, type Template as Node, type TopLevelToken } from 'liquidjs'
import type { Gender, RenderedTemplate, TemplateProblem, TemplateVariant } from '../../shared/model/template.ts'
import { greetingFor } from './greeting.ts'
import { dayStyles, dayText, fieldValues, isField, nearest, nearestField, type MergeGiven } from './merge-fields.ts'
import { nameOf } from './person-name.ts'
import { safeTemplateHtml } from './template-html.ts'
import { escapeHtml, piecesOfHtml, piecesOfText, type Liquid as LiquidPiece, type Piece, type PieceProblem, type Pieces } from './template-pieces.ts'

/** Delimiters no text can hold: `template-pieces` takes these characters out. */
const [tagLeft, tagRight, outputLeft, outputRight] = ['\ue010', '\ue011', '\ue012', '\ue013']

/** Time for one filling in, milliseconds, and steps and characters it may take; far beyond what a letter needs. */
const limits = { renderLimit: 500, templateLimit: 20_000, memoryLimit: 5_000_000 }
/** Expressions of a text, and pieces of all kinds; one with more is not filled in. */
const expressionsAtMost = 1_000
const piecesAtMost = 20_000

const blocks: Readonly<Record<string, { readonly end: string; readonly parts: readonly string[] }>> = {
  if: { end: 'endif', parts: ['elsif', 'else'] },
  unless: { end: 'endunless', parts: ['elsif', 'else'] },
  case: { end: 'endcase', parts: ['when', 'else'] },
  for: { end: 'endfor', parts: ['else', 'break', 'continue'] },
  comment: { end: 'endcomment', parts: [] },
}
const single = ['assign', 'break', 'continue', '#']
const tagNames = [...Object.keys(blocks), ...Object.values(blocks).flatMap((block) => [block.end, ...block.parts]), ...single]

const filterNames = [
  'append', 'at_least', 'at_most', 'capitalize', 'ceil', 'compact', 'concat', 'default', 'divided_by', 'downcase', 'first', 'floor', 'join', 'last', 'lstrip', 'minus',
  'modulo', 'plus', 'prepend', 'remove', 'remove_first', 'remove_last', 'replace', 'replace_first', 'replace_last', 'reverse', 'round', 'rstrip', 'size', 'slice', 'sort',
  'split', 'squish', 'strip', 'times', 'truncate', 'truncatewords', 'uniq', 'upcase',
] as const
const ownFilters = ['greeting', 'in_days'] as const

/** One filling in, as the engine's tags see it. Kept in the context's environment under a name no template can write. */
class Filling extends Drop {
  readonly unresolved = new Set<string>()
  readonly given: MergeGiven
  readonly pieces: readonly Piece[]
  readonly gaps: ReadonlyMap<number, readonly string[]>
  readonly plain: boolean

  constructor(given: MergeGiven, pieces: readonly Piece[], gaps: ReadonlyMap<number, readonly string[]>, plain: boolean) {
    super()
    this.given = given
    this.pieces = pieces
    this.gaps = gaps
    this.plain = plain
  }

  static in(ctx: Context): Filling {
    const found: unknown = (ctx.environments as Record<string, unknown>)['\ue000']
    if (found instanceof Filling) return found
    throw new Error('No filling in.')
  }
}

/** `{% markup 3 %}`: piece 3 as it is. */
class MarkupTag extends Tag {
  readonly piece: number

  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
    super(token, rest, liquid)
    this.piece = Number(token.args)
  }

  render(ctx: Context, emitter: Emitter): void {
    const { pieces, plain } = Filling.in(ctx)
    const piece = pieces[this.piece]
    if (piece) emitter.write(asWritten(piece, plain))
  }
}

/** `{% field 3 candidate.name | upcase %}`: the value of piece 3, or the piece itself where there is none. */
class FieldTag extends Tag {
  readonly piece: number
  readonly value: Value

  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
    super(token, rest, liquid)
    this.piece = Number(/^\d+/.exec(token.args)?.[0])
    this.tokenizer.p += String(this.piece).length
    this.value = new Value(this.tokenizer.readFilteredValue(), liquid)
    this.tokenizer.skipBlank()
    if (!this.tokenizer.end()) throw new Error(`unexpected ${this.tokenizer.remaining()}`)
  }

  *render(ctx: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const filling = Filling.in(ctx)
    const piece = filling.pieces[this.piece]
    if (!piece) return
    const value: unknown = yield this.value.value(ctx, true)
    const missing = (filling.gaps.get(this.piece) ?? []).filter((name) => valueIsMissing(ctx, name))
    if (missing.length > 0 && !this.value.filters.some((filter) => filter.name === 'default')) {
      for (const name of missing) filling.unresolved.add(name)
      emitter.write(asWritten(piece, filling.plain))
      return
    }
    const text = Array.isArray(value) ? value.join(' ') : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
    if (filling.plain) emitter.write(text.replace(/\s+/g, ' '))
    else emitter.write(piece.kind === 'output' && piece.attribute ? escapeHtml(text) : escapeHtml(text).replace(/\r?\n/g, '<br>'))
  }

  *arguments(): Generator<Value, void> {
    yield this.value
  }
}

function valueIsMissing(ctx: Context, name: string): boolean {
  const value: unknown = ctx.getSync(name.split('.'))
  return value === undefined || value === null || value === ''
}

function asWritten(piece: Piece, plain: boolean): string {
  if (piece.kind === 'markup') return piece.html
  const text = piece.kind === 'text' ? piece.text : piece.written
  if (plain || (piece.kind !== 'text' && piece.attribute)) return plain ? text : escapeHtml(text)
  return escapeHtml(text).replace(/\u00a0/g, '&nbsp;')
}

const engine = ((): Liquid => {
  const liquid = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    parseLimit: 2_000_000,
    tagDelimiterLeft: tagLeft,
    tagDelimiterRight: tagRight,
    outputDelimiterLeft: outputLeft,
    outputDelimiterRight: outputRight,
  })
  const keptTags = new Set<string>(tagNames)
  for (const name of Object.keys(liquid.tags)) if (!keptTags.has(name)) Reflect.deleteProperty(liquid.tags, name)
  const keptFilters = new Set<string>(filterNames)
  for (const name of Object.keys(liquid.filters)) if (!keptFilters.has(name)) liquid.unregisterFilter(name)
  liquid.registerTag('markup', MarkupTag)
  liquid.registerTag('field', FieldTag)
  liquid.registerFilter('greeting', function (name: unknown, formality: unknown, gender: unknown) {
    const person = nameOf({ name: typeof name === 'string' ? name : '', address: '' })
    const known: Gender = gender === 'female' || gender === 'male' ? gender : person.gender
    return greetingFor({ ...person, gender: known }, Filling.in(this.context).given.language, formality === 'informal' ? 'informal' : 'formal')
  })
  liquid.registerFilter('in_days', function (_today: unknown, days: unknown, style: unknown) {
    const { now, language } = Filling.in(this.context).given
    const day = new Date(now)
    day.setDate(day.getDate() + Math.max(-3660, Math.min(3660, Math.round(Number(days) || 0))))
    return dayText(day.getTime(), language, dayStyles.find((one) => one === style) ?? 'date')
  })
  return liquid
})()

type Where = TemplateProblem['where']

type Parsed = {
  readonly pieces: readonly Piece[]
  /** Null: too much to be filled in. */
  readonly nodes: readonly Node[] | null
  /** Fields that an output piece needs, by the piece's index. */
  readonly gaps: ReadonlyMap<number, readonly string[]>
  readonly problems: readonly TemplateProblem[]
}

const tooMuch = (where: Where): TemplateProblem => ({ where, line: 1, column: 1, code: 'too-much', values: {} })

function parse({ pieces, problems: cutProblems }: Pieces, where: Where): Parsed {
  const problems: TemplateProblem[] = cutProblems.map((problem) => ({ where, ...problem.place, code: problem.code, values: valuesOf(problem) }))
  if (pieces.length > piecesAtMost || pieces.filter((piece) => piece.kind === 'output' || piece.kind === 'tag').length > expressionsAtMost) {
    return { pieces, nodes: null, gaps: new Map(), problems: [tooMuch(where)] }
  }
  const literal = new Set<number>()
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'output') {
      const wrong = syntaxOf(piece, where)
      if (!wrong) continue
      problems.push(wrong)
      literal.add(index)
    }
  }
  const broken = blockProblems(pieces, where)
  problems.push(...broken)
  const whole = build(pieces, literal, broken.length > 0)
  if (whole.failure) problems.push(engineProblem(whole.failure, pieces, whole.offsets, where))
  const { nodes, offsets } = whole.failure ? build(pieces, literal, true) : whole
  const gaps = new Map<number, string[]>()
  for (const variable of Object.values(engine.analyzeSync(nodes, { partials: false }).globals).flat()) {
    const name = variable.segments.filter((segment) => typeof segment === 'string').join('.')
    const at = offsets.findLast((one) => one.from <= variable.location.col - 1)
    const piece = at === undefined ? undefined : pieces[at.piece]
    if (at === undefined || !piece || (piece.kind !== 'output' && piece.kind !== 'tag')) continue
    if (piece.kind === 'output') gaps.set(at.piece, [...(gaps.get(at.piece) ?? []), name])
    if (isField(name)) continue
    const near = nearestField(name)
    problems.push({ where, ...piece.placeOf(variable.location.col - 1 - at.from), code: near === null ? 'unknown-field' : 'unknown-field-near', values: { name, ...(near === null ? {} : { near }) } })
  }
  for (const piece of pieces) if (piece.kind === 'output' || piece.kind === 'tag') problems.push(...filterProblems(piece, where))
  return { pieces, nodes, gaps, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) }
}

function valuesOf(problem: PieceProblem): Record<string, string> {
  return { written: problem.written }
}

type Offset = { readonly piece: number; readonly from: number }

/** The engine's own source. `literal` pieces, and with `outputsOnly` every tag, stand as they were written. */
function build(pieces: readonly Piece[], literal: ReadonlySet<number>, outputsOnly: boolean): { nodes: Node[]; offsets: Offset[]; failure: LiquidError | null } {
  let source = ''
  const offsets: Offset[] = []
  for (const [index, piece] of pieces.entries()) {
    const code = piece.kind === 'output' && !literal.has(index) ? `field ${String(index)} ` : piece.kind === 'tag' && !outputsOnly ? '' : null
    if (code === null || (piece.kind !== 'output' && piece.kind !== 'tag')) {
      source += `${tagLeft}markup ${String(index)}${tagRight}`
      continue
    }
    offsets.push({ piece: index, from: source.length + 1 + code.length })
    source += `${tagLeft}${code}${piece.code}${tagRight}`
  }
  try {
    return { nodes: engine.parse(source), offsets, failure: null }
  } catch (error) {
    if (LiquidError.is(error)) return { nodes: [], offsets, failure: error }
    throw error
  }
}

const operators = new Set(['==', '!=', '<', '>', '<=', '>=', 'and', 'or', 'not', 'contains'])

/** What is wrong with one `{{ ... }}` taken for itself. */
function syntaxOf(piece: LiquidPiece, where: Where): TemplateProblem | null {
  const begin = piece.code.length - piece.code.trimStart().length
  if (piece.code.trim() === '') return { where, ...piece.placeOf(0), code: 'empty', values: {} }
  // Two values side by side are read by the engine as the first alone.
  const bare = piece.code.replace(/"[^"]*"|'[^']*'/g, (quoted) => 'q'.repeat(quoted.length)).replace(/\|.*$/s, '')
  let afterValue = false
  for (const word of bare.matchAll(/\S+/g)) {
    const isOperator = operators.has(word[0])
    if (afterValue && !isOperator) return { where, ...piece.placeOf(word.index), code: 'syntax', values: { written: piece.written } }
    afterValue = !isOperator
  }
  const { failure, offsets } = build([piece], new Set(), false)
  if (!failure) return null
  const from = offsets[0]?.from ?? 0
  const at = failure.token.begin >= from ? failure.token.begin - from : begin
  return { where, ...piece.placeOf(at), code: 'syntax', values: { written: piece.written } }
}

/** Tags that open, part and close what they should. */
function blockProblems(pieces: readonly Piece[], where: Where): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  const open: { name: string; piece: LiquidPiece }[] = []
  for (const piece of pieces) {
    if (piece.kind !== 'tag') continue
    const start = piece.code.search(/\S/)
    const name = /^(?:#|[\p{L}\p{N}_]+)/u.exec(piece.code.trimStart())?.[0] ?? ''
    const place = piece.placeOf(Math.max(0, start))
    const add = (code: string, values: Record<string, string>) => problems.push({ where, ...place, code, values })
    const innermost = open.at(-1)
    const block = innermost ? blocks[innermost.name] : undefined
    if (innermost?.name === 'comment' && name !== 'endcomment') continue
    if (name === '') add('syntax', { written: piece.written })
    else if (Object.hasOwn(blocks, name)) open.push({ name, piece })
    else if (block?.end === name) open.pop()
    else if (block?.parts.includes(name) || (['break', 'continue'].includes(name) && open.some((one) => one.name === 'for')) || name === 'assign' || name === '#') continue
    else if (tagNames.includes(name)) {
      const opener = Object.entries(blocks).find(([, one]) => one.end === name || one.parts.includes(name))?.[0] ?? ''
      const outer = open.findLastIndex((one) => blocks[one.name]?.end === name)
      if (outer === -1) add('unexpected-tag', { name, opener })
      else {
        for (const left of open.splice(outer + 1)) problems.push(notEnded(left, where))
        open.pop()
      }
    } else {
      const near = nearest(name, tagNames)
      add(near === null ? 'unknown-tag' : 'unknown-tag-near', { name, ...(near === null ? {} : { near }) })
    }
  }
  return [...problems, ...open.map((left) => notEnded(left, where))]
}

function notEnded({ name, piece }: { readonly name: string; readonly piece: LiquidPiece }, where: Where): TemplateProblem {
  return { where, ...piece.placeOf(Math.max(0, piece.code.search(/\S/))), code: 'not-ended', values: { name, end: blocks[name]?.end ?? '' } }
}

function filterProblems(piece: LiquidPiece, where: Where): TemplateProblem[] {
  const names: readonly string[] = [...filterNames, ...ownFilters]
  const bare = piece.code.replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length))
  return [...bare.matchAll(/\|\s*([\p{L}\p{N}_-]+)/gu)].flatMap((match) => {
    const name = match[1] ?? ''
    if (names.includes(name)) return []
    const near = nearest(name, names)
    return [{ where, ...piece.placeOf(match.index + match[0].length - name.length), code: near === null ? 'unknown-filter' : 'unknown-filter-near', values: { name, ...(near === null ? {} : { near }) } }]
  })
}

function engineProblem(failure: LiquidError, pieces: readonly Piece[], offsets: readonly Offset[], where: Where): TemplateProblem {
  const at = offsets.findLast((one) => one.from <= failure.token.begin + 1)
  const piece = at === undefined ? undefined : pieces[at.piece]
  if (at === undefined || !piece || (piece.kind !== 'output' && piece.kind !== 'tag')) return { where, line: 1, column: 1, code: 'syntax', values: { written: '' } }
  return { where, ...piece.placeOf(Math.max(0, failure.token.begin - at.from)), code: 'syntax', values: { written: piece.written } }
}

export function checkTemplate(subject: string, html: string): TemplateProblem[] {
  return [...parse(piecesOfText(subject), 'subject').problems, ...parse(piecesOfHtml(safeTemplateHtml(html)), 'text').problems]
}

/** Parsed templates, the last ones used: a preview fills the same text in again and again. */
const parsedTexts = new Map<string, Parsed>()
const keptTexts = 50

function parsedOf(where: Where, text: string): Parsed {
  const key = `${where} ${text}`
  const found = parsedTexts.get(key) ?? parse(where === 'subject' ? piecesOfText(text) : piecesOfHtml(safeTemplateHtml(text)), where)
  parsedTexts.delete(key)
  parsedTexts.set(key, found)
  for (const old of parsedTexts.keys()) {
    if (parsedTexts.size <= keptTexts) break
    parsedTexts.delete(old)
  }
  return found
}

/** A variant filled in for one mail. */
export function mergeTemplate({ subject, html, language }: TemplateVariant, given: MergeGiven): Omit<RenderedTemplate, 'files'> {
  const { values, person } = fieldValues(given)
  const scope = scopeOf(values)
  const problems: TemplateProblem[] = []
  const unresolved = new Set<string>()
  const fill = (where: Where, text: string): string => {
    const parsed = parsedOf(where, text)
    const filling = new Filling(given, parsed.pieces, parsed.gaps, where === 'subject')
    problems.push(...parsed.problems)
    const written = (): string => parsed.pieces.map((piece) => asWritten(piece, where === 'subject')).join('')
    if (parsed.nodes === null) return written()
    try {
      const filled: unknown = engine.renderSync([...parsed.nodes], { ...scope, '\ue000': filling }, limits)
      for (const name of filling.unresolved) unresolved.add(name)
      return String(filled)
    } catch (error) {
      if (!LiquidError.is(error)) throw error
      problems.push(tooMuch(where))
      return written()
    }
  }
  const filledSubject = fill('subject', subject).trim()
  const filledHtml = safeTemplateHtml(fill('text', html))
  const written = `${subject} ${html}`
  const gendered = written.includes('candidate.gender') || (/\bgreeting\b/.test(written) && greetingFor({ ...person, gender: 'female' }, language, 'formal') !== greetingFor({ ...person, gender: 'male' }, language, 'formal'))
  return { subject: filledSubject, html: filledHtml, language, unresolved: [...unresolved], problems, gender: gendered ? person.gender : null }
}

/** 'candidate.name' as { candidate: { name } }, in objects that inherit nothing. */
function scopeOf(values: ReadonlyMap<string, string>): Record<string, unknown> {
  const scope = Object.create(null) as Record<string, unknown>
  for (const [name, value] of values) {
    const path = name.split('.')
    if (path.length > 4 || path.some((part) => part === '' || part === '__proto__')) continue
    let at = scope
    for (const part of path.slice(0, -1)) {
      const next = at[part]
      if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>
      else at = at[part] = Object.create(null) as Record<string, unknown>
    }
    const last = path.at(-1)
    if (last !== undefined) at[last] = value
  }
  return scope
}
