// The first thing anyone sees: what this is, what it promises, and two ways in.
import { ArrowLeft, HardDrive, Server, UserRoundX } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { locales } from '../../../shared/model/settings.ts'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { changeSettings } from '../../api/settings.ts'
import { shownLocale, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { showToast } from '../../parts/toast.tsx'
import { showView } from '../../state.ts'
import { AddAccountButtons, AddAccountForm, useAddAccount } from '../accounts/add-account.tsx'
import { StraightLine } from './straight-line.tsx'

export function WelcomeScreen() {
  const [adding, setAdding] = useState(false)
  return adding ? <Add onBack={() => setAdding(false)} /> : <Start onAdd={() => setAdding(true)} />
}

function Language() {
  const t = useText()
  return (
    <Segmented
      look="plain"
      label={t('welcome:language')}
      value={shownLocale()}
      choices={locales.map((value) => ({ value, label: t(`welcome:languages.${value}`) }))}
      onChange={(locale) => void changeSettings({ locale })}
    />
  )
}

function Start({ onAdd }: { readonly onAdd: () => void }) {
  const t = useText()
  const [opening, setOpening] = useState(false)
  const openSample = async () => {
    setOpening(true)
    try {
      await client.accounts.addSample()
      showView('inbox')
    } catch (error) {
      const failure = failureFrom(error)
      showToast({ tone: 'error', message: failureText(failure), ...(failure.said === null ? {} : { detail: failure.said }) })
      setOpening(false)
    }
  }
  return (
    <main className="grid h-full overflow-y-auto bg-surface lg:grid-cols-[minmax(0,11fr)_minmax(0,9fr)]">
      <div className="flex min-h-full flex-col justify-center px-10 py-10 lg:justify-self-end lg:pr-16">
        <div className="w-full max-w-[33rem]">
          <img src="./icon.svg" alt="" className="mb-5 size-12" />
          <h1 className="text-[2.25rem] leading-[2.75rem] font-semibold tracking-[-0.022em]">{t('welcome:title')}</h1>
          <p className="mt-1 text-[1.25rem] leading-8 text-balance text-ink-2">{t('welcome:tagline')}</p>
          <ul className="mt-9 flex flex-col gap-5">
            <Promise icon={Server} title={t('welcome:promise.servers.title')} text={t('welcome:promise.servers.text')} />
            <Promise icon={HardDrive} title={t('welcome:promise.nothing.title')} text={t('welcome:promise.nothing.text')} />
            <Promise icon={UserRoundX} title={t('welcome:promise.account.title')} text={t('welcome:promise.account.text')} />
          </ul>
          <div className="mt-10 flex flex-wrap items-center gap-3">
            <Button look="primary" className="!h-10 !px-5 text-md" onClick={onAdd}>
              {t('welcome:add')}
            </Button>
            <Button className="!h-10 !px-4 text-md" busy={opening} onClick={() => void openSample()}>
              {t(opening ? 'welcome:sampleOpening' : 'welcome:sample')}
            </Button>
          </div>
          <p className="mt-3 text-xs text-ink-3">{t('welcome:sampleHint')}</p>
        </div>
      </div>
      <div className="relative flex flex-col items-center justify-center bg-canvas max-lg:hidden">
        <StraightLine className="w-[82%] max-w-[34rem]" />
      </div>
      <div className="fixed top-4 right-5">
        <Language />
      </div>
    </main>
  )
}

function Promise({ icon: Icon, title, text }: { readonly icon: LucideIcon; readonly title: string; readonly text: string }) {
  return (
    <li className="flex gap-4">
      <span className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent-ink">
        <Icon aria-hidden className="size-[18px]" strokeWidth={1.75} />
      </span>
      <span>
        <span className="block text-md font-semibold">{title}</span>
        <span className="block text-ink-2">{text}</span>
      </span>
    </li>
  )
}

function Add({ onBack }: { readonly onBack: () => void }) {
  const t = useText()
  const adding = useAddAccount(() => showView('inbox'))
  return (
    <div className="flex h-full flex-col bg-surface">
      <main className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-[56rem] px-8 pt-4 pb-10">
          <div className="mb-5 flex items-center justify-between">
            <Button look="quiet" icon={<ArrowLeft aria-hidden className="size-4" strokeWidth={1.75} />} className="-ml-3" onClick={onBack}>
              {t('welcome:back')}
            </Button>
            <Language />
          </div>
          <h1 className="text-[1.625rem] leading-8 font-semibold tracking-[-0.018em]">{t('accounts:add.title')}</h1>
          <p className="mt-1 mb-7 text-md text-ink-2">{t('accounts:add.intro')}</p>
          <AddAccountForm adding={adding} autoFocus />
        </div>
      </main>
      <footer className="shrink-0 border-t border-line">
        <div className="mx-auto flex w-full max-w-[56rem] items-center justify-end gap-2 px-8 py-3">
          <AddAccountButtons adding={adding} leave={{ label: t('welcome:back'), perform: onBack }} />
        </div>
      </footer>
    </div>
  )
}
