/** No two attempts are nearer than this, milliseconds. */
export const BACKOFF_MS_MIN = 500
/** The longest wait, milliseconds: a server that was away for long is found within it. */
export const BACKOFF_MS_MAX = 30_000

/** The first attempt after a loss comes within this, milliseconds. */
const FIRST_MS_MAX = 2_000
/** What is back after a restart, or after a minute or two, is found within this, milliseconds. */
const SOON_MS_MAX = 4_000
/** So many attempts are that near to each other, two minutes or so; then the bound doubles. */
const SOON_ATTEMPTS = 50

/**
 * How long to wait before attempt 1, 2, …: full jitter between the bounds, so that the clients of
 * a restarted server do not come back all at once.
 * @param random 0 ≤ value < 1
 */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(BACKOFF_MS_MIN + random() * (ceilingMs(attempt) - BACKOFF_MS_MIN))
}

function ceilingMs(attempt: number): number {
  if (attempt === 1) return FIRST_MS_MAX
  if (attempt <= SOON_ATTEMPTS) return SOON_MS_MAX
  return Math.min(BACKOFF_MS_MAX, SOON_MS_MAX * 2 ** (attempt - SOON_ATTEMPTS))
}
