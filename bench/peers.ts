// The neighbours measured in the same run: mbsync, which only copies files, and notmuch, which indexes them. Each gives
// null where it is not installed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Server = { readonly port: number; readonly user: string; readonly password: string }

const installed = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0

function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}: ${stderr}`)
  return performance.now() - start
}

/** Milliseconds mbsync takes for a first copy into `dir`/mail. */
export function mbsync(dir: string, server: Server): number | null {
  if (!installed('mbsync')) return null
  mkdirSync(join(dir, 'mail'), { recursive: true })
  const config = join(dir, 'mbsyncrc')
  writeFileSync(
    config,
    `IMAPAccount bench
Host 127.0.0.1
Port ${String(server.port)}
User ${server.user}
Pass ${server.password}
SSLType None
AuthMechs LOGIN

IMAPStore remote
Account bench

MaildirStore local
Path ${dir}/mail/
Inbox ${dir}/mail/INBOX
SubFolders Verbatim

Channel all
Far :remote:
Near :local:
Patterns *
Create Near
Sync Pull
SyncState *
`,
  )
  return timed('mbsync', ['-c', config, '-a'])
}

export type Notmuch = { readonly index: number; readonly search: (query: string) => number }

/** Milliseconds `notmuch new` takes over what mbsync copied, and a search by it (a process each, its first 50 threads). */
export function notmuch(dir: string): Notmuch | null {
  if (!installed('notmuch') || readdirSync(join(dir, 'mail')).length === 0) return null
  const config = join(dir, 'notmuch-config')
  writeFileSync(config, `[database]\npath=${dir}/mail\n[user]\nname=Bench\nprimary_email=bench@bench.example\n[new]\ntags=new\nignore=.mbsyncstate;.uidvalidity\n`)
  const env = { NOTMUCH_CONFIG: config }
  return {
    index: timed('notmuch', ['new', '--quiet'], env),
    search: (query) => timed('notmuch', ['search', '--limit=50', '--sort=newest-first', query], env),
  }
}
