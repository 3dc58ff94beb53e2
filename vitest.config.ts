import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    teardownTimeout: 20_000,
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          pool: 'forks',
          include: ['shared', 'db', 'electron', 'renderer', 'e2e', 'scripts'].map((room) => `${room}/**/*.test.ts`),
          // Real servers are started and real files written, on machines that may be busy with other things.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
