import { type Context, show } from '../context.ts'

/** Who is typing when a window comes by itself has noticed after so long, milliseconds. */
const GUARD_MS = 1_000

/** `unasked`: what somebody types at that moment goes where they meant it to go. */
export function openCatchUp(context: Context, unasked = false): void {
  const guardUntil = unasked ? context.clock.now() + GUARD_MS : 0
  show(context, { type: 'catchUp', chosen: undefined, guardUntil })
}
