import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

export type FoundImport = { readonly file: string; readonly name: string }

/** Every import of one of the packages, or of a part of it, in a bundle and the chunks it reaches. */
export function importsIn(entry: string, packages: readonly string[]): readonly FoundImport[] {
  const found: FoundImport[] = []
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file) || !existsSync(file)) return
    seen.add(file)
    for (const { fileName: name } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles) {
      if (name.startsWith('.')) visit(join(dirname(file), name))
      else if (packages.some((each) => name === each || name.startsWith(`${each}/`))) found.push({ file, name })
    }
  }
  visit(entry)
  return found
}
