import { create } from 'zustand'
import type { AccountId } from '../../../shared/model/ids.ts'

/** What is being asked about which account; the dialogs themselves are drawn once, by AccountDialogs. */
export type AccountQuestion = { readonly what: 'edit' | 'edit-server' | 'edit-outgoing' | 'remove' | 'sign-in' | 'sign-in-outgoing'; readonly id: AccountId }

export const useAccountQuestion = create<{ readonly asked: AccountQuestion | null }>(() => ({ asked: null }))

export function askAboutAccount(what: AccountQuestion['what'], id: AccountId): void {
  useAccountQuestion.setState({ asked: { what, id } })
}

export function dropAccountQuestion(): void {
  useAccountQuestion.setState({ asked: null })
}
