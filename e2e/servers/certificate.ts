import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Certificate = {
  readonly keyFile: string
  readonly certFile: string
  readonly pem: string
  /** SHA-256 in upper-case hex pairs joined by colons, as Node's tls reports it. */
  readonly fingerprint256: string
}

const REQUEST = `[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
subjectAltName = DNS:localhost,IP:127.0.0.1
basicConstraints = critical,CA:TRUE
`

/** A self-signed certificate for localhost and 127.0.0.1, written into `dir` as key.pem and cert.pem, or the one that is there. */
export async function createCertificate(dir: string): Promise<Certificate> {
  const keyFile = join(dir, 'key.pem')
  const certFile = join(dir, 'cert.pem')
  const known = await readFile(certFile, 'utf8').catch(() => null)
  if (known !== null && Date.parse(new X509Certificate(known).validTo) > Date.now() + 86_400_000) return described(keyFile, certFile, known)
  const requestFile = join(dir, 'certificate.cnf')
  await writeFile(requestFile, REQUEST)
  const run = promisify(execFile)
  // A curve key takes milliseconds where an RSA key can take seconds; the request file rather than -addext
  // keeps LibreSSL working.
  await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', keyFile])
  await run('openssl', ['req', '-x509', '-new', '-key', keyFile, '-days', '30', '-config', requestFile, '-out', certFile])
  return described(keyFile, certFile, await readFile(certFile, 'utf8'))
}

function described(keyFile: string, certFile: string, pem: string): Certificate {
  return { keyFile, certFile, pem, fingerprint256: new X509Certificate(pem).fingerprint256 }
}
