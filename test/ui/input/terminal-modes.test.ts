import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  type Ending,
  MODES_OFF,
  MODES_ON,
  restoreAtEnd,
  titleSequence,
} from '../../../src/ui/input/terminal-modes.ts'

describe('modes', () => {
  it('are taken back', () => {
    expect(MODES_ON).toContain('\x1b[?1004h')
    expect(MODES_OFF).toContain('\x1b[?1004l')
  })

  it('let no title say anything else', () => {
    expect(titleSequence('#ops (3)')).toBe('\x1b]2;#ops (3)\x07')
    expect(titleSequence('a\x07\x1b]52;c;x\x9cb')).toBe('\x1b]2;a]52;c;xb\x07')
    expect(titleSequence('😀'.repeat(200))).toBe(`\x1b]2;${'😀'.repeat(80)}\x07`)
  })
})

describe('restoreAtEnd', () => {
  function ended() {
    const events = new EventEmitter()
    const codes: number[] = []
    const ending: Ending = {
      on: (event, run) => events.on(event, run),
      off: (event, run) => events.off(event, run),
      exit: (code) => {
        codes.push(code)
        events.emit('exit')
      },
    }
    return { events, codes, ending }
  }

  it('leaves the keys of a program that has the terminal meanwhile to that program', () => {
    const { events, codes, ending } = ended()
    let away = true
    restoreAtEnd(
      ending,
      () => {},
      () => away,
    )
    events.emit('SIGINT')
    events.emit('SIGQUIT')
    expect(codes).toEqual([])
    events.emit('SIGTERM')
    away = false
    events.emit('SIGINT')
    expect(codes).toEqual([143, 130])
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ])('restores once after %s and exits with %i', (signal, code) => {
    const { events, codes, ending } = ended()
    let restored = 0
    restoreAtEnd(ending, () => restored++)
    events.emit(signal)
    events.emit('exit')
    expect(codes).toEqual([code])
    expect(restored).toBe(1)
  })

  it('lets go', () => {
    const { events, codes, ending } = ended()
    let restored = 0
    restoreAtEnd(ending, () => restored++)()
    events.emit('SIGTERM')
    events.emit('exit')
    expect([codes, restored]).toEqual([[], 0])
    expect(events.eventNames()).toEqual([])
  })
})
