import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { PATIENCE_MS } from './test/support/patience.ts'

const compiled = fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

export default defineConfig({
  // As it is built: with NODE_ENV=production React has no development transform.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    // Most tests wait, for processes and links, more than they compute.
    maxWorkers: 4,
    // A PostgreSQL server is started by the first test that needs one.
    globalSetup: ['test/support/global-postgres.ts'],
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Ink writes nothing before unmount when it believes that it runs in CI.
    // Servers, clients and threads of the tests start in half the time when their code is compiled.
    env: { CI: '', NODE_ENV: 'production', NODE_COMPILE_CACHE: compiled },
    // For a slow and busy machine; what tests wait for is given up earlier, which says why.
    testTimeout: 4 * PATIENCE_MS,
    hookTimeout: 4 * PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
})
