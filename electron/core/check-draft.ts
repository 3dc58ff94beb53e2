import { draftQuote, getDraft } from '../../db/queries/drafts.ts'
import { getIdentity } from '../../db/queries/identities.ts'
import { bouncedBefore } from '../../db/queries/outgoing.ts'
import { noteSizeLimit, sizeLimitOf } from '../../db/queries/recipients.ts'
import { cidsIn, storedSizes } from '../../db/queries/stored-files.ts'
import type { DraftWarning } from '../../shared/model/draft.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { AccountId, DraftId } from '../../shared/model/ids.ts'
import { checkDraft } from '../mail/compose/draft-checks.ts'
import { addressKey, wireAddress } from '../mail/compose/message-address.ts'
import type { Program } from './program.ts'

/** Base64 with its line ends. */
const encodedGrowth = 78 / 57
/** Header, boundaries and the fields of each part. */
const messageOverhead = 4_000
const partOverhead = 500
/** Of a long list only this many are looked up among mail that came back. */
const bouncesAskedFor = 200
/** How long a server's answer about its largest message is believed, milliseconds. */
const limitKnownMs = 7 * 86_400_000

/** What stands against sending the draft's newest version, and what its writer may have overlooked. No network. */
export function draftWarnings(program: Pick<Program, 'db'>, id: DraftId): DraftWarning[] {
  const { db } = program
  const draft = getDraft(db, id)
  if (!draft) throw new MailFailure('gone', 'draft-gone')
  const { content } = draft
  const quote = content.quote ? draftQuote(db, id) : null
  const pictures = [...new Set([...cidsIn(content.html), ...(quote ? cidsIn(quote.html) : [])])]
  const sizes = storedSizes(db, [...content.files.map((file) => file.hash), ...pictures])
  const bytes = content.files.map((file) => sizes.get(file.hash) ?? 0).concat(pictures.map((hash) => sizes.get(hash) ?? 0))
  // The text travels twice, as HTML and plain, and grows by what quoted-printable writes for letters beyond ASCII.
  const texts = (Buffer.byteLength(content.html) + Buffer.byteLength(quote?.html ?? '')) * 2
  const identity = content.identityId === null ? null : getIdentity(db, content.identityId)
  return checkDraft({
    kind: draft.kind,
    content,
    hasSender: identity !== null,
    missingFiles: content.files.filter((file) => !sizes.has(file.hash)).map((file) => file.filename),
    size: Math.round(bytes.reduce((sum, size) => sum + size * encodedGrowth + partOverhead, texts + messageOverhead)),
    sizeLimit: sizeLimitOf(db, identity?.accountId ?? draft.accountId)?.bytes ?? null,
    bounced: new Set([...content.to, ...content.cc, ...content.bcc].slice(0, bouncesAskedFor).flatMap((one) => (bouncedBefore(db, wireAddress(one.address)) ? [addressKey(one.address)] : []))),
  })
}

/** Asks what the account's server takes at most, when that is not known or was long ago. Failing is no matter: it is asked again. */
export function learnSizeLimit(program: Pick<Program, 'db' | 'engine' | 'host'>, account: AccountId): void {
  const { db, engine, host } = program
  const known = sizeLimitOf(db, account)
  if ((known && known.askedAt > host.clock.now() - limitKnownMs) || !engine.state(account).connected) return
  engine.sizeLimit(account).then(
    (bytes) => {
      db.write('note a size limit', (tx) => {
        noteSizeLimit(tx, account, bytes, host.clock.now())
      })
    },
    () => undefined,
  )
}
