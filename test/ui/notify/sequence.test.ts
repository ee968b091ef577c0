import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dialectOf, notificationSequence } from '../../../src/ui/notify/sequence.ts'

const ST = '\x1b\\'

test.each([
  [{}, 'none'],
  [{ TERM: 'xterm-256color' }, 'none'],
  [{ TERM: 'linux' }, 'none'],
  [{ TERM_PROGRAM: 'Apple_Terminal' }, 'none'],
  [{ TERM: 'xterm-256color', TERM_PROGRAM: 'vscode' }, 'none'],
  [{ TERM_PROGRAM: 'iTerm.app' }, 'osc9'],
  // Over ssh.
  [{ TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2' }, 'osc9'],
  [{ TERM: 'xterm-kitty' }, 'osc9'],
  [{ TERM: 'tmux-256color', TERM_PROGRAM: 'tmux', KITTY_WINDOW_ID: '1' }, 'osc9'],
  [{ TERM: 'tmux-256color', TERM_PROGRAM: 'tmux', WEZTERM_PANE: '0' }, 'osc777'],
  [{ TERM_PROGRAM: 'WezTerm' }, 'osc777'],
  [{ TERM_PROGRAM: 'ghostty' }, 'osc777'],
  [{ TERM: 'foot' }, 'osc777'],
  [{ TERM: 'rxvt-unicode-256color' }, 'osc777'],
  [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, 'osc777'],
])('%o takes %s', (env, dialect) => {
  expect(dialectOf('auto', env)).toBe(dialect)
  expect(dialectOf('off', env)).toBe('none')
  expect(dialectOf('osc9', env)).toBe('osc9')
})

test('title and text are one in OSC 9, two in OSC 777', () => {
  expect(notificationSequence('none', 'alice', 'tea?', {})).toBe('')
  expect(notificationSequence('osc9', 'alice', 'tea?', {})).toBe(`\x1b]9;alice: tea?${ST}`)
  expect(notificationSequence('osc9', '3 new in #ops', '', {})).toBe(`\x1b]9;3 new in #ops${ST}`)
  const told = notificationSequence('osc777', 'a;b', 'tea; or\ncoffee?', {})
  expect(told).toBe(`\x1b]777;notify;a,b;tea, or coffee?${ST}`)
})

test('within tmux and screen it is wrapped for the terminal outside', () => {
  const tmux = notificationSequence('osc9', 'alice', 'tea?', { TMUX: '/tmp/tmux,1,0' })
  expect(tmux).toBe('\x1bPtmux;\x1b\x1b]9;alice: tea?\x1b\x1b\\\x1b\\')
  const screen = notificationSequence('osc9', 'alice', 'tea?', { STY: '1.pts' })
  expect(screen).toBe('\x1bP\x1b]9;alice: tea?\x07\x1b\\')
})

test('what is long is cut between characters', () => {
  const family = '👨‍👩‍👧‍👦'
  const told = notificationSequence('osc9', 'alice', family.repeat(5_000), {})
  expect(told.length).toBeLessThan(4_000)
  expect(told.endsWith(`${family}…${ST}`)).toBe(true)
})

test('whatever is in it, nothing but one notification comes of it', () => {
  const any = fc.string({ unit: 'binary', maxLength: 400 })
  fc.assert(
    fc.property(any, any, fc.constantFrom('osc9', 'osc777'), (title, body, dialect) => {
      const told = notificationSequence(dialect as 'osc9', title, body, {})
      expect([told.startsWith('\x1b]'), told.endsWith(ST)]).toEqual([true, true])
      const words = told.slice(2, -ST.length)
      expect(words).not.toMatch(/\p{Cc}/u)
      if (dialect === 'osc777') expect(words.split(';')).toHaveLength(4)
    }),
  )
})
