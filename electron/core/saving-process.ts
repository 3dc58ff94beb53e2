// Run by a test in a process of its own, to be killed: saves one draft over and over and prints what was confirmed.
import { DraftId } from '../../shared/model/ids.ts'
import { startTestProgram } from './test-program.ts'

const [, , dataDir = '', id = ''] = process.argv
const program = await startTestProgram({ dataDir })
const draft = await program.api.drafts.get({ id: DraftId.parse(Number(id)) })
if (!draft) throw new Error('No such draft.')
let { version } = draft
const from = Number(draft.content.subject) || 0
for (let i = from + 1; i < from + 100_000; i++) {
  const saved = await program.api.drafts.save({ id: draft.id, content: { ...draft.content, subject: String(i), html: `<p>${'x'.repeat(i)}</p>` }, basedOn: version })
  version = saved.version
  process.stdout.write(`${String(i)}\n`)
}
