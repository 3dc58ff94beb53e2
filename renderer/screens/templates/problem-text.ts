import type { TemplateProblem } from '../../../shared/model/template.ts'
import { hasText, text } from '../../locales/text.ts'

/** What is wrong, in the person's words. */
export function problemText(problem: TemplateProblem): string {
  const key = `templates:problem.${problem.code}`
  return hasText(key) ? text(key, problem.values) : text('templates:problem.syntax', { written: problem.values['written'] ?? '' })
}

export function problemPlace(problem: TemplateProblem): string {
  return problem.where === 'subject'
    ? text('templates:place.subject', { column: problem.column })
    : text('templates:place.text', { line: problem.line, column: problem.column })
}
