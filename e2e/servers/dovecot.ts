// A real Dovecot on loopback, thrown away afterwards: its own ports, certificate, users and mail under one directory.
// It can be stopped, killed and started again on the same ports and data, and it never outlives the process that
// started it: a watchdog holds a pipe from that process and clears up when the pipe closes, however it closed.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, open, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import { findDovecot } from './dovecot-binary.ts'
import { dovecotConfig } from './dovecot-config.ts'
import type { DovecotPlace, DovecotShape } from './dovecot-config.ts'
import { openImapSession, quoted } from './imap-session.ts'
import type { ImapSession } from './imap-session.ts'
import { LOOPBACK, freePorts, waitForGreeting } from './loopback.ts'
import { openMaildir } from './maildir.ts'
import type { Maildir } from './maildir.ts'
import { encodeModifiedUtf7 } from './modified-utf7.ts'

export type DovecotOptions = Partial<DovecotShape> & {
  /** Passwords by user name. Default: anna with the password geheim. */
  readonly users?: Readonly<Record<string, string>>
  /** Where everything is kept; given, it stays when the server is disposed of. */
  readonly dir?: string
  /** Default: any free one. */
  readonly port?: number
  readonly tlsPort?: number
}

export type DeliverOptions = {
  readonly flags?: readonly string[]
  /** Becomes INTERNALDATE. Default: now. */
  readonly date?: Date
}

