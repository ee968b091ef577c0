import { expect, test } from 'vitest'
import { MODES_OFF, MODES_ON } from '../../src/ui/input/terminal-modes.ts'
import { Terminal } from '../../src/ui/terminal.ts'

/** A terminal, and what is done to it and to Ink, in order. */
function borrowed() {
  const done: string[] = []
  const stdout = { write: (text: string) => done.push(text) > 0 }
  const terminal = new Terminal(stdout as unknown as NodeJS.WriteStream)
  terminal.suspend = async (during) => {
    done.push('Ink lets go')
    try {
      await during()
    } finally {
      done.push('Ink has it back')
    }
  }
  return { done, terminal }
}

test('what the terminal answers is asked for when nothing echoes it any more', async () => {
  const { done, terminal } = borrowed()
  await terminal.lend(() => {
    done.push(terminal.isAway ? 'the editor' : 'nobody')
    return Promise.resolve()
  })
  expect(done).toEqual(['Ink lets go', MODES_OFF, 'the editor', 'Ink has it back', MODES_ON])
  expect(terminal.isAway).toBe(false)
})

test('a program that fails gives the terminal back, too', async () => {
  const { done, terminal } = borrowed()
  await expect(terminal.lend(() => Promise.reject(new Error('no editor')))).rejects.toThrow()
  expect(done.slice(-2)).toEqual(['Ink has it back', MODES_ON])
  expect(terminal.isAway).toBe(false)
})

test('who cannot let go of the terminal has asked for nothing twice', async () => {
  const { done, terminal } = borrowed()
  terminal.suspend = () => Promise.reject(new Error('suspended already'))
  await expect(terminal.lend(() => Promise.resolve())).rejects.toThrow('suspended already')
  expect(done).toEqual([])
})
