// How mail leaves a mailbox, as it is typed: by default through the server that goes with the one it is read from, under the
// same user name and password. It never holds a password.
import { OutgoingServer, ServerAddress } from '../../../shared/model/account.ts'
import type { Security, ServerAddress as Server } from '../../../shared/model/account.ts'

export type OutgoingForm = {
  /** False: this mailbox only reads. */
  readonly sends: boolean
  readonly host: string
  readonly port: string
  readonly security: Security
  readonly signIn: OutgoingServer['signIn']
  readonly userName: string
  readonly sentCopy: OutgoingServer['sentCopy']
  /** The server was typed, and follows nothing else any more. */
  readonly byHand: boolean
}

export type OutgoingProblem = 'missingSendHost' | 'bad-host' | 'bad-port' | 'missing' | 'relay-only' | 'receives-only'
export type OutgoingProblems = { readonly host?: OutgoingProblem; readonly port?: OutgoingProblem; readonly userName?: OutgoingProblem }

export const emptyOutgoing: OutgoingForm = { sends: true, host: '', port: '465', security: 'tls', signIn: 'incoming', userName: '', sentCopy: 'auto', byHand: false }

export function outgoingFormOf(outgoing: OutgoingServer | null, incoming: Server): OutgoingForm {
  if (outgoing === null) return { ...followed(emptyOutgoing, incoming.host), sends: false }
  const { server, signIn, userName, sentCopy } = outgoing
  return { sends: true, host: server.host, port: String(server.port), security: server.security, signIn, userName, sentCopy, byHand: true }
}

/** The server that goes with the one mail is read from, unless one was typed. */
export function followed(form: OutgoingForm, incomingHost: string): OutgoingForm {
  return form.byHand ? form : { ...form, host: incomingHost.trim().replace(/^imap(?=[.-])/iu, 'smtp'), port: '465', security: 'tls' }
}

export function withOutgoingPreset(form: OutgoingForm, preset: OutgoingServer | null): OutgoingForm {
  if (form.byHand || preset === null) return form
  const { host, port, security } = preset.server
  return { ...form, host, port: String(port), security }
}

/** RFC 8314 and RFC 6409. */
const usualPort: Readonly<Record<Security, string>> = { tls: '465', starttls: '587', plain: '25' }
const usualSecurity: Readonly<Record<string, Security>> = { '465': 'tls', '587': 'starttls' }

export function withOutgoingSecurity(form: OutgoingForm, security: Security): OutgoingForm {
  const port = Object.values(usualPort).includes(form.port) ? usualPort[security] : form.port
  return { ...form, security, port, byHand: true }
}

export function withOutgoingPort(form: OutgoingForm, port: string): OutgoingForm {
  return { ...form, port, security: usualSecurity[port] ?? form.security, byHand: true }
}

/** Ports that look right and often lead nowhere. */
export function portWarning(form: OutgoingForm): 'port25' | 'port2525' | null {
  if (form.port === '25') return 'port25'
  return form.port === '2525' ? 'port2525' : null
}

export function outgoingOf(form: OutgoingForm): OutgoingServer | null {
  if (!form.sends) return null
  return {
    server: { host: form.host.trim(), port: Number(form.port), security: form.security },
    signIn: form.signIn,
    userName: form.signIn === 'own' ? form.userName.trim() : '',
    sentCopy: form.sentCopy,
  }
}

export function outgoingProblems(form: OutgoingForm, incomingMissing: boolean): OutgoingProblems {
  if (!form.sends) return {}
  const host = form.host.trim().toLowerCase().replace(/\.$/u, '')
  const hostProblem = (): OutgoingProblem | undefined => {
    // While nothing is known of the server at all, one question is enough.
    if (host === '') return incomingMissing ? undefined : 'missingSendHost'
    if (!ServerAddress.shape.host.safeParse(host).success) return 'bad-host'
    if (host === 'smtp-relay.gmail.com') return 'relay-only'
    return /^(?:alt\d\.)?aspmx\.l\.google\.com$/u.test(host) ? 'receives-only' : undefined
  }
  const problem = hostProblem()
  const badPort = !/^\d+$/u.test(form.port) || !ServerAddress.shape.port.safeParse(Number(form.port)).success
  return {
    ...(problem === undefined ? {} : { host: problem }),
    ...(badPort ? { port: 'bad-port' as const } : {}),
    ...(form.signIn === 'own' && form.userName.trim() === '' ? { userName: 'missing' as const } : {}),
  }
}

export function outgoingDiffers(before: OutgoingForm, after: OutgoingForm): boolean {
  return JSON.stringify(outgoingOf(before)) !== JSON.stringify(outgoingOf(after)) && after.sends
}
