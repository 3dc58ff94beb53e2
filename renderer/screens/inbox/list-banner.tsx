import clsx from 'clsx'
import { CloudOff, Pause, TriangleAlert } from 'lucide-react'
import { client } from '../../api/api.ts'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { showSettings } from '../../state.ts'
import type { ThreadSource } from '../../../shared/api/lists.ts'
import { askAboutAccount } from '../accounts/account-questions.ts'

/** What keeps this list from being up to date, in one line with the way out. Nothing when all is well. */
export function ListBanner({ source }: { readonly source: ThreadSource }) {
  const t = useText()
  const format = useFormat()
  const accounts = useAccounts() ?? []
  const folders = useFolders() ?? []
  const own = source === 'inboxes' ? null : folders.find(({ id }) => id === source)?.accountId
  const concerned = accounts.filter(({ account }) => own === null || account.id === own)

  const failing = concerned.find(({ state }) => state.failure && state.failure.kind !== 'offline')
  if (failing?.state.failure) {
    const { account, state } = failing
    const isAuth = failing.state.failure.kind === 'auth'
    const why = failureText(failing.state.failure)
    return (
      <Banner tone="warn" icon={TriangleAlert}>
        <span className="min-w-0 flex-1">
          {isAuth
            ? t('inbox:banner.auth', { name: account.name })
            : state.retryAt === null
              ? t('inbox:banner.failed', { name: account.name, why })
              : t('inbox:banner.failedRetry', { name: account.name, why, when: format.relative(state.retryAt) })}
        </span>
        <BannerButton onClick={() => (isAuth ? askAboutAccount('sign-in', account.id) : void client.accounts.syncNow({ id: account.id }).catch(() => undefined))}>
          {isAuth ? t('inbox:banner.authAction') : t('inbox:banner.tryNow')}
        </BannerButton>
      </Banner>
    )
  }
  if (concerned.length > 0 && concerned.every(({ state }) => state.failure?.kind === 'offline')) {
    return (
      <Banner tone="quiet" icon={CloudOff}>
        <span className="min-w-0 flex-1">{t('inbox:banner.offline')}</span>
      </Banner>
    )
  }
  const paused = concerned.find(({ account }) => account.paused)
  if (paused) {
    return (
      <Banner tone="quiet" icon={Pause}>
        <span className="min-w-0 flex-1">{t('inbox:banner.paused', { name: paused.account.name })}</span>
        <BannerButton onClick={() => showSettings('accounts')}>{t('inbox:banner.accounts')}</BannerButton>
      </Banner>
    )
  }
  return null
}

function Banner({ tone, icon: Icon, children }: { readonly tone: 'warn' | 'quiet'; readonly icon: typeof CloudOff; readonly children: React.ReactNode }) {
  return (
    <div role="status" className={clsx('flex shrink-0 items-start gap-2 border-b border-line px-4 py-2 text-xs', tone === 'warn' ? 'bg-warn-soft text-ink' : 'bg-fill text-ink-2')}>
      <Icon aria-hidden className={clsx('mt-px size-3.5 shrink-0', tone === 'warn' && 'text-warn')} />
      {children}
    </div>
  )
}

function BannerButton({ onClick, children }: { readonly onClick: () => void; readonly children: React.ReactNode }) {
  return (
    <button type="button" className="shrink-0 rounded-sm font-medium text-accent-ink underline-offset-2 hover:underline" onClick={onClick}>
      {children}
    </button>
  )
}
