// What Node says of a connection that failed, as codes for the locale files. The same for every protocol.

const connectionCodes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'unknown-host',
  EAI_NODATA: 'unknown-host',
  EAI_NONAME: 'unknown-host',
  EAI_AGAIN: 'no-name-server',
  EAI_FAIL: 'no-name-server',
  ECONNREFUSED: 'refused',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  ETIMEOUT: 'timeout',
  ECONNRESET: 'connection-lost',
  ECONNABORTED: 'connection-lost',
  EPIPE: 'connection-lost',
  ERR_STREAM_DESTROYED: 'connection-lost',
  ERR_STREAM_WRITE_AFTER_END: 'connection-lost',
  ERR_STREAM_PREMATURE_CLOSE: 'connection-lost',
  ERR_SOCKET_CLOSED: 'connection-lost',
}

/** The failure code for an error of a socket or of a name server; null for anything else. */
export function connectionCode(nodeCode: string): string | null {
  return connectionCodes[nodeCode] ?? null
}

/** The failure code for what Node says about a certificate or a handshake; null for anything else. */
export function tlsCode(nodeCode: string): string | null {
  switch (nodeCode) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'tls-self-signed'
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
    case 'CERT_CHAIN_TOO_LONG':
    case 'INVALID_CA':
    case 'INVALID_PURPOSE':
      return 'tls-untrusted'
    case 'CERT_HAS_EXPIRED':
      return 'tls-expired'
    case 'CERT_NOT_YET_VALID':
      return 'tls-not-yet-valid'
    case 'CERT_REVOKED':
      return 'tls-revoked'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'ERR_TLS_CERT_ALTNAME_FORMAT':
    case 'HOSTNAME_MISMATCH':
      return 'tls-hostname'
    case 'EPROTO':
    case 'ERR_TLS_HANDSHAKE_TIMEOUT':
      return 'tls-unsupported'
    default:
      if (/^(?:ERR_SSL_|ERR_OSSL_|ERR_TLS_)/.test(nodeCode)) return 'tls-unsupported'
      if (/^(?:CERT_|UNABLE_TO_|CRL_|ERROR_IN_CERT)/.test(nodeCode)) return 'tls-untrusted'
      return null
  }
}
