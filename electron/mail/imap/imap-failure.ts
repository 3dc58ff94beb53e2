// What an IMAP server or the way to it did wrong, as the closed union the program reasons about. The provider's edge:
// the kind is chosen here and nowhere else, the server's own words are kept for the person.
// A certificate or protection that is not right counts as `offline`, not as `rejected`: a hotel's login page in between must
// never undo what the person did; the code says what to show.
import { MailFailure } from '../../../shared/model/failure.ts'
import { connectionCode, tlsCode } from '../connection-failure.ts'

/** Fields imapflow, Node's sockets and its TLS put on what they throw. */
type Thrown = {
  readonly message: string
  readonly code: string | null
  /** NO or BAD, for a command the server answered. */
  readonly status: string | null
  /** The response code in brackets (RFC 5530), upper case. */
  readonly responseCode: string | null
  /** The server's words after it. */
  readonly text: string | null
  readonly loginRefused: boolean
  readonly folderMissing: boolean
  readonly tlsFailed: boolean
  readonly throttleMs: number | null
  /** What the server said with its BYE. */
  readonly farewell: string | null
}

export type FailureContext = {
  /** Why we closed the connection ourselves, if we did. Whatever its commands say after that is only an echo. */
  readonly closedBecause?: MailFailure | null
  /** The connection is gone, whoever ended it. */
  readonly closed?: boolean
  /** The last error of the socket itself; commands only learn that the connection is gone. */
  readonly socketError?: unknown
  /** The words of an untagged BYE. */
  readonly farewell?: string | null | undefined
}

export function imapFailure(error: unknown, context: FailureContext = {}): MailFailure {
  if (context.closedBecause) return context.closedBecause
  if (error instanceof MailFailure) return error
  const thrown = readThrown(error)
  if (thrown.loginRefused) return loginFailure(thrown)
  if (thrown.status !== null) return replyFailure(thrown)
  if (thrown.folderMissing || thrown.code === 'NotFound') return new MailFailure('gone', 'folder-gone', thrown.text ?? thrown.message)
  const found = connectionFailure(thrown)
  const known = found.kind === 'bug' && context.closed ? new MailFailure('offline', 'connection-lost', found.said) : found
  // "Connection not available" is only the echo of what happened to the socket.
  if (known.code !== 'connection-lost') return known
  const farewell = thrown.farewell ?? context.farewell ?? null
  if (farewell !== null) return farewellFailure(farewell)
  if (context.socketError !== undefined && context.socketError !== error) return imapFailure(context.socketError)
  return known
}

/** The failure an aborted operation ends with: what the caller gave as its reason, if that is one already. */
export function abortFailure(signal: AbortSignal): MailFailure {
  return signal.reason instanceof MailFailure ? signal.reason : new MailFailure('offline', 'aborted')
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortFailure(signal)
}

function readThrown(error: unknown): Thrown {
  const fields: Readonly<Record<string, unknown>> = typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {}
  const text = (name: string): string | null => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  return {
    message: error instanceof Error ? error.message : String(error),
    code: text('code'),
    status: text('responseStatus'),
    responseCode: text('serverResponseCode')?.toUpperCase() ?? responseCodeOf(fields['response']),
    text: text('responseText') ?? spoken(text('response')),
    loginRefused: fields['authenticationFailed'] === true,
    folderMissing: fields['mailboxMissing'] === true,
    tlsFailed: fields['tlsFailed'] === true,
    throttleMs: typeof fields['throttleReset'] === 'number' ? fields['throttleReset'] : null,
    farewell: text('reason'),
  }
}

