// Everything that can be done, gone to or searched for again, by typing a part of its name.
import { Command as Cmdk } from 'cmdk'
import { Check, Clock, Search, Bookmark } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useFolders } from '../api/shared-query.ts'
import { useSettings } from '../api/settings.ts'
import { useText } from '../locales/text.ts'
import { Kbd } from '../parts/kbd.tsx'
import { folderIcon } from '../screens/inbox/folder-icons.ts'
import { useFolderNames } from '../screens/inbox/folder-names.ts'
import { runSearch, showSource, useApp } from '../state.ts'
import { allCommands, currentContext, run } from './all.ts'
import { isPossible, sections } from './command.ts'
import { scoreOf } from './palette-score.ts'

export function Palette() {
  const open = useApp((state) => state.palette)
  const t = useText()
  return (
    <Dialog.Root open={open} onOpenChange={(palette) => useApp.setState({ palette })}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-40 w-[38rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise overflow-hidden rounded-xl bg-raised shadow-raised"
        >
          <Dialog.Title className="sr-only">{t('commands:app.palette')}</Dialog.Title>
          <Choices />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const close = () => useApp.setState({ palette: false })

function Choices() {
  const t = useText()
  const [query, setQuery] = useState('')
  const { recentSearches, savedSearches } = useSettings()
  const folders = useFolders() ?? []
  const names = useFolderNames()
  // What was possible when the palette opened: it is drawn from the state under it.
  const [context] = useState(currentContext)
  const possible = allCommands.filter((command) => command.keyboardOnly !== true && isPossible(command, context))
  // The palette goes first, so that a command which opens something finds the focus free.
  const choose = (act: () => void) => () => {
    close()
    act()
  }
  const words = query.trim()

  return (
    <Cmdk label={t('commands:app.palette')} loop filter={(_value, typed, [name = '', ...context] = []) => scoreOf(typed, name, context.join(' '))} className="flex flex-col">
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        <Cmdk.Input
          value={query}
          onValueChange={setQuery}
          placeholder={t('commands:palette.placeholder')}
          className="h-12 w-full bg-transparent text-md outline-none"
        />
      </div>
      <Cmdk.List className="max-h-[min(26rem,60vh)] scroll-py-2 overflow-y-auto p-2">
        <Cmdk.Empty className="px-3 py-8 text-center text-ink-3">{t('commands:palette.none')}</Cmdk.Empty>
        {sections.map((section) => {
          const commands = possible.filter((command) => command.section === section)
          if (commands.length === 0) return null
          return (
            <Group key={section} heading={t(`commands:sections.${section}`)}>
              {commands.map((command) => (
                <Item
                  key={command.id}
                  value={command.id}
                  words={[t(command.labelKey), t(`commands:sections.${section}`)]}
                  icon={command.icon}
                  label={t(command.labelKey)}
                  shortcut={command.keys[0]}
                  checked={command.checked?.(context) ?? false}
                  onSelect={choose(() => run(command))}
                />
              ))}
            </Group>
          )
        })}
        <Group heading={t('commands:palette.folders')}>
          {folders
            .filter((folder) => folder.selectable && !folder.hidden)
            .map((folder) => (
              <Item
                key={folder.id}
                value={`folder ${String(folder.id)}`}
                words={[names.shown(folder), names.full(folder)]}
                icon={folderIcon(folder)}
                label={names.shown(folder)}
                detail={names.context(folder)}
                onSelect={choose(() => showSource(folder.id))}
              />
            ))}
        </Group>
        {savedSearches.length > 0 && (
          <Group heading={t('commands:palette.saved')}>
            {savedSearches.map((saved) => (
              <Item key={saved.name} value={`saved ${saved.name}`} words={[saved.name, saved.query]} icon={Bookmark} label={saved.name} detail={saved.query} onSelect={choose(() => runSearch(saved.query))} />
            ))}
          </Group>
        )}
        {recentSearches.length > 0 && (
          <Group heading={t('commands:palette.recent')}>
            {recentSearches.slice(0, 8).map((recent) => (
              <Item key={recent} value={`recent ${recent}`} words={[recent]} icon={Clock} label={recent} onSelect={choose(() => runSearch(recent))} />
            ))}
          </Group>
        )}
        {words !== '' && (
          <Cmdk.Group forceMount>
            <Item value="search for these words" words={[words]} forced icon={Search} label={t('commands:palette.search', { query: words })} onSelect={choose(() => runSearch(words))} />
          </Cmdk.Group>
        )}
      </Cmdk.List>
    </Cmdk>
  )
}

function Group({ heading, children }: { readonly heading: string; readonly children: React.ReactNode }) {
  return (
    <Cmdk.Group heading={heading} className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3">
      {children}
    </Cmdk.Group>
  )
}

type ItemProps = {
  readonly value: string
  readonly words: string[]
  readonly icon: LucideIcon
  readonly label: string
  readonly detail?: string | undefined
  readonly shortcut?: string | undefined
  readonly checked?: boolean
  readonly forced?: boolean
  readonly onSelect: () => void
}

function Item({ value, words, icon: Icon, label, detail, shortcut, checked = false, forced = false, onSelect }: ItemProps) {
  return (
    <Cmdk.Item
      value={value}
      keywords={words}
      forceMount={forced}
      onSelect={onSelect}
      className="flex h-9 items-center gap-3 rounded-md px-3 data-[selected=true]:bg-fill-strong"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <span className="min-w-0 shrink-0 truncate">{label}</span>
      <span className="min-w-0 flex-1 truncate text-ink-3">{detail}</span>
      {checked && <Check aria-hidden className="size-4 text-accent-ink" />}
      {shortcut !== undefined && <Kbd keys={shortcut} />}
    </Cmdk.Item>
  )
}
