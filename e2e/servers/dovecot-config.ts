import type { Certificate } from './certificate.ts'

/** `all` is whatever this Dovecot can do. `plain` is a server of the nineties: IMAP4rev1 without a single modern extension. */
export type Capabilities = 'all' | 'plain' | { readonly without: readonly string[] }

export type DovecotShape = {
  readonly capabilities: Capabilities
  /** Whether COMPRESS=DEFLATE (RFC 4978) is offered. */
  readonly compression: boolean
  /** Without it this is a server that has never heard of TLS. */
  readonly tls: boolean
  /** Whether the standard folders exist from the start, and are marked (RFC 6154) unless the capabilities forbid it. */
  readonly standardFolders: boolean
  readonly separator: '/' | '.'
  /** Put before the name of every folder but INBOX, as in `INBOX.`; must end with the separator. */
  readonly prefix: string
  readonly maxConnectionsPerUser: number
  /** Further lines in the configuration's own language, at its end. */
  readonly extraConfig: string
}

export type DovecotPlace = {
  readonly dir: string
  readonly port: number
  readonly tlsPort: number
  readonly certificate: Certificate
  /** Whom mail is read and written as. */
  readonly mailUser: { readonly name: string; readonly group: string; readonly uid: number; readonly gid: number }
  /** Set when the server runs as an ordinary user, who must then own every one of its processes. */
  readonly everythingAs: { readonly name: string; readonly group: string } | null
}

const STANDARD_FOLDERS = ['Drafts', 'Sent', 'Trash', 'Junk', 'Archive'] as const

// 2.3 can only be told the full list. This is what 2.3.19 says after login.
const ALL_OF_2_3 =
  'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW SPECIAL-USE STATUS=SIZE SAVEDATE LITERAL+ NOTIFY'.split(
    ' ',
  )
const PLAIN = ['IMAP4rev1', 'CHILDREN', 'NAMESPACE']

export function dovecotConfig(language: '2.3' | '2.4', place: DovecotPlace, shape: DovecotShape): string {
  return language === '2.3' ? configFor23(place, shape) : configFor24(place, shape)
}

function lacks(capabilities: Capabilities, name: string): boolean {
  if (capabilities === 'all') return false
  return capabilities === 'plain' || capabilities.without.includes(name)
}

function configFor23(place: DovecotPlace, shape: DovecotShape): string {
  const { dir, mailUser, everythingAs } = place
  const { capabilities } = shape
  // A mailbox whose indexes are never written has no lasting modification sequences and says NOMODSEQ,
  // which is as near as Dovecot comes to not knowing CONDSTORE.
  const location = lacks(capabilities, 'CONDSTORE') ? 'maildir:~/Maildir:INDEX=MEMORY' : 'maildir:~/Maildir'
  const offered =
    capabilities === 'all'
      ? null
      : capabilities === 'plain'
        ? PLAIN
        : ALL_OF_2_3.filter((each) => !capabilities.without.includes(each))
  const compress = shape.compression ? ['COMPRESS=DEFLATE'] : []
  return `protocols = imap
listen = 127.0.0.1
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/dovecot.log
ssl = ${shape.tls ? 'yes' : 'no'}
${!shape.tls ? '' : `ssl_cert = <${place.certificate.certFile}\nssl_key = <${place.certificate.keyFile}`}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = ${dir}/passwd
}
userdb {
  driver = static
  args = uid=${mailUser.name} gid=${mailUser.group} home=${dir}/mail/%u
}
first_valid_uid = ${String(mailUser.uid)}
first_valid_gid = ${String(mailUser.gid)}
mail_location = ${location}
mail_max_userip_connections = ${String(shape.maxConnectionsPerUser)}
mail_fsync = never
maildir_very_dirty_syncs = yes
${offered === null ? '' : `imap_capability = ${[...offered, ...compress].join(' ')}`}
${shape.compression ? 'protocol imap {\n  mail_plugins = imap_zlib\n}' : ''}
${commonPart(place, shape, everythingAs)}
`
}

function configFor24(place: DovecotPlace, shape: DovecotShape): string {
  const { dir, mailUser, everythingAs } = place
  const { capabilities } = shape
  const without = [
    ...(shape.compression ? [] : ['COMPRESS=DEFLATE']),
    ...(typeof capabilities === 'object' ? capabilities.without : []),
  ]
  const offered =
    capabilities === 'plain'
      ? `imap_capability = ${[...PLAIN, ...(shape.compression ? ['COMPRESS=DEFLATE'] : [])].join(' ')}`
      : without.length === 0
        ? ''
        : `imap_capability {\n${without.map((each) => `    "${each}" = no`).join('\n')}\n  }`
  return `dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap
listen = 127.0.0.1
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/dovecot.log
ssl = ${shape.tls ? 'yes' : 'no'}
${!shape.tls ? '' : `ssl_server_cert_file = ${place.certificate.certFile}\nssl_server_key_file = ${place.certificate.keyFile}`}
auth_allow_cleartext = yes
auth_mechanisms = plain login
auth_failure_delay = 0
passdb passwd-file {
  passwd_file_path = ${dir}/passwd
}
userdb static {
  fields {
    uid = ${mailUser.name}
    gid = ${mailUser.group}
    home = ${dir}/mail/%{user}
  }
}
first_valid_uid = ${String(mailUser.uid)}
first_valid_gid = ${String(mailUser.gid)}
mail_driver = maildir
mail_path = ~/Maildir
mailbox_list_layout = maildir++
${lacks(capabilities, 'CONDSTORE') ? 'mail_index_path = MEMORY' : ''}
mail_max_userip_connections = ${String(shape.maxConnectionsPerUser)}
mail_fsync = never
maildir_very_dirty_syncs = yes
service imap {
  ${offered}
}
service imap-login {
  ${offered}
}
${commonPart(place, shape, everythingAs)}
`
}

function commonPart(place: DovecotPlace, shape: DovecotShape, everythingAs: DovecotPlace['everythingAs']): string {
  const special = !lacks(shape.capabilities, 'SPECIAL-USE')
  const folders = shape.standardFolders
    ? STANDARD_FOLDERS.map(
        (name) => `  mailbox ${name} {
    auto = subscribe
${special ? `    special_use = \\${name}\n` : ''}  }`,
      ).join('\n')
    : ''
  // The penalty listener slows the login after a wrong password by seconds. The chroots need root.
  return `${everythingAs === null ? '' : `default_internal_user = ${everythingAs.name}\ndefault_internal_group = ${everythingAs.group}\ndefault_login_user = ${everythingAs.name}`}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${String(place.port)}
  }
  inet_listener imaps {
    port = ${shape.tls ? place.tlsPort : 0}
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  separator = ${shape.separator}
  prefix = ${shape.prefix}
${folders}
}
${shape.extraConfig}`
}
