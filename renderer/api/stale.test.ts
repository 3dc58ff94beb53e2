import { describe, expect, it } from 'vitest'
import { AppEvent } from '../../shared/api/events.ts'
import { staleAfter } from './stale.ts'

const mail = (folderIds: number[] | null, threadIds: number[] | null) => AppEvent.parse({ type: 'mail', folderIds, threadIds })

const listed = (ids: ReadonlySet<number> | string) => (typeof ids === 'string' ? ids : [...ids])

describe('staleAfter', () => {
  it('gathers a burst of mail into one set of folders and threads', () => {
    const stale = staleAfter([mail([1], [10]), mail([2, 1], [11])])
    expect(listed(stale.threadLists)).toEqual([1, 2])
    expect(listed(stale.threads)).toEqual([10, 11])
    expect([...stale.lists]).toEqual(['folders', 'server-drafts', 'search', 'ledger', 'lanes'])
  })

  it('takes a null for all of them, whatever was named before or after', () => {
    expect(staleAfter([mail([1], [10]), mail(null, null), mail([2], [3])])).toMatchObject({ threadLists: 'all', threads: 'all' })
  })

  it('refetches no list for a text that arrived, only its thread and message', () => {
    const stale = staleAfter([AppEvent.parse({ type: 'body', messageId: 5, threadId: 7 })])
    expect(stale.threadLists).toBe('none')
    expect(stale.lists.size).toBe(0)
    expect(listed(stale.threads)).toEqual([7])
    expect([...stale.messages]).toEqual([5])
  })

  it('refetches the lists of every folder when accounts come or go', () => {
    expect(staleAfter([{ type: 'accounts' }]).threadLists).toBe('all')
  })
})
