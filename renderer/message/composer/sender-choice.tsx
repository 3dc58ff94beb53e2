import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import type { Identity } from '../../../shared/model/draft.ts'
import { api } from '../../api/api.ts'
import { useAccounts } from '../../api/shared-query.ts'
import { useText } from '../../locales/text.ts'
import { Menu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import { spelledAddress } from '../people.ts'
import { tellFailure } from './composer-actions.ts'
import type { DraftSession } from './draft-session.ts'

/** Who writes: the identities of all accounts. Not shown while there is nothing to choose. */
export function SenderChoice({ session }: { readonly session: DraftSession }) {
  const t = useText()
  const identities = useQuery(api.identities.list.queryOptions()).data ?? []
  const accounts = useAccounts() ?? []
  const chosen = session.use((state) => state.content.identityId)
  if (identities.length < 2) return null
  const identity = identities.find(({ id }) => id === chosen)
  const item = (one: Identity): MenuItem => ({
    label: spelledAddress(one),
    checked: one.id === chosen,
    onSelect: () => void session.setIdentity(one).catch(tellFailure),
  })
  const items = accounts.flatMap(({ account }): readonly MenuItem[] => {
    const own = identities.filter(({ accountId }) => accountId === account.id).toSorted((a, b) => a.position - b.position)
    if (own.length === 0) return []
    return accounts.length > 1 ? [{ type: 'title', label: account.name === '' ? account.address : account.name }, ...own.map(item)] : own.map(item)
  })
  return (
    <div className="flex min-h-8 items-center gap-2 border-b border-line px-4 py-1">
      <span className="w-11 shrink-0 text-xs text-ink-3">{t('composer:from')}</span>
      <Menu items={items}>
        <button type="button" aria-label={t('composer:fromChoose', { who: identity === undefined ? t('composer:fromNone') : spelledAddress(identity) })} className="-ml-1.5 flex min-w-0 items-center gap-1 rounded-md px-1.5 py-0.5 hover:bg-fill data-[state=open]:bg-fill">
          {identity === undefined ? (
            <span className="text-danger">{t('composer:fromNone')}</span>
          ) : (
            <span className="truncate">
              <bdi className="font-medium">{identity.name === '' ? identity.address : identity.name}</bdi>
              {identity.name !== '' && <bdi className="ml-1.5 text-ink-3">{identity.address}</bdi>}
            </span>
          )}
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </button>
      </Menu>
    </div>
  )
}
