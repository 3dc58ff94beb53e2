// Hands messages to one account's submission server, one at a time. What it was given is what leaves, byte for byte but for
// the dots SMTP doubles. It keeps two promises. Before `onPointOfNoReturn` the last bytes of the message have not been
// handed over, so whatever breaks until then, nobody gets it, and a MailFailure says so. After it only the server's own
// answer counts: an acceptance, a refusal, or, when none came, 'uncertain'. It never sends anything a second time.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { isAscii } from 'node:buffer'
import { Readable } from 'node:stream'
import type { Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import type { SMTPEnvelope, SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection'
import { failureOf, MailFailure } from '../../../shared/model/failure.ts'
import { hasWholeLines } from '../line-ends.ts'
import type { Submission, SubmissionSteps, Submitted } from '../mailbox.ts'
import { abortFailure, openSmtp, throwIfAborted, type OpenSmtp, type SmtpServer } from './smtp-connection.ts'
import { readReply, smtpFailure } from './smtp-failure.ts'

/** So much of a message is held back until everything before it has left. */
const finalBytes = 512
const pieceBytes = 64 * 1024

export type SubmitterOptions = {
  readonly server: SmtpServer
  readonly now?: () => number
  /** Silence after which a server that owes an answer counts as gone, milliseconds. */
  readonly silenceMs?: number
  /** The same after the last byte: a server may look a message over at length before it answers (RFC 5321, 4.5.3.2.6). */
  readonly answerMs?: number
  /** How long a connection is kept for the next message, milliseconds. */
  readonly idleMs?: number
}

export type Submitter = {
  readonly submit: (submission: Submission, steps: SubmissionSteps) => Promise<Submitted>
  /** RFC 1870, bytes; null: the server does not say. Asked once. */
  readonly sizeLimit: (signal: AbortSignal) => Promise<number | null>
  /** RFC 4865, milliseconds; null: the server holds nothing. Asked once. */
  readonly holdLimit: (signal: AbortSignal) => Promise<number | null>
  readonly close: () => void
}

type Facts = { readonly sizeLimit: number | null; readonly holdMs: number | null }

export function createSubmitter({ server, now = Date.now, silenceMs = 75_000, answerMs = 10 * 60_000, idleMs = 10_000 }: SubmitterOptions): Submitter {
  let facts: Facts | null = null
  let resting: OpenSmtp | null = null
  let rest: NodeJS.Timeout | undefined
  const gate = { closed: false }
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other, on one connection. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
  const open = async (signal: AbortSignal): Promise<OpenSmtp> => {
    if (gate.closed) throw new MailFailure('offline', 'closed')
    const opened = await openSmtp({ server, silenceMs }, signal)
    facts = { sizeLimit: opened.offer.sizeLimit, holdMs: opened.offer.holdMs }
    return opened
  }
  const takeRested = (): OpenSmtp | null => {
    clearTimeout(rest)
    const found = resting
    resting = null
    return found && !found.closed() ? found : null
  }
  const putToRest = (opened: OpenSmtp): void => {
    if (gate.closed || opened.closed()) {
      opened.quit()
      return
    }
    resting = opened
    rest = setTimeout(() => {
      takeRested()?.quit()
    }, idleMs)
    rest.unref()
  }

  const submitOn = async (opened: OpenSmtp, submission: Submission, steps: SubmissionSteps): Promise<Submitted> => {
    steps.onRoute(opened.route)
    const handing: Handing = { begun: false, passed: false }
    try {
      const submitted = await handOver(opened, submission, steps, { now, answerMs }, handing)
      if (submitted.outcome === 'accepted') {
        opened.socket().setTimeout(silenceMs)
        putToRest(opened)
      } else opened.close()
      return submitted
    } catch (error) {
      opened.close()
      throw error
    }
  }

  const learn = (signal: AbortSignal): Promise<Facts> =>
    inTurn(async () => {
      if (facts) return facts
      const opened = await open(signal)
      putToRest(opened)
      return { sizeLimit: opened.offer.sizeLimit, holdMs: opened.offer.holdMs }
    })

  return {
    submit: (submission, steps) =>
      inTurn(async () => {
        throwIfAborted(steps.signal)
        await refuseUnfit(submission)
        const rested = takeRested()
        if (rested) {
          try {
            return await submitOn(rested, submission, steps)
          } catch (error) {
            // The server let go of a connection nobody used; nothing of the message was said yet.
            if (!(error instanceof StaleConnection)) throw error
          }
        }
        throwIfAborted(steps.signal)
        const opened = await open(steps.signal)
        try {
          return await submitOn(opened, submission, steps)
        } catch (error) {
          throw error instanceof StaleConnection ? error.failure : error
        }
      }),
    sizeLimit: async (signal) => (facts ?? (await learn(signal))).sizeLimit,
    holdLimit: async (signal) => (facts ?? (await learn(signal))).holdMs,
    close() {
      gate.closed = true
      takeRested()?.quit()
    },
  }
}

/** The connection was gone before the server took the first command of the message. */
class StaleConnection extends Error {
  readonly failure: MailFailure

  constructor(failure: MailFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** How far one message is: `begun` once the server let its data come, `passed` once its last bytes were handed over. */
type Handing = { begun: boolean; passed: boolean }

async function handOver(
  opened: OpenSmtp,
  submission: Submission,
  steps: SubmissionSteps,
  { now, answerMs }: { readonly now: () => number; readonly answerMs: number },
  handing: Handing,
): Promise<Submitted> {
  const { offer, client } = opened
  const { raw, holdUntil } = submission
  if (offer.sizeLimit !== null && raw.byteLength > offer.sizeLimit) {
    throw new MailFailure('rejected', 'too-large', `SIZE ${String(offer.sizeLimit)}`)
  }
  // The library asks for SMTPUTF8 by the envelope alone; a field of the header may need it as well (RFC 6532).
  const beyond = addressBeyondAscii(raw)
  if (beyond !== null && !offer.has('SMTPUTF8')) throw needsUtf8(beyond)
  const from = envelopeAddress(submission.from, offer.has('SMTPUTF8'), 'sender-refused')
  const byEnvelope = new Map<string, string>()
  for (const address of submission.to) byEnvelope.set(envelopeAddress(address, offer.has('SMTPUTF8'), 'recipients-refused'), address)
  const asked = [
    ...(holdUntil === null ? [] : [holdParameter(opened, holdUntil, now())]),
    ...(beyond !== null && [from, ...byEnvelope.keys()].every((address) => isAscii(Buffer.from(address))) ? ['SMTPUTF8'] : []),
  ]
  const lift = asked.length === 0 ? null : addToSender(opened, asked)

  const { signal } = steps
  throwIfAborted(signal)
  const envelope: SMTPEnvelope = {
    from,
    to: [...byEnvelope.keys()],
    size: raw.byteLength,
    use8BitMime: !isAscii(raw),
    ...(submission.notify ? { dsn: { ret: 'HDRS', envid: submission.headerMessageId.slice(0, 96), notify: ['SUCCESS', 'FAILURE', 'DELAY'] } } : {}),
  }
  // Whatever goes wrong in here must not come back with the library's codes written over it.
  const own: { failure: unknown } = { failure: null }
  const source = Readable.from(pieces(opened.socket(), raw, steps, answerMs, handing, own), { objectMode: false, highWaterMark: pieceBytes })

  try {
    const info = await new Promise<SMTPConnectionSendInfo>((done, failed) => {
      const onAbort = (): void => {
        opened.close()
        failed(abortFailure(signal))
      }
      const release = (): void => {
        signal.removeEventListener('abort', onAbort)
        client.off('end', onEnd)
      }
      const onEnd = (): void => {
        // The library tells a message under way of its own accord; this is for the cases where it does not.
        setImmediate(() => {
          release()
          failed(new MailFailure('offline', 'connection-lost'))
        })
      }
      signal.addEventListener('abort', onAbort, { once: true })
      client.once('end', onEnd)
      client.send(envelope, source, (error, result) => {
        release()
        if (error) failed(error)
        else done(result)
      })
    })
    // An acceptance of what was not all there yet is none.
    if (!handing.passed) throw new MailFailure('offline', 'garbled', info.response)
    return {
      outcome: 'accepted',
      said: info.response,
      refused: (info.rejectedErrors ?? []).map((error) => refusalOf(error, byEnvelope)),
      held: holdUntil !== null,
    }
  } catch (error) {
    if (own.failure !== null) throw failureOf(own.failure)
    const answered = readReply(field(error, 'response'))
    if (handing.passed && !answered) return { outcome: 'uncertain', said: error instanceof MailFailure ? error.said : error instanceof Error ? error.message : null }
    if (signal.aborted) throw abortFailure(signal)
    const refusals: unknown = field(error, 'rejectedErrors')
    if (Array.isArray(refusals)) for (const one of refusals) tellRefusal(steps, refusalOf(one, byEnvelope))
    const failure = smtpFailure(error, handing.begun ? 'data' : 'sender')
    if (!handing.begun && !Array.isArray(refusals) && (answered ? answered.code === 421 : failure.kind === 'offline')) throw new StaleConnection(failure)
    throw failure
  } finally {
    lift?.()
    source.destroy()
  }
}

function tellRefusal(steps: SubmissionSteps, refusal: Refusal): void {
  steps.onRefused?.(refusal)
}

type Refusal = Extract<Submitted, { outcome: 'accepted' }>['refused'][number]

function refusalOf(error: unknown, byEnvelope: ReadonlyMap<string, string>): Refusal {
  const named = field(error, 'recipient')
  const recipient = typeof named === 'string' ? named : ''
  const reply = readReply(field(error, 'response'))
  return { address: byEnvelope.get(recipient) ?? recipient, said: reply?.said ?? '', status: reply?.status ?? null }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** The message in pieces. The last one is given only when all the others have left, and after the caller was told. */
async function* pieces(socket: Socket, raw: Uint8Array, steps: SubmissionSteps, answerMs: number, handing: Handing, own: { failure: unknown }): AsyncGenerator<Uint8Array> {
  try {
    handing.begun = true
    const last = Math.max(0, raw.byteLength - finalBytes)
    const before = socket.bytesWritten
    for (let at = 0; at < last; at += pieceBytes) {
      yield raw.subarray(at, Math.min(last, at + pieceBytes))
      steps.onProgress?.(Math.min(last, at + pieceBytes), raw.byteLength)
    }
    await drained(socket, before + last)
    if (steps.signal.aborted) throw abortFailure(steps.signal)
    steps.onPointOfNoReturn()
    handing.passed = true
    socket.setTimeout(answerMs)
    yield raw.subarray(last)
    steps.onProgress?.(raw.byteLength, raw.byteLength)
  } catch (error) {
    own.failure = error
    throw error
  }
}

/** Resolves when the operating system has taken everything up to `bytes`. */
async function drained(socket: Socket, bytes: number): Promise<void> {
  for (let turns = 0; socket.bytesWritten < bytes || socket.writableLength > 0; turns++) {
    if (socket.destroyed) throw new MailFailure('offline', 'connection-lost')
    if (turns < 20) await nextTurn()
    else await delay(5)
  }
}

/** A line end of half a kind would be mended on the way, and the mail would not be the one that was frozen. */
async function refuseUnfit({ raw, to }: Submission): Promise<void> {
  if (to.length === 0) throw new MailFailure('rejected', 'recipients-refused', 'nobody')
  if (!(await hasWholeLines(raw))) throw new MailFailure('bug', 'not-crlf')
}

/** An address as it can stand in the envelope: a domain in its ASCII form, a local part beyond ASCII only by SMTPUTF8 (RFC 6531). */
export function envelopeAddress(address: string, utf8: boolean, code: string): string {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  // \s and control characters, brackets: nothing may end the command early.
  if (at < 1 || /[\s\p{Cc}<>]/u.test(address)) throw new MailFailure('rejected', code, address)
  const ascii = domain.startsWith('[') ? domain : domainToASCII(domain)
  if (ascii === '') throw new MailFailure('rejected', code, address)
  if (/^[\x21-\x7e]+$/.test(local)) return `${local}@${ascii}`
  if (!utf8) throw needsUtf8(address)
  return address
}

/** Servers answer such a mail obscurely or mangle it, so it is not said to them at all. */
const needsUtf8 = (address: string): MailFailure => new MailFailure('rejected', 'needs-smtputf8', address)

const addressFields = /^(?:resent-)?(?:from|sender|reply-to|to|cc):/i

/** The first address of the header whose local part is not ASCII; null when there is none. */
export function addressBeyondAscii(raw: Uint8Array): string | null {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const end = bytes.indexOf('\r\n\r\n')
  const header = end === -1 ? bytes : bytes.subarray(0, end)
  if (isAscii(header)) return null
  for (const field of header.toString('utf8').replace(/\r\n(?=[ \t])/g, '').split('\r\n')) {
    if (!addressFields.test(field)) continue
    for (const word of field.split(/[\s<>,;:"()]+/)) {
      const at = word.lastIndexOf('@')
      if (at > 0 && at < word.length - 1 && /[^\p{ASCII}]/u.test(word.slice(0, at))) return word
    }
  }
  return null
}

type SayingClient = { _sendCommand: (command: string, shown?: string) => void }

function holdParameter({ client, offer }: OpenSmtp, until: number, now: number): string {
  const late = offer.holdMs === null || until - now > offer.holdMs || (offer.holdUntil !== null && until > offer.holdUntil)
  if (late || typeof (client as unknown as SayingClient)._sendCommand !== 'function') throw new MailFailure('rejected', 'hold-unsupported')
  return `HOLDUNTIL=${new Date(until).toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}

/** Adds parameters to the next MAIL FROM, which the library cannot. Gives a function that stops it. */
function addToSender({ client }: OpenSmtp, parameters: readonly string[]): () => void {
  const inner = client as unknown as SayingClient
  const send = inner._sendCommand
  inner._sendCommand = function (command, shown) {
    send.call(this, command.startsWith('MAIL FROM:') ? [command, ...parameters].join(' ') : command, shown)
  }
  return () => {
    inner._sendCommand = send
  }
}
