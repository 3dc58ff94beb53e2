import type { Folder } from '../../../shared/model/folder.ts'
import type { QueuedTask } from '../../../shared/model/triage.ts'
import { hasText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { shownName } from '../inbox/folder-names.ts'

/** What a task is about, in words; its values come from the main side, folders by the server's names among them. */
export function taskText({ accountId, code, values }: QueuedTask, folders: readonly Folder[], t: Translate): string {
  const key = `queue:task.${code}`
  if (!hasText(key)) return t('queue:task.other')
  const asShown = Object.entries(values).map(([field, value]): [string, string] => {
    const called = field === 'folder' || field === 'from' ? folders.filter((folder) => folder.accountId === accountId && folder.name === value) : []
    // Two of that name cannot be told apart here; the server's name is right for both.
    return [field, called[0] && called.length === 1 ? shownName(called[0], t) : value]
  })
  return t(key, Object.fromEntries(asShown))
}
