/**
 * How long a test waits for what must happen, milliseconds: it is only ever waited for when the test
 * fails. Ten times what a busy machine was seen to need; less than a test may take (vitest.config.ts).
 */
export const PATIENCE_MS = 60_000

/** For `vi.waitFor`; `expect.poll` waits as long by itself. */
export const PATIENCE = { timeout: PATIENCE_MS, interval: 5 }
