// The least any client must do: one bare loop of the same IMAP library that reads every message's source and keeps
// nothing. Prints one JSON line; milliseconds. Run by run.ts.
import { parseArgs } from 'node:util'
import { ImapFlow } from 'imapflow'

const { values } = parseArgs({ options: { port: { type: 'string' }, user: { type: 'string' }, password: { type: 'string' } } })
const started = performance.now()
const client = new ImapFlow({ host: '127.0.0.1', port: Number(values.port), secure: false, tls: { rejectUnauthorized: false }, doSTARTTLS: false, auth: { user: values.user ?? '', pass: values.password ?? '' }, logger: false })
client.on('error', () => undefined)
await client.connect()
let messages = 0
let bytes = 0
for (const folder of await client.list()) {
  if (folder.flags.has('\\Noselect')) continue
  const lock = await client.getMailboxLock(folder.path, { readOnly: true })
  try {
    if (!client.mailbox || client.mailbox.exists === 0) continue
    for await (const message of client.fetch('1:*', { uid: true, flags: true, internalDate: true, source: true })) {
      messages++
      bytes += message.source?.length ?? 0
    }
  } finally {
    lock.release()
  }
}
await client.logout()
process.stdout.write(`${JSON.stringify({ messages, bytes, full: performance.now() - started })}\n`)
