import type { Reader } from '../../db/handles.ts'
import { getAccount } from '../../db/queries/accounts.ts'
import { getIdentity } from '../../db/queries/identities.ts'
import type { Draft } from '../../shared/model/draft.ts'
import type { DraftId } from '../../shared/model/ids.ts'
import { readSettings, type Locale } from '../../shared/model/settings.ts'
import type { BuiltMessage } from '../mail/compose/built-message.ts'
import { buildDraft, type DraftBuilding } from '../mail/compose/draft-message.ts'
import { idDomain } from '../mail/compose/message-address.ts'
import type { Host } from './host.ts'
import type { Program } from './program.ts'

/** The language of lines the program writes into mail: the person's setting, else the computer's. */
export function writingLocale(host: Host): Locale {
  const { locale } = readSettings(host.settings.get())
  if (locale !== 'system') return locale
  const system = Intl.DateTimeFormat().resolvedOptions().locale.toLowerCase()
  return system.startsWith('de') ? 'de' : /^(?:nb|nn|no)\b/.test(system) ? 'nb' : 'en'
}

export function draftBuilding(program: Pick<Program, 'db' | 'files' | 'host'>): DraftBuilding {
  const { db, files, host } = program
  return { db, files, now: host.clock.now, locale: () => writingLocale(host) }
}

/** The draft's newest version, frozen into the bytes that travel. */
export function builtDraft(program: Pick<Program, 'db' | 'files' | 'host'>, id: DraftId): Promise<BuiltMessage> {
  return buildDraft(draftBuilding(program), id)
}

/** The domain of the Message-IDs of a draft's copies. */
export function draftDomain(db: Reader, draft: Draft): string {
  const identity = draft.content.identityId === null ? null : getIdentity(db, draft.content.identityId)
  return idDomain(identity?.address ?? getAccount(db, draft.accountId)?.address ?? '')
}
