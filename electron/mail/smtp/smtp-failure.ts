// What a mail submission server or the way to it did wrong, as the closed union the program reasons about. A reply is judged
// by the command it answers and its RFC 3463 status; the words are only read where servers are known to misuse codes.
// Refused for now (4yz) is `throttled`: the mail stays owed. Refused for good is `rejected`, unless signing in would help.
import { MailFailure } from '../../../shared/model/failure.ts'
import { connectionCode, tlsCode } from '../connection-failure.ts'

/** The command a reply answers; 'connect' for the greeting and EHLO. */
export type SmtpStage = 'connect' | 'auth' | 'sender' | 'recipients' | 'data'

export type Reply = { readonly code: number; readonly status: string; readonly said: string }

/** A reply as the server sent it, lines joined; null for what is no reply. The status falls back to the class of the code. */
export function readReply(response: unknown): Reply | null {
  if (typeof response !== 'string') return null
  const code = Number(/^\d{3}/.exec(response)?.[0] ?? Number.NaN)
  if (!Number.isInteger(code)) return null
  const lines = response.split(/\r?\n/).map((line) => line.replace(/^\d{3}[ -]?/, ''))
  const status = /^([245]\.\d{1,3}\.\d{1,3})\b/.exec(lines[0] ?? '')?.[1] ?? `${String(Math.floor(code / 100))}.0.0`
  // Multi-line replies repeat the status on every line.
  const said = [lines[0] ?? '', ...lines.slice(1).map((line) => line.replace(/^[245]\.\d{1,3}\.\d{1,3}\s+/, ''))].join(' ').trim()
  return { code, status, said: `${String(code)} ${said}`.trim() }
}

/** What the library put on an error. */
type Thrown = { readonly message: string; readonly code: string; readonly originalCode: string; readonly response: unknown; readonly command: string }

function readThrown(error: unknown): Thrown {
  const fields: Readonly<Record<string, unknown>> = typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {}
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '')
  return { message: error instanceof Error ? error.message : String(error), code: text('code'), originalCode: text('originalCode'), response: fields['response'], command: text('command') }
}

const stages: Readonly<Record<string, SmtpStage>> = { 'MAIL FROM': 'sender', 'RCPT TO': 'recipients', DATA: 'data' }

export function smtpFailure(error: unknown, stage: SmtpStage): MailFailure {
  if (error instanceof MailFailure) return error
  const thrown = readThrown(error)
  const at = thrown.command.startsWith('AUTH') ? 'auth' : (stages[thrown.command] ?? stage)
  const reply = readReply(thrown.response)
  if (reply) return replyFailure(reply, at)
  for (const code of [thrown.originalCode, thrown.code]) {
    const known = code === '' ? null : (tlsCode(code) ?? connectionCode(code))
    if (known !== null) return new MailFailure('offline', known, known === 'connection-lost' ? null : thrown.message)
  }
  switch (thrown.code) {
    case 'GREETING_TIMEOUT':
      return new MailFailure('offline', 'no-greeting', thrown.message)
    case 'CONNECT_TIMEOUT':
    case 'UPGRADE_TIMEOUT':
    case 'SOCKET_TIMEOUT':
      return new MailFailure('offline', 'timeout', thrown.message)
    case 'ETLS':
      return new MailFailure('offline', /STARTTLS/i.test(thrown.message) ? 'starttls-missing' : 'tls-unsupported', thrown.message)
    case 'EAUTH':
      return new MailFailure('auth', 'no-login-method', thrown.message)
    case 'ECONNECTION':
    case 'ESOCKET':
      return new MailFailure('offline', 'connection-lost')
    case 'EPROTOCOL':
      return new MailFailure('offline', 'not-smtp', thrown.message)
    case 'EENVELOPE':
      return new MailFailure('rejected', at === 'sender' ? 'sender-refused' : 'recipients-refused', thrown.message)
    default:
      return new MailFailure('bug', 'unexpected', thrown.message, { cause: error })
  }
}

const hourMs = 3_600_000
const tooLargeStatus = new Set(['5.3.4', '5.2.3'])
const tooLargeWords = /(?:message|mail|size).*(?:too (?:large|big)|exceed\w*|limit)/i
const quotaWords = /daily (?:user )?(?:sending )?(?:quota|limit)|sending (?:limit|quota)|SubmissionQuotaExceeded|rate limit|too many (?:messages|recipients)[^.]*(?:hour|day|minute)/i
/** Microsoft: sign-in with a password is switched off for the mailbox or the tenant. */
const passwordOffWords = /SmtpClientAuthentication is disabled|basic authentication is disabled|5\.7\.30\b|5\.7\.139\b/i

export function replyFailure({ code, status, said }: Reply, stage: SmtpStage): MailFailure {
  if (passwordOffWords.test(said)) return new MailFailure('auth', 'password-off', said)
  if (stage === 'auth') return loginFailure({ code, status, said })
  if (code >= 500 && quotaWords.test(said)) return new MailFailure('throttled', 'daily-limit', said, { retryAfterMs: hourMs })
  if (stage === 'connect') {
    // A server that turns everybody away at the door may be well again later, or another network may be let in.
    return code < 500 ? new MailFailure('throttled', 'server-busy', said) : new MailFailure('offline', 'turned-away', said)
  }
  if (code < 500) return new MailFailure('throttled', stage === 'recipients' ? 'recipients-deferred' : 'server-busy', said)
  if (code === 530 || status === '5.7.57') return new MailFailure('auth', 'login-needed', said)
  if (code === 552 || tooLargeStatus.has(status) || (code === 554 && tooLargeWords.test(said))) return new MailFailure('rejected', 'too-large', said)
  switch (stage) {
    case 'sender':
      return new MailFailure('rejected', 'sender-refused', said)
    case 'recipients':
      return new MailFailure('rejected', 'recipients-refused', said)
    case 'data':
      // Exchange judges the right to send as somebody only now.
      return new MailFailure('rejected', /SendAsDenied|not allowed to send as|5\.7\.60\b/i.test(said) ? 'sender-refused' : 'message-refused', said)
  }
}

function loginFailure({ code, said }: Reply): MailFailure {
  if (code < 500) return new MailFailure('throttled', 'server-busy', said)
  if (/app(?:lication)?[- ]?specific password|app password/i.test(said)) return new MailFailure('auth', 'app-password-needed', said)
  if (/web login|log ?in via your web browser/i.test(said)) return new MailFailure('auth', 'web-login-needed', said)
  if (code === 538 || code === 530) return new MailFailure('auth', 'login-disabled', said)
  if (code === 534) return new MailFailure('auth', 'no-login-method', said)
  return new MailFailure('auth', 'login-refused', said)
}
