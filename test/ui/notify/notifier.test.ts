import { expect, onTestFinished, test } from 'vitest'
import type { ClientEvent } from '../../../src/net/events.ts'
import { defaults } from '../../../src/ui/configuration/options.ts'
import { Notifier } from '../../../src/ui/notify/notifier.ts'
import type { StateEvent } from '../../../src/ui/state/events.ts'
import { initialState } from '../../../src/ui/state/model.ts'
import { reduce } from '../../../src/ui/state/reduce.ts'
import { Store } from '../../../src/ui/state/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { entryAt, headAt } from '../../support/fake-server.ts'
import { lookOf } from '../../support/look.ts'

const OPS = '~ops'
const BOB = '~d-bob'
const PAUSE = defaults.notify.cooldownSeconds * 1_000

test('what comes within the pause is told together at its end', async () => {
  const { say, clock, told } = office()
  for (let count = 0; count < 13; count += 1) say(OPS)
  expect(told()).toEqual(['bob in #ops: message 1'])
  await clock.advance(PAUSE - 1)
  expect(told()).toEqual([])
  await clock.advance(1)
  expect(told()).toEqual(['12 new in #ops: bob: message 13'])
  await clock.advance(10 * PAUSE)
  expect(told()).toEqual([])
  expect(clock.pending).toBe(0)
  say(OPS)
  expect(told()).toEqual(['bob in #ops: message 14'])
})

test('many conversations are told of in one line at the end of the pause', async () => {
  const { say, clock, told, happens } = office()
  const groups = Array.from({ length: 50 }, (_, at) => `~group-${at}`)
  happens({ type: 'heads', heads: groups.map((id) => headAt(id, 0)), complete: false })
  for (const group of groups) {
    say(group)
    await clock.advance(1)
  }
  expect(told()).toHaveLength(3)
  await clock.advance(PAUSE)
  expect(told()).toEqual(['47 new in 47 conversations: bob: message 50'])
  await clock.advance(10 * PAUSE)
  expect([told(), clock.pending]).toEqual([[], 0])
})

test('of a person it is said who it is from', async () => {
  const { say, clock, told } = office()
  for (let count = 0; count < 3; count += 1) say(BOB)
  expect(told()).toEqual(['bob: message 1'])
  await clock.advance(PAUSE)
  expect(told()).toEqual(['2 new from bob: message 3'])
})

test('what was read elsewhere meanwhile is told no more', async () => {
  const { say, clock, told, happens } = office()
  for (let count = 0; count < 4; count += 1) say(OPS)
  told()
  happens({ type: 'marked', conversation: OPS, delivered: 3, read: 3, readN: 3 })
  await clock.advance(PAUSE)
  expect(told()).toEqual(['1 new in #ops: bob: message 4'])
  for (let count = 0; count < 4; count += 1) say(OPS)
  happens({ type: 'marked', conversation: OPS, delivered: 8, read: 8, readN: 8 })
  await clock.advance(2 * PAUSE)
  expect(told()).toEqual([])
})

test('who is back, busy or no member any more is told of nothing that was gathered', async () => {
  const { say, clock, told, happens, notifier } = office()
  const gather = () => {
    for (let count = 0; count < 2; count += 1) say(OPS)
    told()
  }
  gather()
  notifier.focus(true)
  await clock.advance(2 * PAUSE)
  expect(told()).toEqual([])
  notifier.focus(false)
  gather()
  happens({ type: 'settings', hideReceipts: false, status: 'busy' })
  await clock.advance(2 * PAUSE)
  expect(told()).toEqual([])
  happens({ type: 'settings', hideReceipts: false, status: 'available' })
  gather()
  happens({ type: 'left', conversation: OPS })
  await clock.advance(2 * PAUSE)
  expect(told()).toEqual([])
})

test('where the terminal says nothing of its focus, who has not pressed a key for long is away', async () => {
  const { say, clock, told, notifier } = office({ focus: undefined })
  say(OPS)
  expect(told()).toEqual(['bell'])
  await clock.advance(60_000)
  say(OPS)
  expect(told()).toEqual(['bob in #ops: message 2'])
  await clock.advance(60_000)
  notifier.pressed()
  say(OPS)
  expect(told()).toEqual(['bell'])
})

test('while an editor has the terminal, nothing but the bell is written to it', async () => {
  const { say, clock, told, lend } = office()
  lend(true)
  say(OPS)
  expect(told()).toEqual(['bell'])
  lend(false)
  await clock.advance(PAUSE)
  say(OPS)
  expect(told()).toEqual(['bob in #ops: message 2'])
})

test('nothing is told or left running after the end', async () => {
  const { say, clock, told, notifier } = office()
  for (let count = 0; count < 3; count += 1) say(OPS)
  told()
  notifier.stop()
  await clock.advance(2 * PAUSE)
  expect([told(), clock.pending]).toEqual([[], 0])
})

/** Somebody in #ops and #lobby, told of all, whose terminal says that it does not have the focus. */
function office({ focus }: Readonly<{ focus: boolean | undefined }> = { focus: false }) {
  const clock = new FakeClock()
  const timed = { now: clock.now, after: (ms: number, run: () => void) => clock.after(ms, run) }
  const store = new Store(reduce, initialState({ columns: 80, rows: 24 }), timed, 0)
  const notify = { ...defaults.notify, groups: 'all', terminal: 'osc9' } as const
  const configuration = { ...defaults, notify }
  const written: string[] = []
  let away = false
  const lend = (lent: boolean) => {
    away = lent
  }
  const context = { store, look: lookOf(), clock: timed, configuration }
  const notifier = new Notifier(
    context,
    {},
    { write: (text) => written.push(text), isAway: () => away },
  )
  onTestFinished(() => notifier.stop())
  const happens = (event: ClientEvent) => {
    store.dispatch(event as StateEvent)
    notifier.take(event)
  }
  const bob = headAt(BOB, 0, { kind: 'direct', name: '', peer: { id: '~bob', name: 'bob' } })
  const heads = [headAt(OPS, 0), headAt('~lobby', 0), bob]
  happens({ type: 'loggedIn', user: { id: '~me', name: 'me' } })
  happens({ type: 'heads', heads, complete: true })
  store.dispatch({ type: 'screen', screen: { type: 'main' } })
  store.dispatch({ type: 'opened', target: '~lobby' })
  if (focus !== undefined) notifier.focus(focus)
  let seq = 0
  const say = (conversation: string) => {
    seq += 1
    happens({ type: 'entry', conversation, entry: entryAt(seq, { name: 'bob' }) })
  }
  /** Since it was asked last. */
  const told = () =>
    written
      .splice(0)
      .map((text) =>
        text === '\x07' ? 'bell' : text.slice('\x1b]9;'.length, -'\x1b\\\x07'.length),
      )
  return { clock, store, notifier, happens, say, told, lend }
}
