import { expect, it } from 'vitest'
import { largestTemplateFile } from '../../../shared/model/template.ts'
import { importProblem, refusedUnread } from './import-problem.ts'

it('a file too large to be read is refused unread, and the limit is told', () => {
  const sized = (size: number) => ({ size }) as Blob
  expect(refusedUnread(sized(largestTemplateFile))).toBeNull()
  expect(refusedUnread(sized(largestTemplateFile + 1))?.problems.map(importProblem)).toEqual(['The file is larger than 50 MB, which is the most that is read at once'])
})
