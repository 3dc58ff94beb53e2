// What the tests need beside npm packages: a Dovecot and a Chromium. On Debian and Ubuntu, as root or where sudo asks for
// no password, they are installed; elsewhere the packages are named. `node scripts/prerequisites.mjs` does just this.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needNewNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
needNewNode(root, 'npm test')

const { findDovecot } = await import('../e2e/servers/dovecot-binary.ts')
const { findBrowser } = await import('./browser.ts')

// The tests start servers of their own; the system's Dovecot should not start because its package came.
const INSTALL_ASLEEP = `
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod 755 $policy
fi
apt-get install -y --no-install-recommends "$@"`

export const NEEDS = [
  {
    name: 'Dovecot',
    find: async () => (await findDovecot())?.version ?? null,
    debian: 'dovecot-imapd',
    elsewhere: {
      darwin: 'brew install dovecot',
      win32: 'there is no Dovecot for Windows: run the tests in WSL',
      linux: 'Debian, Ubuntu: dovecot-imapd; Fedora, Arch, openSUSE: dovecot; Alpine: dovecot openssl',
    },
  },
  {
    name: 'Chromium',
    find: async () => findBrowser(),
    debian: 'chromium',
    elsewhere: {
      darwin: 'brew install --cask chromium, or Google Chrome, or: npx playwright install chromium',
      win32: 'Microsoft Edge or Google Chrome, or: npx playwright install chromium',
      linux: 'Debian, Fedora, Arch, openSUSE, Alpine: chromium; Ubuntu: npx playwright install --with-deps chromium',
    },
  },
]

/** True when everything is there in the end. */
export async function ensurePrerequisites(needs = NEEDS) {
  let missing = await missingOf(needs)
  if (missing.length === 0) return true
  const install = aptCommand()
  if (install !== null) {
    installWithApt(install, missing.map((each) => each.debian))
    missing = await missingOf(missing)
  }
  for (const each of missing) {
    console.error(`${each.name} is missing. Install it: ${each.elsewhere[process.platform] ?? each.elsewhere.linux}`)
  }
  if (missing.some((each) => each.name === 'Chromium')) console.error('Or name an installed one in SHORTLIST_CHROMIUM.')
  return missing.length === 0
}

async function missingOf(needs) {
  const missing = []
  for (const each of needs) if ((await each.find()) === null) missing.push(each)
  return missing
}

/** How to run a command as root here, as the words in front of it; null where that or apt is not to be had. */
function aptCommand() {
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (process.platform !== 'linux' || !/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(system)) return null
  if (process.getuid() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null
}

function installWithApt(asRoot, packages) {
  const run = (...command) => {
    const [file, ...args] = [...asRoot, ...command]
    return spawnSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 })
  }
  const step = (what, ...command) => {
    const started = Date.now()
    console.error(`${what} …`)
    const { status, stdout, stderr, error } = run('env', 'DEBIAN_FRONTEND=noninteractive', ...command)
    if (status === 0) console.error(`  done in ${Math.round((Date.now() - started) / 1000)} s`)
    else console.error(`  failed: ${error?.message ?? ''}\n${`${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-15).join('\n')}`)
    return status === 0
  }
  const waiting = ['-o', 'DPkg::Lock::Timeout=300']
  step('Reading the list of packages (apt-get update)', 'apt-get', ...waiting, 'update')
  // One at a time: where one has no package, as Chromium on Ubuntu, the other still gets installed.
  for (const each of packages) step(`Installing ${each} (apt-get install)`, 'sh', '-c', INSTALL_ASLEEP, 'sh', ...waiting, each)
  if (packages.includes('dovecot-imapd')) run('systemctl', 'disable', '--now', 'dovecot.service', 'dovecot.socket')
}

if (import.meta.main) {
  if (await ensurePrerequisites()) for (const each of NEEDS) console.error(`${each.name}: ${await each.find()}`)
  else process.exitCode = 1
}
