import { Command as CommandIcon, Keyboard, Languages, Moon, PanelLeft, PanelRight, Rows3, Rows4, Sun, SunMoon, Undo2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { changeSettings, currentSettings } from '../api/settings.ts'
import type { TextKey } from '../locales/text.ts'
import { undoLatest } from '../parts/toast.tsx'
import { useApp } from '../state.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { Command } from './command.ts'
import { undoNewest } from './triage.ts'
import { newestStep } from './undo-stack.ts'

function setting<K extends keyof Settings>(id: string, labelKey: TextKey, icon: LucideIcon, name: K, value: Settings[K]): Command {
  return {
    id,
    labelKey,
    icon,
    section: 'app',
    keys: [],
    checked: () => currentSettings()[name] === value,
    perform: () => changeSettings({ [name]: value }),
  }
}

export const appCommands: readonly Command[] = [
  {
    id: 'app.palette',
    labelKey: 'commands:app.palette',
    icon: CommandIcon,
    section: 'app',
    keys: ['mod+k', 'mod+shift+p'],
    everywhere: true,
    keyboardOnly: true,
    perform: ({ app }) => useApp.setState({ palette: !app.palette, shortcuts: false }),
  },
  {
    id: 'app.shortcuts',
    labelKey: 'commands:app.shortcuts',
    icon: Keyboard,
    section: 'app',
    keys: ['?'],
    perform: () => useApp.setState({ shortcuts: true, palette: false }),
  },
  {
    id: 'app.undo',
    labelKey: 'commands:app.undo',
    icon: Undo2,
    section: 'app',
    keys: ['mod+z', 'z'],
    perform: () => {
      // Whichever came last: a step on mail, or what a note offers to undo.
      if (!undoLatest(newestStep()?.at ?? 0)) return undoNewest()
    },
  },
  {
    id: 'app.folders',
    labelKey: 'commands:app.folders',
    icon: PanelLeft,
    section: 'app',
    keys: ['mod+b', '['],
    checked: () => currentSettings().folderPane,
    perform: () => changeSettings({ folderPane: !currentSettings().folderPane }),
  },
  {
    id: 'app.reading-pane',
    labelKey: 'commands:app.readingPane',
    icon: PanelRight,
    section: 'app',
    keys: ['mod+shift+b', ']'],
    checked: () => currentSettings().readingPane,
    perform: () => changeSettings({ readingPane: !currentSettings().readingPane }),
  },
  {
    id: 'app.density',
    labelKey: 'commands:app.compact',
    icon: Rows4,
    section: 'app',
    keys: [],
    when: () => currentSettings().density === 'comfortable',
    perform: () => changeSettings({ density: 'compact' }),
  },
  {
    id: 'app.density-comfortable',
    labelKey: 'commands:app.comfortable',
    icon: Rows3,
    section: 'app',
    keys: [],
    when: () => currentSettings().density === 'compact',
    perform: () => changeSettings({ density: 'comfortable' }),
  },
  setting('app.theme-light', 'commands:app.themeLight', Sun, 'theme', 'light'),
  setting('app.theme-dark', 'commands:app.themeDark', Moon, 'theme', 'dark'),
  setting('app.theme-system', 'commands:app.themeSystem', SunMoon, 'theme', 'system'),
  setting('app.locale-en', 'commands:app.localeEn', Languages, 'locale', 'en'),
  setting('app.locale-de', 'commands:app.localeDe', Languages, 'locale', 'de'),
  setting('app.locale-nb', 'commands:app.localeNb', Languages, 'locale', 'nb'),
]
