import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { useAppInfo } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { changeSettings, useSettings } from '../../api/settings.ts'
import { localeFor, text, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Select } from '../../parts/select.tsx'
import { inputLook } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { Switch } from '../../parts/toggle.tsx'
import type { AppInfo } from '../../../shared/api/contract.ts'
import { locales } from '../../../shared/model/settings.ts'
import type { Locale, Settings } from '../../../shared/model/settings.ts'

const delays = [0, 1000, 2000, 5000] as const
const undoSeconds = [0, 5, 10, 20, 30, 60] as const
const lateHours = [1, 2, 4, 12, 24] as const
const languageNames: Readonly<Record<Locale, string>> = { en: 'English', de: 'Deutsch', nb: 'Norsk bokmål' }

function set(change: Partial<Settings>): void {
  changeSettings(change).catch((error: unknown) => {
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
  })
}

export function GeneralSettings() {
  const t = useText()
  const settings = useSettings()
  const info = useAppInfo()
  const delay = settings.markReadAfterMs
  const delayChoices = [...new Set([...delays, ...(delay === null ? [] : [delay])])].toSorted((a, b) => a - b)
  return (
    <>
      <Section title={t('settings:look')}>
        <Line label={t('settings:language')}>
          <Select
            label={t('settings:language')}
            hideLabel
            className="w-60"
            value={settings.locale}
            options={[
              { value: 'system', label: t('settings:languageSystem', { name: languageNames[localeFor('system', navigator.languages)] }) },
              ...locales.map((locale) => ({ value: locale, label: languageNames[locale] })),
            ]}
            onChange={(locale) => set({ locale })}
          />
        </Line>
        <Line label={t('settings:theme')}>
          <Segmented
            label={t('settings:theme')}
            value={settings.theme}
            choices={[
              { value: 'system', label: t('settings:themeSystem') },
              { value: 'light', label: t('settings:themeLight') },
              { value: 'dark', label: t('settings:themeDark') },
            ]}
            onChange={(theme) => set({ theme })}
          />
        </Line>
        <Line label={t('settings:density')}>
          <Segmented
            label={t('settings:density')}
            value={settings.density}
            choices={[
              { value: 'comfortable', label: t('settings:comfortable') },
              { value: 'compact', label: t('settings:compact') },
            ]}
            onChange={(density) => set({ density })}
          />
        </Line>
        <Line label={t('settings:panes')} hint={t('settings:panesHint')}>
          <Button
            disabled={Object.keys(settings.panes).length === 0}
            onClick={() => {
              set({ panes: {} })
              showToast({ message: t('settings:panesDone'), action: { label: t('shell:undo'), perform: () => set({ panes: settings.panes }) } })
            }}
          >
            {t('settings:panesReset')}
          </Button>
        </Line>
      </Section>
      <Section title={t('settings:reading')}>
        <Padded>
          <Switch label={t('settings:readingPane')} hint={t('settings:readingPaneHint')} checked={settings.readingPane} onChange={(readingPane) => set({ readingPane })} />
        </Padded>
        <Line label={t('settings:markRead')}>
          <Select
            label={t('settings:markRead')}
            hideLabel
            className="w-60"
            value={delay === null ? 'never' : String(delay)}
            options={[
              ...delayChoices.map((ms) => ({ value: String(ms), label: ms === 0 ? t('settings:markReadNow') : t('settings:markReadAfter', { count: ms / 1000 }) })),
              { value: 'never', label: t('settings:markReadNever') },
            ]}
            onChange={(value) => set({ markReadAfterMs: value === 'never' ? null : Number(value) })}
          />
        </Line>
        <Line label={t('settings:imagesFrom')} hint={t('settings:imagesFromHint', { count: settings.imagesFrom.length })}>
          {settings.imagesFrom.length > 0 && (
            <Button onClick={() => set({ imagesFrom: [] })}>{t('settings:imagesFromForget')}</Button>
          )}
        </Line>
      </Section>
      <Section title={t('triage:settings.heading')}>
        <Line label={t('triage:settings.afterTriage')}>
          <Segmented
            label={t('triage:settings.afterTriage')}
            value={settings.afterTriage}
            choices={[
              { value: 'next', label: t('triage:settings.next') },
              { value: 'list', label: t('triage:settings.list') },
            ]}
            onChange={(afterTriage) => set({ afterTriage })}
          />
        </Line>
        <Line label={t('triage:settings.morning')} hint={t('triage:settings.morningHint')}>
          <input
            type="time"
            aria-label={t('triage:settings.morning')}
            className={clsx(inputLook, 'w-28!')}
            value={`${String(Math.floor(settings.morning / 60)).padStart(2, '0')}:${String(settings.morning % 60).padStart(2, '0')}`}
            onChange={(event) => {
              const [hour, minute] = event.target.value.split(':').map(Number)
              if (hour !== undefined && minute !== undefined && event.target.value !== '') set({ morning: hour * 60 + minute })
            }}
          />
        </Line>
      </Section>
      <Section title={t('composer:settings.heading')}>
        <Line label={t('composer:settings.undo')} hint={t('composer:settings.undoHint')}>
          <Select
            label={t('composer:settings.undo')}
            hideLabel
            className="w-60"
            value={String(settings.undoSendSeconds)}
            options={[...new Set([0, 5, 10, 20, 30, 60, settings.undoSendSeconds])]
              .toSorted((a, b) => a - b)
              .map((seconds) => ({ value: String(seconds), label: seconds === 0 ? t('composer:settings.undoOff') : t('composer:settings.undoSeconds', { count: seconds }) }))}
            onChange={(seconds) => set({ undoSendSeconds: Number(seconds) })}
          />
        </Line>
        <Line label={t('composer:settings.late')} hint={t('composer:settings.lateHint')}>
          <Select
            label={t('composer:settings.late')}
            hideLabel
            className="w-72"
            value={settings.lateSend === 'late' ? String(settings.lateSendHours) : settings.lateSend}
            options={[
              ...[...new Set([1, 2, 4, 12, 24, settings.lateSendHours])].toSorted((a, b) => a - b).map((hours) => ({ value: String(hours), label: t('composer:settings.lateSend', { count: hours }) })),
              { value: 'ask', label: t('composer:settings.lateAsk') },
              { value: 'drop', label: t('composer:settings.lateDrop') },
            ]}
            onChange={(value) => set(value === 'ask' || value === 'drop' ? { lateSend: value } : { lateSend: 'late', lateSendHours: Number(value) })}
          />
        </Line>
      </Section>
      <Section title={t('templates:title')}>
        <Line label={t('templates:settings.snippetKey')} hint={t('templates:settings.snippetKeyHint')}>
          <Select
            label={t('templates:settings.snippetKey')}
            hideLabel
            className="w-60"
            value={settings.snippetKey}
            options={[
              { value: 'menu', label: t('templates:settings.menu') },
              { value: 'tab', label: t('templates:settings.tab') },
              { value: 'space', label: t('templates:settings.space') },
            ]}
            onChange={(snippetKey) => set({ snippetKey })}
          />
        </Line>
      </Section>
      <Section title={t('outbox:settings.heading')}>
        <Line label={t('outbox:settings.undoSend')}>
          <Select
            label={t('outbox:settings.undoSend')}
            hideLabel
            className="w-60"
            value={String(settings.undoSendSeconds)}
            options={[...new Set([...undoSeconds, settings.undoSendSeconds])]
              .toSorted((a, b) => a - b)
              .map((count) => ({ value: String(count), label: count === 0 ? t('outbox:settings.undoNever') : t('outbox:settings.undoFor', { count }) }))}
            onChange={(value) => set({ undoSendSeconds: Number(value) })}
          />
        </Line>
        <Line label={t('outbox:settings.late')}>
          <Select
            label={t('outbox:settings.late')}
            hideLabel
            className="w-60 shrink-0"
            value={settings.lateSend}
            options={[
              { value: 'late', label: t('outbox:settings.lateSend') },
              { value: 'ask', label: t('outbox:settings.lateAsk') },
              { value: 'drop', label: t('outbox:settings.lateDrop') },
            ]}
            onChange={(lateSend) => set({ lateSend })}
          />
        </Line>
        {settings.lateSend === 'late' && (
          <Line label={t('outbox:settings.lateHours')} hint={t('outbox:settings.lateHoursHint')}>
            <Select
              label={t('outbox:settings.lateHours')}
              hideLabel
              className="w-60"
              value={String(settings.lateSendHours)}
              options={[...new Set([...lateHours, settings.lateSendHours])].toSorted((a, b) => a - b).map((count) => ({ value: String(count), label: t('outbox:settings.hours', { count }) }))}
              onChange={(value) => set({ lateSendHours: Number(value) })}
            />
          </Line>
        )}
      </Section>
      <Section title={t('settings:window')}>
        <Padded>
          <Switch label={t('settings:notifications')} hint={t('settings:notificationsHint')} checked={settings.notifications} onChange={(notifications) => set({ notifications })} />
        </Padded>
        {info?.host === 'desktop' && (
          <Padded>
            <Switch label={t('settings:tray')} hint={t('settings:trayHint')} checked={settings.tray} onChange={(tray) => set({ tray })} />
          </Padded>
        )}
      </Section>
      {info && (
        <Section title={t('settings:about')}>
          <Padded>
            <p className="selectable">{t('settings:version', { version: info.version })}</p>
            <p className="mt-1 text-ink-3">{t('settings:promise')}</p>
            <p className="mt-2 text-ink-3">{secretsText(info)}</p>
          </Padded>
        </Section>
      )}
    </>
  )
}

function secretsText({ secrets }: AppInfo): string {
  switch (secrets) {
    case 'keychain':
      return text('settings:secretsKeychain')
    case 'file':
      return text('settings:secretsFile')
    case 'weak':
      return text('settings:secretsWeak')
  }
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mb-8">
      <h2 id={id} className="mb-2 text-xs font-semibold text-ink-2">
        {title}
      </h2>
      <div className="divide-y divide-line rounded-lg shadow-card">{children}</div>
    </section>
  )
}

function Line({ label, hint, children }: { readonly label: string; readonly hint?: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-13 items-center justify-between gap-6 px-4 py-2">
      <div>
        <div>{label}</div>
        {hint !== undefined && <div className="text-xs text-ink-3">{hint}</div>}
      </div>
      {children}
    </div>
  )
}

function Padded({ children }: { readonly children: ReactNode }) {
  return <div className="px-4 py-3">{children}</div>
}
