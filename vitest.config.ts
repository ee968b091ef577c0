import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Ink writes nothing before unmount when it believes that it runs in CI.
    env: { CI: '', NODE_ENV: 'production' },
  },
})
