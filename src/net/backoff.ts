/** No two attempts are nearer than this, milliseconds. */
export const BACKOFF_MS_MIN = 500
/** The longest wait, milliseconds: a server that is back is found within it. */
export const BACKOFF_MS_MAX = 30_000

/** The first attempt after a loss comes within this, milliseconds; the bound doubles from there. */
const FIRST_MS_MAX = 2_000

/**
 * How long to wait before attempt 1, 2, …: full jitter between the bounds, so that the clients of
 * a restarted server do not come back all at once.
 * @param random 0 ≤ value < 1
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(BACKOFF_MS_MAX, FIRST_MS_MAX * 2 ** (attempt - 1))
  return Math.round(BACKOFF_MS_MIN + random() * (ceiling - BACKOFF_MS_MIN))
}
