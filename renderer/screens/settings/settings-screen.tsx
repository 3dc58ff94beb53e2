import clsx from 'clsx'
import { ArrowLeft, AtSign, Layers, PenLine, SlidersHorizontal } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Boundary } from '../../shell/boundary.tsx'
import { focusHome } from '../../shell/keep-focus.ts'
import { goBack, useApp } from '../../state.ts'
import type { SettingsTab } from '../../state.ts'
import { AccountsSettings } from '../accounts/accounts-settings.tsx'
import { SendersSettings } from '../senders/senders-settings.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { LaneSettings } from './lane-settings.tsx'

const tabs: readonly { readonly tab: SettingsTab; readonly icon: LucideIcon }[] = [
  { tab: 'general', icon: SlidersHorizontal },
  { tab: 'accounts', icon: AtSign },
  { tab: 'senders', icon: PenLine },
  { tab: 'lanes', icon: Layers },
]

export function SettingsScreen() {
  const t = useText()
  const shown = useApp((state) => state.settingsTab)
  const content = useRef<HTMLElement>(null)
  useEffect(() => content.current?.focus({ preventScroll: true }), [shown])
  return (
    <div
      className="flex h-full"
      onKeyDown={(event) => {
        // Escape in a field is about that, not about leaving. A list of choices that is open keeps its keys to itself.
        if (event.key === 'Escape' && !event.defaultPrevented && !(event.target instanceof HTMLInputElement)) goBack()
      }}
    >
      <nav aria-label={t('settings:title')} className="flex w-58 shrink-0 flex-col gap-0.5 border-r border-line bg-canvas p-2">
        <Button look="quiet" icon={<ArrowLeft aria-hidden className="size-4" strokeWidth={1.75} />} className="mb-3 justify-start! px-2!" onClick={goBack}>
          {t('settings:back')}
        </Button>
        {tabs.map(({ tab, icon: Icon }) => (
          <button
            key={tab}
            type="button"
            aria-current={tab === shown ? 'page' : undefined}
            onClick={() => useApp.setState({ settingsTab: tab })}
            className={clsx('flex h-8 items-center gap-2 rounded-md px-2 text-left', tab === shown ? 'bg-fill-strong font-medium text-ink' : 'text-ink-2 hover:bg-fill')}
          >
            <Icon aria-hidden className={clsx('size-4', tab === shown ? 'text-accent-ink' : 'text-ink-3')} strokeWidth={1.75} />
            {t(`settings:${tab}`)}
          </button>
        ))}
      </nav>
      <main ref={content} {...focusHome} className="min-w-0 flex-1 overflow-y-auto bg-surface outline-none">
        <div className="mx-auto max-w-[44rem] px-8 pt-10 pb-16">
          <h1 className="mb-6 text-xl font-semibold tracking-[-0.015em]">{t(`settings:${shown}`)}</h1>
          <Boundary resetKey={shown}><Tab shown={shown} /></Boundary>
        </div>
      </main>
    </div>
  )
}

function Tab({ shown }: { readonly shown: SettingsTab }) {
  switch (shown) {
    case 'general':
      return <GeneralSettings />
    case 'accounts':
      return <AccountsSettings />
    case 'senders':
      return <SendersSettings />
    case 'lanes':
      return <LaneSettings />
  }
}
