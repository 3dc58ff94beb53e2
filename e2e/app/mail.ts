// Mail that other people's programs send to the stories.

export type MailParts = {
  readonly subject: string
  readonly from?: string
  readonly to?: string
  readonly text?: string
  readonly html?: string
  readonly messageId?: string
  /** Message-ID of the mail this answers. */
  readonly inReplyTo?: string
  readonly date?: Date
}

let sent = 0

/** A message of its own, complete and well-formed. */
export function mail({ subject, from = 'Kari Nordmann <kari@nordmann.example>', to = 'anna@shortlist.example', text = `${subject}.`, html, messageId, inReplyTo, date = new Date() }: MailParts): string {
  sent += 1
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageId ?? `${String(sent)}.${String(process.pid)}@nordmann.example`}>`,
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: <${inReplyTo}>`, `References: <${inReplyTo}>`]),
    'MIME-Version: 1.0',
    `Content-Type: text/${html === undefined ? 'plain' : 'html'}; charset=utf-8`,
    'Content-Transfer-Encoding: 8bit',
    '',
    html ?? text,
    '',
  ].join('\r\n')
}
