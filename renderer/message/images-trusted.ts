import type { Message } from '../../shared/model/message.ts'
import { currentSettings } from '../api/settings.ts'

/** Whether the person chose to always see this sender's remote images. */
export function imagesTrusted(message: Pick<Message, 'from'>, imagesFrom: readonly string[] = currentSettings().imagesFrom): boolean {
  return message.from !== null && imagesFrom.includes(message.from.address.toLowerCase())
}
