import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { importsIn } from './bundle-imports.ts'

const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

const bundle = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'shortlist-bundle-'))
  roots.push(root)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return join(root, 'node.js')
}

describe('the imports of a bundle', () => {
  it.each([
    ['static', 'import { app } from "electron"'],
    ['bare', "import 'electron/main'"],
    ['dynamic', 'const e = await import("electron")'],
    ['required', "const { app } = require('electron')"],
    ['re-exported', 'export * from "electron"'],
  ])('are found when %s, in any chunk it reaches', (_, line) => {
    const entry = bundle({
      'node.js': 'import { a } from "./chunks/a.js"; import "./node.js"',
      'chunks/a.js': 'export const a = () => import("./b.js")',
      'chunks/b.js': line,
    })
    expect(importsIn(entry, ['electron'])).toMatchObject([{ file: join(dirname(entry), 'chunks', 'b.js') }])
  })

  it('are not those of other packages, nor of chunks it does not reach', () => {
    const entry = bundle({
      'node.js': '/** import { app } from "electron" */ import x from "electron-to-chromium"; import "./electron.js"',
      'electron.js': 'console.log("the electron word")',
      'desktop.js': 'import { app } from "electron"',
    })
    expect(importsIn(entry, ['electron'])).toEqual([])
  })
})
