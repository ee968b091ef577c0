/** What the mouse did, in a cell counted from 0. */
export type MousePress = Readonly<{ kind: 'click' | 'wheelUp' | 'wheelDown'; x: number; y: number }>

/** Presses and the wheel are reported, in the form that knows columns beyond the 223rd. */
export const MOUSE_ON = '\x1b[?1000h\x1b[?1006h'
export const MOUSE_OFF = '\x1b[?1000l\x1b[?1006l'

const KINDS: Readonly<Record<string, MousePress['kind']>> = {
  0: 'click',
  64: 'wheelUp',
  65: 'wheelDown',
}

/** A report of the terminal; undefined: nothing that means anything here, as a button that goes up. */
export function parseMouse(report: string): MousePress | undefined {
  const [, button = '', column = '', row = ''] =
    /\[<(\d{1,4});(\d{1,5});(\d{1,5})M$/.exec(report) ?? []
  const kind = KINDS[button]
  const [x, y] = [Number(column) - 1, Number(row) - 1]
  return kind === undefined || x < 0 || y < 0 ? undefined : { kind, x, y }
}
