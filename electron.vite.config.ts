import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** Files the main side reads at run time, laid beside its bundle. */
const copies = {
  name: 'copy-run-time-files',
  writeBundle() {
    cpSync(at('db/migrations'), at('out/main/migrations'), { recursive: true })
    cpSync(at('electron/mail/sample/seed'), at('out/main/seed'), { recursive: true })
    cpSync(at('build/icons'), at('out/icons'), { recursive: true })
  },
}

export default defineConfig({
  main: {
    plugins: [copies],
    build: {
      outDir: 'out/main',
      // Bundled, because resolving their many small files one by one takes longer than everything else at start.
      externalizeDeps: { exclude: ['date-fns', 'zod', '@orpc/client', '@orpc/contract', '@orpc/server', 'ical.js', 'sanitize-html'] },
      sourcemap: true,
      rollupOptions: {
        input: {
          desktop: at('electron/hosts/desktop/main.ts'),
          node: at('electron/hosts/node/main.ts'),
          'parse-worker': at('electron/mail/mime/parse-worker.ts'),
          'index-worker': at('db/index-worker.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: { input: { preload: at('electron/hosts/desktop/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), tailwindcss()],
    build: { outDir: at('out/renderer'), emptyOutDir: true, minify: true, rollupOptions: { input: at('renderer/index.html') } },
  },
})
