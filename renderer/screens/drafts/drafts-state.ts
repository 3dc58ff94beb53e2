// Whose drafts are shown: one account's, or everybody's.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { create } from 'zustand'
import type { DraftRow, ServerDraft } from '../../../shared/model/draft.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { api } from '../../api/api.ts'
import { showView } from '../../state.ts'

export const useShownDrafts = create<{ readonly accountId: AccountId | null }>(() => ({ accountId: null }))

export function showDrafts(accountId: AccountId | null): void {
  useShownDrafts.setState({ accountId })
  showView('drafts')
}

/** How many drafts each account has, here and on its server, each counted once. */
export function useDraftCounts(): ReadonlyMap<AccountId, number> {
  const here = useQuery(api.drafts.list.queryOptions()).data
  const others = useQuery(api.drafts.others.queryOptions()).data
  return useMemo(() => {
    const counts = new Map<AccountId, number>()
    for (const { accountId } of [...(here ?? []), ...(others ?? [])]) counts.set(accountId, (counts.get(accountId) ?? 0) + 1)
    return counts
  }, [here, others])
}

export type AnyDraft = { readonly key: string; readonly accountId: AccountId; readonly at: number; readonly here: DraftRow | null; readonly there: ServerDraft | null } & Pick<ServerDraft, 'to' | 'subject' | 'snippet'>

/** Drafts of this computer and those only a server has, newest first. */
export function mergedDrafts(here: readonly DraftRow[], others: readonly ServerDraft[], of: AccountId | null): readonly AnyDraft[] {
  const all: AnyDraft[] = [
    ...here.map((row) => ({ key: `here-${String(row.id)}`, accountId: row.accountId, at: row.updatedAt, here: row, there: null, to: row.to, subject: row.subject, snippet: row.snippet })),
    ...others.map((row) => ({ key: `there-${String(row.messageId)}`, accountId: row.accountId, at: row.date, here: null, there: row, to: row.to, subject: row.subject, snippet: row.snippet })),
  ]
  return all.filter(({ accountId }) => of === null || accountId === of).toSorted((one, other) => other.at - one.at)
}