export type Dovecot = {
  readonly host: string
  /** Plain, and STARTTLS unless `tls` is off. */
  readonly port: number
  /** TLS from the first byte. */
  readonly tlsPort: number
  readonly certificate: Certificate
  readonly dir: string
  readonly running: boolean
  /** On the same ports and data. Nothing happens if it is running. */
  start(): Promise<void>
  /** An orderly end; its data stays. Resolves when every port is free. */
  stop(): Promise<void>
  /** An end as by power cut: every process of it at once, connections reset, nothing written any more. */
  kill(): Promise<void>
  /** Ends it for good and deletes its directory, unless the directory was given. */
  dispose(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
  /** A user who can log in from now on; a known one gets the new password. */
  addUser(name: string, password: string): Promise<void>
  removeUser(name: string): Promise<void>
  /**
   * Puts a message into a folder as another program would: by APPEND while the server runs, else as a file.
   * The folder is created if it is not there.
   */
  deliver(user: string, folder: string, raw: Buffer | string, options?: DeliverOptions): Promise<void>
  /** For mail by the thousand, only while the server is stopped. */
  maildir(user: string): Maildir
  /** Where that Maildir is. */
  maildirPath(user: string): string
  /** A connection of another mail program, logged in. The caller closes it. */
  session(user: string): Promise<ImapSession>
  /** Runs `doveadm` and gives what it printed. */
  doveadm(args: readonly string[]): Promise<string>
  log(): Promise<string>
}

const DEFAULT_SHAPE: DovecotShape = {
  capabilities: 'all',
  compression: false,
  tls: true,
  standardFolders: true,
  separator: '/',
  prefix: '',
  maxConnectionsPerUser: 100,
  extraConfig: '',
}
const DIRECTORY_PREFIX = 'shortlist-dovecot-'
const START_TIMEOUT_MS = 20_000
const STOP_TIMEOUT_MS = 10_000

// Reads process ids until the pipe closes, then ends the last one's whole process group and removes the directory.
const WATCHDOG = `group=0
while read -r line; do group=$line; done
[ "$group" = 0 ] || kill -s KILL -- "-$group" 2>/dev/null
[ -z "$1" ] || rm -rf "$1" || { sleep 1; rm -rf "$1"; }`

const run = promisify(execFile)

/** Rejects where no Dovecot is installed. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const binary = await findDovecot()
  if (binary === null) throw new Error('Dovecot is not installed: run `node scripts/prerequisites.mjs`')
  await reapStale()

  const shape: DovecotShape = { ...DEFAULT_SHAPE, ...options }
  const dir = resolve(options.dir ?? (await mkdtemp(join(tmpdir(), DIRECTORY_PREFIX))))
  const { mailUser, everythingAs } = await whoIsWho()
  await mkdir(join(dir, 'mail'), { recursive: true })
  await mkdir(join(dir, 'run'), { recursive: true })
  await mkdir(join(dir, 'state'), { recursive: true })
  await writeFile(join(dir, 'owner'), String(process.pid))
  const owner = everythingAs === null ? mailUser : null
  if (owner !== null) {
    await openTheWayTo(dir)
    await chown(join(dir, 'mail'), owner.uid, owner.gid)
  }
  const certificate = await createCertificate(dir)
  const passwords = new Map(Object.entries(options.users ?? { anna: 'geheim' }))
  const configFile = join(dir, 'dovecot.conf')
  const logFile = join(dir, 'dovecot.log')
  const complaintFile = join(dir, 'dovecot.stderr')
  const maildirs = new Map<string, Maildir>()
  const sessions = new Map<string, Promise<ImapSession>>()

  let port = options.port ?? 0
  let tlsPort = options.tlsPort ?? 0
  let child: ChildProcess | null = null
  let disposed = false

  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'watchdog', options.dir === undefined ? dir : ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()

  let passwordChanges = 0
  const writePasswords = async (): Promise<void> => {
    const lines = [...passwords].map(
      ([name, password]) => `${name}:{PLAIN.b64}${Buffer.from(password).toString('base64')}\n`,
    )
    const file = join(dir, 'passwd')
    await writeFile(file, lines.join(''))
    // Dovecot looks for a change of size or of the time in whole seconds, and looks once a second.
    passwordChanges += 1
    const stamp = Math.floor(Date.now() / 1000) + passwordChanges
    await utimes(file, stamp, stamp)
    if (child !== null) await delay(1030 - (Date.now() % 1000))
  }

  const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')
  const log = (): Promise<string> => read(logFile)

  const spawnOnce = async (): Promise<'answers' | 'ports taken'> => {
    const place: DovecotPlace = { dir, port, tlsPort, certificate, mailUser, everythingAs }
    await writeFile(configFile, dovecotConfig(binary.language, place, shape))
    const logBefore = (await log()).length
    const complaints = await open(complaintFile, 'w')
    // A process group of its own, so that kill() and the watchdog reach every process of it and nobody else.
    const started = spawn(binary.dovecot, ['-F', '-c', configFile], {
      stdio: ['ignore', 'ignore', complaints.fd],
      detached: true,
    })
    const hasEnded = (): boolean => started.exitCode !== null || started.signalCode !== null
    started.once('exit', () => {
      watchdog.stdin.write('0\n')
    })
    await complaints.close()
    watchdog.stdin.write(`${String(started.pid ?? 0)}\n`)
    try {
      await waitForGreeting(port, START_TIMEOUT_MS, () => !hasEnded())
      // Another server may have taken the port in the meantime and be the one that answered.
      if (!hasEnded()) {
        child = started
        started.unref()
        return 'answers'
      }
    } catch (error) {
      if (!hasEnded()) {
        await endGroup(started, 'SIGKILL')
        throw error
      }
    }
    const said = (await read(complaintFile)) + (await log()).slice(logBefore)
    if (said.includes('Address already in use')) return 'ports taken'
    throw new Error(`Dovecot ${binary.version} did not start: ${said.trim()}`)
  }

  const closeSessions = async (): Promise<void> => {
    const open = [...sessions.values()]
    sessions.clear()
    await Promise.all(open.map((each) => each.then((session) => session.close()).catch(() => undefined)))
  }

  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const current = child
    child = null
    if (current === null) {
      sessions.clear()
      return
    }
    if (signal === 'SIGTERM') await closeSessions()
    else sessions.clear()
    await endGroup(current, signal)
  }

  const pathOf = (folder: string): readonly string[] => {
    if (folder.toUpperCase() === 'INBOX') return ['INBOX']
    const name = folder.startsWith(shape.prefix) ? folder.slice(shape.prefix.length) : folder
    return name.split(shape.separator)
  }

  const passwordOf = (user: string): string => {
    const password = passwords.get(user)
    if (password === undefined) throw new Error(`this server has no user ${user}`)
    return password
  }

  const openSession = (user: string): Promise<ImapSession> => openImapSession({ port, user, password: passwordOf(user) })

  /** The last delivery to each user; the next waits for it. */
  const deliveries = new Map<string, Promise<void>>()
  /** One connection per user, kept for deliveries. */
  const courier = async (user: string): Promise<ImapSession> => {
    let session = sessions.get(user)
    if (session === undefined) {
      session = openSession(user)
      sessions.set(user, session)
    }
    return session
  }

  const dovecot: Dovecot = {
    host: LOOPBACK,
    get port() {
      return port
    },
    get tlsPort() {
      return tlsPort
    },
    certificate,
    dir,
    get running() {
      return child !== null
    },
    async start() {
      if (disposed) throw new Error('this Dovecot was disposed of')
      if (child !== null) return
      const deadline = Date.now() + START_TIMEOUT_MS
      const portsAreFixed = port !== 0
      for (;;) {
        if (!portsAreFixed) {
          const [plain, tls] = await freePorts(2)
          port = plain ?? 0
          tlsPort = options.tlsPort ?? tls ?? 0
        } else if (tlsPort === 0) {
          tlsPort = (await freePorts(1))[0] ?? 0
        }
        if ((await spawnOnce()) === 'answers') return
        if (Date.now() > deadline) throw new Error(`port ${port} or ${tlsPort} stays taken`)
        await delay(50)
      }
    },
    stop() {
      return end('SIGTERM')
    },
    kill() {
      return end('SIGKILL')
    },
    async dispose() {
      if (disposed) return
      disposed = true
      // An orderly end can take Dovecot a second, which mail about to be deleted does not need.
      await end(options.dir === undefined ? 'SIGKILL' : 'SIGTERM')
      const gone = once(watchdog, 'exit')
      watchdog.ref()
      watchdog.stdin.end()
      await gone
    },
    [Symbol.asyncDispose]() {
      return dovecot.dispose()
    },
    async addUser(name, password) {
      passwords.set(name, password)
      await writePasswords()
    },
    async removeUser(name) {
      passwords.delete(name)
      await writePasswords()
    },
    async deliver(user, folder, raw, { flags = [], date = new Date() } = {}) {
      if (child === null) {
        passwordOf(user)
        dovecot.maildir(user).add(pathOf(folder), { raw: Buffer.isBuffer(raw) ? raw : Buffer.from(raw), flags, date })
        return
      }
      // A session answers one command at a time, whoever has mail to deliver.
      const turn = (deliveries.get(user) ?? Promise.resolve()).then(async () => {
        const session = await courier(user)
        const name = encodeModifiedUtf7(folder)
        try {
          await session.append(name, raw, { flags, date })
        } catch (error) {
          if (!String(error).includes('TRYCREATE')) {
            sessions.delete(user)
            throw error
          }
          await session.do(`CREATE ${quoted(name)}`)
          await session.append(name, raw, { flags, date })
        }
      })
      deliveries.set(user, turn.catch(() => undefined))
      await turn
    },
    maildir(user) {
      if (child !== null) throw new Error('stop Dovecot before writing into a Maildir')
      let maildir = maildirs.get(user)
      if (maildir === undefined) {
        maildir = openMaildir(dovecot.maildirPath(user), owner)
        maildirs.set(user, maildir)
      }
      return maildir
    },
    maildirPath(user) {
      return join(dir, 'mail', user, 'Maildir')
    },
    session: openSession,
    async doveadm(args) {
      const { stdout } = await run(binary.doveadm, ['-c', configFile, ...args], { maxBuffer: 64 * 1024 * 1024 })
      return stdout
    },
    log,
  }

  try {
    await writePasswords()
    await dovecot.start()
  } catch (error) {
    await dovecot.dispose()
    throw error
  }
  return dovecot
}

