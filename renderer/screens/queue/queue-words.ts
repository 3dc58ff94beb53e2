import type { QueuedTask } from '../../../shared/model/triage.ts'
import { hasText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'

/** What a task is about, in words; its values come from the main side. Its folder may be a special one's word. */
export function taskText({ code, values }: QueuedTask, t: Translate): string {
  const key = `queue:task.${code}`
  return hasText(key) ? t(key, values) : t('queue:task.other')
}
