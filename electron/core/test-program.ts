// The whole program in a test's process, on a data folder of its own, called through its contract.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { migrationsDir } from '../../db/test-rows.ts'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/api/contract.ts'
import { systemClock } from './clock.ts'
import type { Clock, Host, HostedProgram } from './host.ts'
import { startProgram } from './start.ts'

export type TestProgram = {
  readonly api: ContractRouterClient<Contract>
  readonly hosted: HostedProgram
  readonly dataDir: string
  readonly close: () => Promise<void>
}

const seedDir = join(import.meta.dirname, '../mail/sample/seed')

export function testHost(dataDir: string, clock: Clock = systemClock, secrets = new Map<string, string>(), settings: unknown = { locale: 'en' }): Host {
  let stored = settings
  return {
    kind: 'test', version: '0', platform: process.platform, assetBase: '/mail/', canPickFiles: false, dataDir, seedDir, clock,
    secrets: {
      strength: 'file',
      get: (name) => Promise.resolve(secrets.get(name) ?? null),
      set: (name, secret) => Promise.resolve(void secrets.set(name, secret)),
      remove: (name) => Promise.resolve(void secrets.delete(name)),
    },
    settings: { get: () => stored, set: (next) => void (stored = next) },
    notify: () => undefined,
    openExternal: () => Promise.resolve(),
    openFile: () => Promise.resolve(false),
    pickSavePath: () => Promise.resolve(null),
    pickSaveFolder: () => Promise.resolve(null),
    onWake: () => () => undefined,
  }
}

/** A clock that can be moved on; what was due by then runs at once. */
export function movableClock(): Clock & { readonly skip: (ms: number) => void } {
  let offset = 0
  const now = (): number => Date.now() + offset
  return {
    now,
    after(ms, run) {
      const due = now() + ms
      const timer = setInterval(() => {
        if (now() < due) return
        clearInterval(timer)
        run()
      }, 20)
      return () => { clearInterval(timer) }
    },
    skip: (ms) => void (offset += ms),
  }
}

/** Without `dataDir` the folder is made, and removed at the end. */
export async function startTestProgram(options: { readonly sample?: boolean; readonly dataDir?: string; readonly clock?: Clock; /** Kept over a restart by whoever passes it again. */ readonly secrets?: Map<string, string> } = {}): Promise<TestProgram> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'shortlist-program-'))
  const host = testHost(dataDir, options.clock, options.secrets)
  const hosted = await startProgram(host, {
    sample: options.sample ?? false,
    parseWorkerUrl: new URL('../mail/mime/parse-worker.ts', import.meta.url),
    indexWorkerUrl: new URL('../../db/index-worker.ts', import.meta.url),
    migrationsDir,
  })
  const api: RouterClient<typeof hosted.router> = createRouterClient(hosted.router, { context: {} })
  return {
    api,
    hosted,
    dataDir,
    async close() {
      await hosted.close()
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
