import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export type DovecotBinary = {
  readonly dovecot: string
  readonly doveadm: string
  readonly version: string
  /** The configuration language changed with 2.4. */
  readonly language: '2.3' | '2.4'
}

// Servers live outside an ordinary user's PATH on most systems.
const MORE_PLACES = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

/** The installed Dovecot, or null where there is none. Rejects for a version too old or too new to be configured here. */
export async function findDovecot(): Promise<DovecotBinary | null> {
  const dovecot = findProgram('dovecot')
  const doveadm = findProgram('doveadm')
  if (dovecot === null || doveadm === null) return null
  const { stdout } = await promisify(execFile)(dovecot, ['--version'])
  const version = stdout.trim().split(/[ -]/)[0] ?? ''
  const [major, minor] = version.split('.').map(Number)
  if (major === 2 && minor === 3) return { dovecot, doveadm, version, language: '2.3' }
  if (major === 2 && minor !== undefined && minor >= 4) return { dovecot, doveadm, version, language: '2.4' }
  throw new Error(`Dovecot ${version} is installed; the tests know how to configure 2.3 and 2.4`)
}

function findProgram(name: string): string | null {
  for (const place of [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_PLACES]) {
    if (place === '') continue
    const path = join(place, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return null
}
