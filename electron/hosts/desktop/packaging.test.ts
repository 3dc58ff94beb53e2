import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../../..')
const at = (path: string): Buffer => readFileSync(join(root, path))

/** electron-builder's own reader and check of a configuration; its package declares no types for this door. */
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))('app-builder-lib/out/util/config/config.js') as {
  readonly getConfig: (projectDir: string, file: string, options: null) => Promise<unknown>
  readonly validateConfiguration: (config: unknown, log: unknown) => Promise<void>
}
const logger = { isEnabled: false, add: () => undefined }
const config = await builder.getConfig(root, 'electron-builder.yml', null)

describe('the packages', () => {
  it('are described in a way electron-builder accepts', async () => {
    await builder.validateConfiguration(config, logger)
    await expect(builder.validateConfiguration({ ...(config as object), unknownOption: 1 }, logger)).rejects.toThrow('unknownOption')
  })

  it('are for Windows, macOS and Linux, from built files only', () => {
    const Target = z.object({ target: z.array(z.object({ target: z.string() })), icon: z.string() })
    const { win, mac, linux, files, asar } = z.object({ win: Target, mac: Target.extend({ entitlements: z.string(), hardenedRuntime: z.literal(true) }), linux: Target, files: z.array(z.object({ filter: z.array(z.string()) })), asar: z.literal(true) }).parse(config)
    expect([win, mac, linux].map(({ target }) => target.map((one) => one.target))).toEqual([['nsis'], ['dmg', 'zip'], ['AppImage', 'deb']])
    for (const path of [win.icon, mac.icon, linux.icon, mac.entitlements]) expect(existsSync(join(root, path)), path).toBe(true)
    const patterns = files.flatMap(({ filter }) => filter)
    expect(patterns.filter((pattern) => !pattern.startsWith('!'))).toEqual(['out/**', 'package.json', 'LICENSE'])
    expect(patterns).toContain('!**/*.map')
    expect(asar).toBe(true)
  })

  it('carry a program that runs nothing but its own code', () => {
    const { electronFuses } = z.object({ electronFuses: z.record(z.string(), z.boolean()) }).parse(config)
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
    // The same switches exist in the tool that sets them.
    const known = Object.keys(FuseV1Options).map((name) => name.toLowerCase())
    for (const name of Object.keys(electronFuses)) expect(known, name).toContain(name.toLowerCase())
  })
})

describe('the icons', () => {
  it('are what their names say', () => {
    const png = at('build/icon.png')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024])
    const ico = at('build/icon.ico')
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
    for (let image = 0; image < ico.readUInt16LE(4); image++) {
      const offset = ico.readUInt32LE(6 + 16 * image + 12)
      expect(ico.subarray(offset + 1, offset + 4).toString()).toBe('PNG')
    }
    const icns = at('build/icon.icns')
    expect(icns.subarray(0, 4).toString()).toBe('icns')
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    for (const name of ['tray.png', 'tray@2x.png', 'trayTemplate.png', 'trayTemplate@2x.png', 'drag.png']) expect(existsSync(join(root, 'build/icons', name)), name).toBe(true)
  })
})
