// What could complete the search being typed: operators by their first letters, values by what their operator takes.
import { searchFields } from '../../../shared/model/search-query.ts'
import { complete, fixedValues, matchingNames, tokenAt } from './search-query.ts'
import type { Operator, QueryToken } from './search-query.ts'

export type Suggestion = {
  readonly operator: Operator
  /** Null: the bare operator, to go on typing its value. */
  readonly value: string | null
  /** What it leads to. */
  readonly text: string
  readonly caret: number
}

export type Known = {
  readonly folders: readonly string[]
  readonly accounts: readonly string[]
  readonly people: readonly string[]
}

const most = 7

function valuesOf(token: QueryToken, known: Known): readonly string[] {
  switch (token.operator) {
    case 'in':
      return matchingNames(known.folders, token.value, most)
    case 'account':
      return matchingNames(known.accounts, token.value, most)
    case 'from':
    case 'to':
      return token.value === '' ? [] : matchingNames(known.people, token.value, most)
    case 'has':
    case 'is':
    case 'before':
    case 'after':
      return (fixedValues[token.operator] ?? []).filter((value) => value.startsWith(token.value.toLowerCase()))
    case 'subject':
    case 'filename':
    case null:
      return []
  }
}

export function suggestionsFor(text: string, caret: number, known: Known): readonly Suggestion[] {
  const token = tokenAt(text, caret)
  if (token.operator === null) {
    const typed = token.value.toLowerCase()
    if (!/^[a-z]+$/u.test(typed)) return []
    return searchFields.filter((operator) => operator.startsWith(typed)).map((operator) => ({ operator, value: null, ...complete(text, token, operator, null) }))
  }
  const { operator } = token
  return valuesOf(token, known)
    .filter((value) => value !== token.value)
    .map((value) => ({ operator, value, ...complete(text, token, operator, value) }))
}
