import type { LineWords } from '../catalogue/en-line.ts'
import type { Context } from '../context.ts'

/** What line mode works with: all that the full screen's commands do, and a way to say and to ask. */
export type LineContext = Context &
  Readonly<{
    line: LineWords
    /** A person types and listens; else lines come from a program or a file. */
    isPerson: boolean
    say: (text: string) => void
    /** Says what went wrong. */
    complain: (text: string) => void
    /** Asks, and answers the next line; undefined where there is none any more. */
    ask: (question: string) => Promise<string | undefined>
    /** The same, for what is not shown while it is typed. */
    askSecret: (question: string) => Promise<string | undefined>
    /** Ends line mode. */
    leave: () => void
  }>

/** Whether the answer to a question is yes; anything else is no. */
export function isYes({ line }: Pick<LineContext, 'line'>, answer: string | undefined): boolean {
  return line.yes.includes((answer ?? '').trim().toLowerCase())
}

/** Not simply what is no yes: for a question whose two answers both begin something. */
export function isNo({ line }: Pick<LineContext, 'line'>, answer: string): boolean {
  return line.no.includes(answer.trim().toLowerCase())
}

/** Why line mode cannot go on, in words for the person: the program ends with exit code 1. */
export class LineEndError extends Error {
  override readonly name = 'LineEndError'
}
