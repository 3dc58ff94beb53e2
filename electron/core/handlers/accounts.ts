import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { accountSize, getAccount, insertAccount, listAccounts, markAccountRemoving, orderAccounts, setPaused, unfinishedIn, updateAccount } from '../../../db/queries/accounts.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { Account } from '../../../shared/model/account.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { keepFrom } from '../../mail/engine/keep-policy.ts'
import { checkAccount } from '../../mail/imap/account-check.ts'
import { allPresets, presetFor } from '../../mail/presets.ts'
import { outgoingSecretName, secretName, type Program } from '../program.ts'
import { base } from './base.ts'

const colors = ['#4f6bed', '#0f8f6f', '#b5562b', '#8a4fbf', '#b8912a', '#3a86a8', '#c0476d', '#5f7a3a']
const sampleOwner = { name: 'Ingrid Solberg', address: 'ingrid.solberg@solberg-search.example' }

function freshId(): AccountId {
  // Short, because every message row repeats it.
  return randomBytes(6).toString('base64url') as AccountId
}

function nextColor(program: Program): string {
  const used = new Set(listAccounts(program.db).map((account) => account.color))
  return colors.find((color) => !used.has(color)) ?? colors[used.size % colors.length] ?? '#4f6bed'
}

function existing(program: Program, id: AccountId): Account {
  const account = getAccount(program.db, id)
  if (!account) throw new MailFailure('gone', 'account-gone')
  return account
}

export async function addSampleAccount(program: Program): Promise<Account> {
  const known = listAccounts(program.db).find((account) => account.settings.kind === 'sample')
  if (known) return known
  const account = program.db.write('add the sample account', (tx) =>
    insertAccount(tx, freshId(), { ...sampleOwner, color: nextColor(program), settings: { kind: 'sample' }, keep: { bodies: 'all', attachments: 'all' } }, program.host.clock.now()),
  )
  await program.engine.apply(account.id)
  return account
}

export function accountHandlers(program: Program) {
  const { db, engine, host } = program
  return {
    list: base.accounts.list.handler(() => listAccounts(db).map((account) => ({ account, state: engine.state(account.id) }))),
    preset: base.accounts.preset.handler(({ input }) => presetFor(input.address)),
    presets: base.accounts.presets.handler(() => [...allPresets()]),
    check: base.accounts.check.handler(async function* ({ input, signal }) {
      const password = input.password ?? (input.accountId ? await host.secrets.get(secretName(input.accountId)) : null)
      if (password === null) throw new MailFailure('auth', 'password-missing')
      const outgoingPassword = input.outgoingPassword ?? (input.accountId ? await host.secrets.get(outgoingSecretName(input.accountId)) : null)
      yield* checkAccount(input.draft, password, outgoingPassword, signal ?? new AbortController().signal)
    }),
    add: base.accounts.add.handler(async ({ input }) => {
      const { draft } = input
      const address = draft.address.toLowerCase()
      if (listAccounts(db).some((account) => account.address.toLowerCase() === address)) throw new MailFailure('rejected', 'account-exists')
      const id = freshId()
      // The secret first: an account without one would fail, a secret without an account is only forgotten.
      await host.secrets.set(secretName(id), input.password)
      if (input.outgoingPassword !== null) await host.secrets.set(outgoingSecretName(id), input.outgoingPassword)
      const account = db.write('add an account', (tx) =>
        insertAccount(tx, id, { name: draft.name, address: draft.address, color: nextColor(program), settings: draft.settings, keep: input.keep }, host.clock.now()),
      )
      await engine.apply(id)
      return account
    }),
    addSample: base.accounts.addSample.handler(() => addSampleAccount(program)),
    update: base.accounts.update.handler(async ({ input }) => {
      const before = existing(program, input.id)
      if (input.password !== null) await host.secrets.set(secretName(input.id), input.password)
      if (input.outgoingPassword !== null) await host.secrets.set(outgoingSecretName(input.id), input.outgoingPassword)
      // The sample mailbox has no server whose settings could change.
      const settings = before.settings.kind === 'sample' ? before.settings : input.draft.settings
      db.write('update an account', (tx) => {
        updateAccount(tx, input.id, { name: input.draft.name, address: input.draft.address, color: input.color, settings, keep: input.keep })
      })
      await engine.apply(input.id)
      const from = keepFrom(input.keep.bodies, host.clock.now())
      if (from > keepFrom(before.keep.bodies, host.clock.now())) program.forgetTexts(input.id, from)
      return existing(program, input.id)
    }),
    pause: base.accounts.pause.handler(async ({ input }) => {
      existing(program, input.id)
      db.write('pause an account', (tx) => {
        setPaused(tx, input.id, input.paused)
      })
      await engine.apply(input.id)
    }),
    reorder: base.accounts.reorder.handler(({ input }) => {
      db.write('order the accounts', (tx) => {
        orderAccounts(tx, input.ids)
      })
    }),
    syncNow: base.accounts.syncNow.handler(({ input }) => {
      engine.syncNow(input.id)
    }),
    size: base.accounts.size.handler(({ input }) => ({ ...accountSize(db, input.id, db.bytes()), ...unfinishedIn(db, input.id) })),
    remove: base.accounts.remove.handler(async ({ input }) => {
      const { settings } = existing(program, input.id)
      const size = accountSize(db, input.id, db.bytes())
      db.write('take an account out of sight', (tx) => {
        markAccountRemoving(tx, input.id)
      })
      await host.secrets.remove(secretName(input.id))
      await host.secrets.remove(outgoingSecretName(input.id))
      await engine.apply(input.id)
      if (settings.kind === 'sample') await rm(join(host.dataDir, 'sample', input.id), { recursive: true, force: true })
      program.forgetAccount(input.id)
      return size
    }),
  }
}

