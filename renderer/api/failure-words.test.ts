import { describe, expect, it } from 'vitest'
import { failureKinds } from '../../shared/model/failure.ts'
import failures from '../locales/en/failures.json'

const sources = import.meta.glob<string>(['../../electron/**/*.ts', '../../db/**/*.ts', '!../../**/*.test.ts'], { eager: true, query: '?raw', import: 'default' })

/** Codes written where a failure is made, and those of the IMAP provider's tables from what Node and imapflow throw. */
function codesIn(path: string, source: string): string[] {
  const made = [...source.matchAll(/new MailFailure\(\s*'[a-z-]+',\s*(?:[^'()]*\? )?'([a-z0-9-]+)'(?: : '([a-z0-9-]+)')?/gu)].flatMap((found) => [found[1], found[2]])
  const mapped = path.endsWith('imap-failure.ts') ? [...source.matchAll(/(?:: |return )'([a-z]+(?:-[a-z]+)*)',?$/gmu)].map((found) => found[1]) : []
  return [...made, ...mapped].filter((code) => code !== undefined)
}

describe('the words for failures', () => {
  const codes = new Set(Object.entries(sources).flatMap(([path, source]) => codesIn(path, source)))

  it('are there for every code the program makes', () => {
    expect(codes.size).toBeGreaterThan(40)
    expect([...codes].filter((code) => !(code in failures))).toEqual([])
  })
  it('say what happened and what to do for every kind, so that an unknown code is never left without words', () => {
    expect(failureKinds.filter((kind) => !(kind in failures) || !(kind in failures.do))).toEqual([])
  })
})
