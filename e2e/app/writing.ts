// Writing and sending as a person sees it, and the road the mail takes out of the house.
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import type { Shortlist } from './app.ts'

/** A composer, wherever it is shown: the one whose title is given, or the only one. */
export class Composer {
  readonly page: Page
  readonly box: Locator
  readonly text: Locator
  constructor(page: Page, title?: string | RegExp) {
    this.page = page
    const all = page.getByRole('region', { name: /^Write: / })
    this.box = title === undefined ? all : page.getByRole('region', { name: typeof title === 'string' ? `Write: ${title}` : title })
    this.text = this.box.getByRole('textbox', { name: 'Text of the message' })
  }

  field(name: 'To' | 'Cc' | 'Bcc'): Locator {
    return this.box.getByRole('combobox', { name, exact: true })
  }

  get subject(): Locator {
    return this.box.getByRole('textbox', { name: 'Subject' })
  }

  /** The recipients that stand in the fields, as they are shown. */
  recipient(name: string | RegExp): Locator {
    return this.box.getByRole('button', { name: typeof name === 'string' ? new RegExp(`^${escaped(name)}.*Delete removes it`) : name })
  }

  async address(field: 'To' | 'Cc' | 'Bcc', addresses: string): Promise<void> {
    await this.field(field).fill(addresses)
    await this.field(field).press('Enter')
  }

  async attach(...files: readonly { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }[]): Promise<void> {
    const asked = this.page.waitForEvent('filechooser')
    await this.box.getByRole('button', { name: 'Attach files' }).click()
    await (await asked).setFiles([...files])
    for (const { name } of files) await expect(this.box.getByRole('button', { name: `Remove ${name}` })).toBeVisible()
  }

  /** What is on the disk is what is on the screen. */
  async expectSaved(): Promise<void> {
    await expect(this.box.getByText('Saved', { exact: true })).toBeVisible()
  }

  get warnings(): Locator {
    return this.box.getByRole('status')
  }

  async quote(): Promise<FrameLocator> {
    await this.box.getByRole('button', { name: 'Show the original that goes along' }).click()
    return this.box.frameLocator('iframe')
  }
}

/** The program as it is after the account was given a server to send by. The screens for that have their own stories. */
export async function sendsBy(shortlist: Shortlist, server: { readonly host: string; readonly port: number }): Promise<void> {
  await shortlist.app().stop()
  const db = new DatabaseSync(join(shortlist.dataDir, 'shortlist.db'))
  try {
    const row = db.prepare('SELECT settings FROM account').get()
    const settings = JSON.parse(String(row?.['settings'])) as Record<string, unknown>
    const outgoing = { server: { host: server.host, port: server.port, security: 'starttls' }, signIn: 'incoming', userName: '', sentCopy: 'here' }
    db.prepare('UPDATE account SET settings = ?').run(JSON.stringify({ ...settings, outgoing }))
  } finally {
    db.close()
  }
  await shortlist.start()
}

/** A door in front of a server: while it is shut nobody gets in, and those inside are thrown out. */
export async function startDoor(to: { readonly host: string; readonly port: number }): Promise<{ readonly host: string; readonly port: number; shut(): void; open(): void; [Symbol.asyncDispose](): Promise<void> }> {
  const inside = new Set<Socket>()
  let shut = false
  const throwOut = (): void => {
    for (const socket of inside) socket.destroy()
    inside.clear()
  }
  const server = createServer((guest) => {
    if (shut) {
      guest.destroy()
      return
    }
    const host = connect(to.port, to.host)
    for (const [one, other] of [[guest, host], [host, guest]] as const) {
      inside.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => inside.delete(one))
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    shut() {
      shut = true
      throwOut()
    },
    open() {
      shut = false
    },
    async [Symbol.asyncDispose]() {
      throwOut()
      server.close()
      await once(server, 'close')
    },
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