/** Whose processes these will be. Dovecot refuses to touch mail as root and cannot change users without being root. */
async function whoIsWho(): Promise<Pick<DovecotPlace, 'mailUser' | 'everythingAs'>> {
  const idOf = async (...args: readonly string[]): Promise<string> => (await run('id', args)).stdout.trim()
  const me = userInfo()
  if (me.uid !== 0) {
    const group = await idOf('-gn')
    return {
      mailUser: { name: me.username, group, uid: me.uid, gid: me.gid },
      everythingAs: { name: me.username, group },
    }
  }
  for (const name of ['mail', '_dovecot', 'nobody']) {
    try {
      const [uid, gid, group] = [await idOf('-u', name), await idOf('-g', name), await idOf('-gn', name)]
      return { mailUser: { name, group, uid: Number(uid), gid: Number(gid) }, everythingAs: null }
    } catch {
      continue
    }
  }
  throw new Error('there is no user mail, _dovecot or nobody to keep mail as')
}

/** Dovecot's own users have to walk through the directory and all above it, as through those mkdtemp keeps private. */
async function openTheWayTo(dir: string): Promise<void> {
  for (let each = dir; each !== dirname(each); each = dirname(each)) {
    const { mode } = await stat(each)
    if ((mode & 0o011) === 0o011) continue
    if (relative(tmpdir(), each).startsWith('..')) throw new Error(`Dovecot cannot get through ${each}: choose a directory that others may enter`)
    await chmod(each, (mode & 0o7777) | 0o011)
  }
}

async function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit').then(() => true)
  child.ref()
  signalGroup(child.pid, signal)
  const inTime = await Promise.race([exited, delay(STOP_TIMEOUT_MS, false, { ref: false })])
  if (!inTime) signalGroup(child.pid, 'SIGKILL')
  await exited
  // The master is gone; what it had forked may linger a moment and still hold the ports.
  signalGroup(child.pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody is left in the group.
  }
}

let reaping: Promise<void> | null = null

/** Clears up after a test process and its watchdog that were both killed at once. Once per process. */
function reapStale(): Promise<void> {
  reaping ??= (async () => {
    for (const name of await readdir(tmpdir())) {
      if (!name.startsWith(DIRECTORY_PREFIX)) continue
      const dir = join(tmpdir(), name)
      const owner = Number(await readFile(join(dir, 'owner'), 'utf8').catch(() => '0'))
      if (owner === 0 || isAlive(owner)) continue
      const master = Number(await readFile(join(dir, 'run', 'master.pid'), 'utf8').catch(() => '0'))
      if (master > 1 && (await commandOf(master)).includes(dir)) signalGroup(master, 'SIGKILL')
      await rm(dir, { recursive: true, force: true }).catch(() => undefined)
    }
  })()
  return reaping
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function commandOf(pid: number): Promise<string> {
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  )
}
