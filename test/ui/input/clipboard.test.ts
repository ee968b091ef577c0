import { expect, test } from 'vitest'
import { clipboardSequence } from '../../../src/ui/input/clipboard.ts'

const COPIED = '\x1b]52;c;5LqM\x07'

test('a text goes to the clipboard in base64 of its UTF-8', () => {
  expect(clipboardSequence('二', {})).toBe(COPIED)
})

test('within tmux the terminal outside gets it, too: tmux may keep it or hand on what is wrapped', () => {
  const sequence = clipboardSequence('二', { TMUX: '/tmp/tmux-1/default,1,0' })
  expect(sequence).toBe(`${COPIED}\x1bPtmux;\x1b${COPIED}\x1b\\`)
})