/** The code of a parsed response: `attributes[0].section[0].value`. */
function responseCodeOf(response: unknown): string | null {
  const attributes = field(response, 'attributes')
  const section = field(Array.isArray(attributes) ? attributes[0] : null, 'section')
  const value = field(Array.isArray(section) ? section[0] : null, 'value')
  return typeof value === 'string' ? value.trim().toUpperCase() : null
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** A whole response line without its tag and status. */
function spoken(line: string | null): string | null {
  return line?.replace(/^\S+ (?:NO|BAD|BYE|OK) /, '') ?? null
}

const busyWords =
  /too many|bandwidth|throttl|rate limit|limit(?:s)? (?:reached|exceeded)|exceeded .*limit|maximum number|try again later|temporar|unavailable|overload|server (?:is )?busy|not connected|in use/i
const connectionWords = /too many .*(?:connection|login|session)|maximum number of (?:connections|logins|sessions)|(?:connection|session|user).* limit/i
const missingWords = /(?:does ?n[o']t|not) exist|no such (?:mailbox|folder)|unknown (?:mailbox|folder)|nonexistent|(?:mailbox|folder) not found|deleted under us/i
const existsWords = /already exist/i
const spaceWords = /quota|mailbox is full/i

function throttledCode(words: string): string {
  if (connectionWords.test(words)) return 'too-many-connections'
  if (/bandwidth/i.test(words)) return 'bandwidth'
  if (/throttl|rate/i.test(words)) return 'rate-limited'
  return 'server-busy'
}

function loginFailure({ message, responseCode, text, status }: Thrown): MailFailure {
  const said = text ?? message
  switch (responseCode) {
    case 'UNAVAILABLE':
    case 'LIMIT':
    case 'INUSE':
    case 'SERVERBUG':
      return new MailFailure('throttled', throttledCode(said), said)
    case 'EXPIRED':
      return new MailFailure('auth', 'password-expired', said)
    case 'PRIVACYREQUIRED':
      return new MailFailure('auth', 'login-disabled', said)
    case 'CONTACTADMIN':
      return new MailFailure('auth', 'contact-admin', said)
    default:
  }
  if (/app(?:lication)?[- ]?specific password|app password/i.test(said)) return new MailFailure('auth', 'app-password-needed', said)
  if (/web login|log ?in via your web browser/i.test(said)) return new MailFailure('auth', 'web-login-needed', said)
  if (/basic ?auth|authentication method .*disabled/i.test(said)) return new MailFailure('auth', 'password-off', said)
  if (/(?:imap|pop3?).*(?:disabled|not enabled|not allowed|deaktiviert|nicht aktiviert)|not enabled for imap/i.test(said)) {
    return new MailFailure('auth', 'imap-off', said)
  }
  if (/login is disabled|logindisabled|plaintext authentication disallowed/i.test(said)) return new MailFailure('auth', 'login-disabled', said)
  // A refusal by name is a refusal, however it is worded; only an unnamed one may mean a server that is not well.
  if (responseCode !== 'AUTHENTICATIONFAILED' && responseCode !== 'AUTHORIZATIONFAILED' && busyWords.test(said)) {
    return new MailFailure('throttled', throttledCode(said), said)
  }
  if (status === null && responseCode === null && /no matching authentication|no password|unsupported/i.test(message)) {
    return new MailFailure('auth', 'no-login-method', said)
  }
  return new MailFailure('auth', 'login-refused', said)
}

function replyFailure({ status, responseCode, text, message, throttleMs, folderMissing }: Thrown): MailFailure {
  const said = text ?? message
  if (throttleMs !== null) return new MailFailure('throttled', 'rate-limited', said, { retryAfterMs: throttleMs })
  if (folderMissing) return new MailFailure('gone', 'folder-gone', said)
  switch (responseCode) {
    case 'UNAVAILABLE':
    case 'LIMIT':
    case 'INUSE':
    case 'SERVERBUG':
      return new MailFailure('throttled', throttledCode(said), said)
    case 'NONEXISTENT':
    case 'TRYCREATE':
      return new MailFailure('gone', 'folder-gone', said)
    case 'EXPUNGEISSUED':
      return new MailFailure('gone', 'message-gone', said)
    case 'ALREADYEXISTS':
      return new MailFailure('rejected', 'already-exists', said)
    case 'NOPERM':
      return new MailFailure('rejected', 'no-permission', said)
    case 'OVERQUOTA':
      return new MailFailure('rejected', 'over-quota', said)
    case 'CANNOT':
      return new MailFailure('rejected', 'cannot', said)
    case 'HASCHILDREN':
      return new MailFailure('rejected', 'has-children', said)
    case 'READ-ONLY':
      return new MailFailure('rejected', 'read-only', said)
    case 'BADCHARSET':
      return new MailFailure('rejected', 'search-charset', said)
    default:
  }
  if (missingWords.test(said)) return new MailFailure('gone', 'folder-gone', said)
  if (existsWords.test(said)) return new MailFailure('rejected', 'already-exists', said)
  if (spaceWords.test(said)) return new MailFailure('rejected', 'over-quota', said)
  if (busyWords.test(said)) return new MailFailure('throttled', throttledCode(said), said)
  return new MailFailure('rejected', status === 'BAD' ? 'bad-command' : 'server-refused', said)
}

function farewellFailure(words: string): MailFailure {
  if (missingWords.test(words)) return new MailFailure('gone', 'folder-gone', words)
  // Logged out for being idle, or a server going down, is a lost connection like any other.
  if (busyWords.test(words) && !/shutting down|inactiv|idle/i.test(words)) return new MailFailure('throttled', throttledCode(words), words)
  return new MailFailure('offline', 'connection-lost', words)
}

/** What the library itself says went wrong on the way. */
const libraryCodes: Readonly<Record<string, string>> = {
  CONNECT_TIMEOUT: 'timeout',
  UPGRADE_TIMEOUT: 'timeout',
  GREETING_TIMEOUT: 'no-greeting',
  COMPRESS_TRAILING_DATA: 'compression-broken',
  Z_BUF_ERROR: 'compression-broken',
  Z_DATA_ERROR: 'compression-broken',
  STARTTLS_INJECTION: 'starttls-injection',
  UnexpectedTag: 'garbled',
  InvalidResponse: 'garbled',
  ResponseProcessingFailed: 'garbled',
  LineTooLarge: 'garbled',
  LiteralTooLarge: 'too-large',
  ResponseTooLarge: 'too-large',
  MAX_IMAP_NESTING_REACHED: 'garbled',
  NoConnection: 'connection-lost',
  EConnectionClosed: 'connection-lost',
  StateLogout: 'connection-lost',
  ClosedAfterConnectText: 'connection-lost',
  ClosedAfterConnectTLS: 'connection-lost',
}

function connectionFailure({ code, message, tlsFailed }: Thrown): MailFailure {
  const tls = code === null ? null : tlsCode(code)
  if (tls !== null) return new MailFailure('offline', tls, message)
  const known = code === null ? null : (libraryCodes[code] ?? connectionCode(code))
  if (known !== null) return new MailFailure('offline', known, known === 'connection-lost' ? null : message)
  if (code?.startsWith('ParserError')) return new MailFailure('offline', 'garbled', message)
  if (/does not support STARTTLS/i.test(message)) return new MailFailure('offline', 'starttls-missing', message)
  if (tlsFailed) return new MailFailure('offline', 'tls-unsupported', message)
  return new MailFailure('bug', 'unexpected', message)
}
