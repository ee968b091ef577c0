import { type Context, notify } from '../context.ts'
import { usageError } from './arguments.ts'

/** Takes clicks and the wheel, or leaves them to the terminal; without a word the other of both. */
export function switchMouse(context: Context, argument: string): void {
  const { store, look } = context
  if (!['', 'on', 'off'].includes(argument)) throw usageError(context, 'mouse')
  const on = argument === '' ? !store.getSnapshot().mouse : argument === 'on'
  store.dispatch({ type: 'mouse', on })
  notify(context, 'info', on ? look.words.reading.mouseOn : look.words.reading.mouseOff)
}
