// Secrets on disk: one file per record, so that two writers never overwrite each other's, each sealed to its name, so
// that a record put in another's place does not open. How it is sealed is the host's choice. What cannot be opened
// counts as not there: the account then asks for its password again.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SecretStore } from './host.ts'
import { createOnce, privateFolder, readPrivate, writePrivate } from './private-files.ts'

export type Sealer = {
  readonly seal: (name: string, secret: string) => Promise<Uint8Array>
  /** Fails when the bytes were not sealed here, or under another name. `sealAgain`: the key they were sealed with is on its way out. */
  readonly open: (name: string, sealed: Buffer) => Promise<{ readonly secret: string; readonly sealAgain: boolean }>
}

/** `profile` keeps the records of one data folder apart from another's. */
export function sealedRecords(folder: string, profile: string, sealer: Sealer, strength: SecretStore['strength']): SecretStore {
  const own = join(folder, profile)
  privateFolder(folder)
  const fileOf = (name: string): string => join(own, createHash('sha256').update(name).digest('hex'))
  const bound = (name: string): string => `${profile}/${name}`
  const keep = async (name: string, secret: string): Promise<void> => {
    const sealed = await sealer.seal(bound(name), secret)
    privateFolder(own)
    writePrivate(fileOf(name), sealed)
  }
  return {
    strength,
    async get(name) {
      const sealed = readPrivate(fileOf(name))
      if (sealed === null) return null
      try {
        const { secret, sealAgain } = await sealer.open(bound(name), sealed)
        if (sealAgain) await keep(name, secret)
        return secret
      } catch {
        return null
      }
    },
    set: keep,
    remove(name) {
      rmSync(fileOf(name), { force: true })
      return Promise.resolve()
    },
  }
}

const ivBytes = 12
const tagBytes = 16

/** AES-256-GCM under a key in a file of the same folder, the record's name as additional data. Layout: IV, tag, text. */
export function keyFileSealer(folder: string): Sealer {
  privateFolder(folder)
  const key = createOnce(join(folder, 'key'), () => randomBytes(32))
  if (key.length !== 32) throw new Error(`The key file in ${folder} is damaged. Delete it to start; Shortlist will ask for the passwords again.`)
  return {
    seal(name, secret) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Promise.resolve(Buffer.concat([iv, cipher.getAuthTag(), text]))
    },
    open(name, sealed) {
      if (sealed.length < ivBytes + tagBytes) return Promise.reject(new Error('The record is too short.'))
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(name))
        .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
      try {
        const secret = Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
        return Promise.resolve({ secret, sealAgain: false })
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error('The record does not open.'))
      }
    },
  }
}
