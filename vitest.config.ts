import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As it is built: with NODE_ENV=production React has no development transform.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Ink writes nothing before unmount when it believes that it runs in CI.
    env: { CI: '', NODE_ENV: 'production' },
    // For the end-to-end tests on a busy machine; their own helpers give up earlier, and say why.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
