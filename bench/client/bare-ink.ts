import { Box, render, Text, useCursor, useInput } from 'ink'
import { createElement, useState } from 'react'
import type { FakeTerminal } from './fake-terminal.ts'
import type { SeatSize } from './seat.ts'
import { TEXTS } from './texts.ts'

/** A full screen of Ink with texts that never change, and one row that takes what is typed. */
export function drawBareInk(terminal: FakeTerminal, size: SeatSize): void {
  const rows = Array.from({ length: size.rows - 1 }, (_, at) => TEXTS[at % TEXTS.length] ?? '')
  const page = () => {
    const [typed, setTyped] = useState('')
    const { setCursorPosition } = useCursor()
    useInput((input, { ctrl }) => setTyped((before) => (ctrl ? '' : before + input)))
    setCursorPosition({ x: typed.length, y: size.rows - 1 })
    const lines = [...rows, typed === '' ? ' ' : typed]
    const texts = lines.map((line, key) => createElement(Text, { key, wrap: 'truncate' }, line))
    return createElement(Box, { flexDirection: 'column', height: size.rows }, ...texts)
  }
  render(createElement(page), {
    stdin: terminal.stdin as unknown as NodeJS.ReadStream,
    stdout: terminal.stdout as unknown as NodeJS.WriteStream,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
    maxFps: 250,
  })
}
