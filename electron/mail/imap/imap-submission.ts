// The way out of an IMAP account: its submission server as the settings name it.
import { MailFailure } from '../../../shared/model/failure.ts'
import type { ImapSettings } from '../../../shared/model/account.ts'
import { createSubmitter, type Submitter } from '../smtp/submitter.ts'
import type { SmtpServer, SmtpSignIn } from '../smtp/smtp-connection.ts'

export type Passwords = {
  readonly password: () => Promise<string>
  /** Of the server that sends, where it has one of its own. */
  readonly outgoingPassword?: () => Promise<string>
}

/** Null for an account that only reads. */
export function smtpServerOf(settings: ImapSettings, { password, outgoingPassword }: Passwords): SmtpServer | null {
  const { outgoing, plainConsent, trusted } = settings
  if (!outgoing) return null
  const signIn = (): SmtpSignIn => {
    switch (outgoing.signIn) {
      case 'incoming':
        return { kind: 'password', userName: settings.userName, password }
      case 'own':
        return { kind: 'password', userName: outgoing.userName, password: outgoingPassword ?? (() => Promise.reject(new MailFailure('auth', 'password-missing'))) }
      case 'none':
        return { kind: 'none' }
    }
  }
  return { server: outgoing.server, plainConsent, trusted, signIn: signIn() }
}

export function submitterFor(settings: ImapSettings, passwords: Passwords): Submitter {
  const server = smtpServerOf(settings, passwords)
  if (server) return createSubmitter({ server })
  return {
    submit: () => Promise.reject(new MailFailure('rejected', 'no-outgoing-server')),
    sizeLimit: () => Promise.resolve(null),
    holdLimit: () => Promise.resolve(null),
    close: () => undefined,
  }
}

/** Hosts that put what they send into Sent by themselves. */
const savingHosts = /(?:^|\.)(?:gmail\.com|googlemail\.com|office365\.com|outlook\.com|hotmail\.com)$/

/** Whether the settings alone tell if the sending server saves a copy; null: they do not. */
export function savesSentBySettings({ outgoing }: ImapSettings): boolean | null {
  if (!outgoing) return null
  switch (outgoing.sentCopy) {
    case 'here':
      return false
    case 'server':
      return true
    case 'auto':
      return savingHosts.test(outgoing.server.host.toLowerCase()) ? true : null
  }
}
