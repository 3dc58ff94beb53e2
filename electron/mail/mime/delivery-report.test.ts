import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deliveryReport } from './delivery-report.ts'

const seed = (path: string): Buffer => readFileSync(join(import.meta.dirname, '../sample/seed', path))

describe('a delivery report', () => {
  it('names the message, the recipient and the reason', () => {
    expect(deliveryReport(seed('inbox/006-undelivered-mail-returned-to-sender.eml'))).toEqual({
      envelopeId: null,
      messageIds: ['a5510494-ee3c-2b08-260b-501e1be571b7@solberg-search.example'],
      recipients: [
        {
          address: 'elias.berntsen@kraftverkeriet.example', action: 'failed', status: '5.1.1',
          said: '550 5.1.1 <elias.berntsen@kraftverkeriet.example>: Recipient address rejected: User unknown in virtual mailbox table',
        },
      ],
    })
  })

  it('of a delay is one of a delay', () => {
    expect(deliveryReport(seed('archive/008-delayed-mail-still-being-retried.eml'))?.recipients).toMatchObject([{ action: 'delayed', status: expect.stringMatching(/^4\./) as string }])
  })

  it('with returned headers only, an envelope id, several recipients and a token is read whole', () => {
    const report = [
      'From: MAILER-DAEMON@mx.example', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '',
      '--b', 'Content-Type: text/plain', '', 'no', '--b', 'Content-Type: message/delivery-status', 'Content-Transfer-Encoding: quoted-printable', '',
      'Reporting-MTA: dns; mx.example', 'Original-Envelope-Id: one@firm.example', '',
      'Original-Recipient: rfc822;a@x.example', 'Final-Recipient: rfc822;elsewhere@y.example', 'Action: failed', 'Status: 5.2.2 (mailbox full)', '',
      'Final-Recipient: rfc822; b@x.example', 'Action: DELAYED', 'Status: 4.4.1', '',
      'Final-Recipient: rfc822; c@x.example', 'Action: exploded', 'Status: 5.0.0', '',
      '--b', 'Content-Type: text/rfc822-headers', '', 'X-Shortlist-Message-Id: one@firm.example', 'Message-ID: <rewritten@server.example>', 'Subject: x', '', '--b--', '',
    ].join('\r\n')
    expect(deliveryReport(Buffer.from(report))).toEqual({
      envelopeId: 'one@firm.example',
      messageIds: ['one@firm.example', 'rewritten@server.example'],
      recipients: [
        { address: 'a@x.example', action: 'failed', status: '5.2.2', said: null },
        { address: 'b@x.example', action: 'delayed', status: '4.4.1', said: null },
      ],
    })
  })

  it('of Exim without parts is read from its fields', () => {
    const report = [
      'X-Failed-Recipients: gone@x.example', 'Auto-Submitted: auto-replied', 'From: Mail Delivery System <Mailer-Daemon@mx.example>', 'Subject: Mail delivery failed: returning message to sender', '',
      'A message that you sent could not be delivered.', '', '  gone@x.example', '    host mx.x.example [192.0.2.1]', '    SMTP error from remote mail server after RCPT TO:<gone@x.example>:', '    550 5.1.1 No such user', '',
      '------ This is a copy of the message, including all the headers. ------', '', 'Message-ID: <one@firm.example>', 'Subject: Hi', '',
    ].join('\r\n')
    expect(deliveryReport(Buffer.from(report))).toEqual({ envelopeId: null, messageIds: ['one@firm.example'], recipients: [{ address: 'gone@x.example', action: 'failed', status: '5.1.1', said: '550 5.1.1 No such user' }] })
  })

  it('is not an ordinary mail, a read receipt, or a report that reports nothing', () => {
    expect(deliveryReport(seed('inbox/008-praktikum.eml'))).toBeNull()
    expect(deliveryReport(Buffer.from('Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nread\r\n--b--\r\n'))).toBeNull()
    expect(deliveryReport(Buffer.from('Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\r\n--b--\r\n'))).toBeNull()
    for (const bytes of ['', '\r\n', 'x', 'Content-Type: multipart/report', '\0\0\0']) expect(deliveryReport(Buffer.from(bytes))).toBeNull()
  })
})
