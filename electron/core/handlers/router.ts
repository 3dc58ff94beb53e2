import { getAccount } from '../../../db/queries/accounts.ts'
import { ledgerLines } from '../../../db/queries/folders.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { LedgerLine } from '../../../shared/model/folder.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { readSettings } from '../../../shared/model/settings.ts'
import { keepFrom } from '../../mail/engine/keep-policy.ts'
import { ledgerCsv } from '../ledger-csv.ts'
import type { Program } from '../program.ts'
import { accountHandlers } from './accounts.ts'
import { base } from './base.ts'
import { fileHandlers } from './files.ts'
import { folderHandlers } from './folders.ts'
import { laneHandlers, queueHandlers, triageHandlers } from './triage.ts'
import { attachmentHandlers, messageHandlers, searchHandlers, threadHandlers } from './mail.ts'
import { outboxHandlers } from './outbox.ts'
import { libraryHandlers, templateHandlers } from './templates.ts'
import { draftHandlers, identityHandlers, recipientHandlers, signatureHandlers } from './writing.ts'

export function createRouter(program: Program) {
  const { db, engine, events, host } = program
  const ledger = (id: AccountId): LedgerLine[] => {
    const account = getAccount(db, id)
    if (!account) throw new MailFailure('gone', 'account-gone')
    return ledgerLines(db, id, keepFrom(account.keep.bodies, host.clock.now()))
  }
  return base.router({
    app: {
      info: base.app.info.handler(() => ({
        version: host.version,
        host: host.kind,
        platform: host.platform,
        secrets: host.secrets.strength,
        assetBase: host.assetBase,
        canPickFiles: host.canPickFiles,
      })),
      events: base.app.events.handler(async function* ({ signal }) {
        yield* events.listen(signal)
      }),
      openExternal: base.app.openExternal.handler(({ input }) => host.openExternal(input.url)),
    },
    settings: {
      get: base.settings.get.handler(() => readSettings(host.settings.get())),
      set: base.settings.set.handler(({ input }) => {
        const settings = { ...readSettings(host.settings.get()), ...input }
        host.settings.set(settings)
        events.tell({ type: 'settings' })
        return settings
      }),
    },
    accounts: accountHandlers(program),
    folders: folderHandlers(program),
    threads: threadHandlers(program),
    messages: messageHandlers(program),
    attachments: attachmentHandlers(program),
    search: searchHandlers(program),
    identities: identityHandlers(program),
    signatures: signatureHandlers(program),
    drafts: draftHandlers(program),
    files: fileHandlers(program),
    outbox: outboxHandlers(program),
    recipients: recipientHandlers(program),
    ledger: {
      get: base.ledger.get.handler(({ input }) => ledger(input.accountId)),
      check: base.ledger.check.handler(async ({ input, signal }) => {
        await engine.check(input.accountId, signal ?? new AbortController().signal)
        return ledger(input.accountId)
      }),
      export: base.ledger.export.handler(({ input }) => ledgerCsv(ledger(input.accountId))),
    },
    templates: templateHandlers(program, program.files),
    library: libraryHandlers(program, program.files),
    triage: triageHandlers(program),
    lanes: laneHandlers(program),
    queue: queueHandlers(program),
  })
}
