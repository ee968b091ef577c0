import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ClientEvent } from '../../../src/net/events.ts'
import type { Entry, Preferences } from '../../../src/protocol/messages.ts'
import { type Configuration, defaults } from '../../../src/ui/configuration/options.ts'
import { Hooks } from '../../../src/ui/hooks/hooks.ts'
import type { StateEvent } from '../../../src/ui/state/events.ts'
import { initialState } from '../../../src/ui/state/model.ts'
import { reduce } from '../../../src/ui/state/reduce.ts'
import { Store } from '../../../src/ui/state/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { entryAt, headAt } from '../../support/fake-server.ts'
import { lookOf } from '../../support/look.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const OPS = '~ops'
const DIRECT = '~d-bob'
const ME = { id: '~me', name: 'me' }
const BOB = { id: '~bob', name: 'bob' }

test('a program gets the entry as one line of JSON, as tail prints it', async () => {
  const { hooked, told, happens } = office()
  happens({ text: 'tea, or 茶?\nor "coffee"' })
  await hooked('message', 1)
  expect(told('message')).toBe(
    '{"conversation":"#ops","seq":6,"time":1700000000006,"from":"bob","kind":"text","text":"tea, or 茶?\\nor \\"coffee\\""}\n',
  )
})

test.each([
  ['something in a group', {}, {}, OPS, ['message']],
  ['something that names one', { mentions: [ME.id] }, {}, OPS, ['message', 'mention']],
  ['a direct message', {}, {}, DIRECT, ['message', 'direct']],
  [
    'a direct one that names one',
    { mentions: [ME.id] },
    {},
    DIRECT,
    ['message', 'mention', 'direct'],
  ],
  ['a direct one of who is muted', {}, { muted: true }, DIRECT, ['message']],
  [
    'a mention where it is muted',
    { mentions: [ME.id] },
    { muted: true },
    OPS,
    ['message', 'mention'],
  ],
  [
    'a mention of which one wants nothing',
    { mentions: [ME.id] },
    { notify: 'none' },
    OPS,
    ['message'],
  ],
  ['a direct one of which one wants nothing', {}, { notify: 'none' }, DIRECT, ['message']],
  ['what is no message', { kind: 'joined' }, {}, OPS, []],
  ['what one has said oneself', { from: ME.id, name: ME.name }, {}, OPS, []],
] as const)('%s', async (_, entry, preferences, conversation, hooks) => {
  const { hooked, happens, all } = office({ preferences })
  happens(entry as Partial<Entry>, conversation)
  happens({ text: 'the last one' })
  await hooked('message', hooks.length > 0 ? 2 : 1)
  for (const hook of hooks) await hooked(hook, hook === 'message' ? 2 : 1)
  expect(all()).toEqual(hooks.length > 0 ? hooks : ['message'])
})

test('while one is busy nothing calls, and messages are told all the same', async () => {
  const { hooked, happens, take, all } = office()
  take({ type: 'settings', hideReceipts: false, status: 'busy' })
  happens({ mentions: [ME.id] })
  happens({}, DIRECT)
  await hooked('message', 2)
  expect(all()).toEqual(['message'])
})

test('what is caught up after a log-in or a loss runs nothing', async () => {
  const { hooked, happens, take, told } = office()
  take({ type: 'entry', conversation: OPS, entry: entryAt(3) })
  take({ type: 'heads', heads: [headAt(OPS, 9)], complete: true })
  take({ type: 'entry', conversation: OPS, entry: entryAt(9) })
  happens({ text: 'news' }, OPS, 10)
  await hooked('message', 1)
  expect(told('message')).toContain('"news"')
})

test('every one of many at once is told', async () => {
  const { hooked, happens, told } = office()
  for (let count = 0; count < 40; count += 1) happens({ text: `text ${count}` })
  await hooked('message', 40)
  const texts = told('message').trim().split('\n')
  expect(new Set(texts.map((line) => JSON.parse(line).text)).size).toBe(40)
})

test('far more than a slow program can take are missed, and that is said once', async () => {
  const { happens, notice } = office({ script: 'setInterval(() => {}, 1000)' })
  for (let count = 0; count < 1_004; count += 1) happens({})
  expect(notice()).toMatch(/^hooks\.message: .* is too slow for what comes/)
})

test('a program that fails is said once, with which hook it was', async () => {
  const { happens, notice, notices } = office({ script: 'process.exit(3)' })
  for (let count = 0; count < 5; count += 1) happens({})
  await expect.poll(notice).toMatch(/^hooks\.message: .* failed: it ended with exit code 3/)
  await settled(notices)
  expect(notices()).toBe(1)
})

test('a program that does not end is killed, and the next has its place', async () => {
  const script = `require('node:fs').appendFileSync(process.argv[1], 'x\\n'); setInterval(() => {}, 1000)`
  const { hooked, happens, clock, notice } = office({ script })
  for (let count = 0; count < 4; count += 1) happens({})
  await hooked('message', 3)
  await clock.advance(10_000)
  await hooked('message', 4)
  expect(notice()).toContain('it took too long')
})

test('without a program nothing is run', () => {
  const { happens, notice } = office({ none: true })
  happens({})
  expect(notice()).toBe('')
})

const APPEND = `
let text = ''
process.stdin.on('data', (chunk) => { text += chunk })
process.stdin.on('end', () => require('node:fs').appendFileSync(process.argv[1], text))
`

type Office = Readonly<{ preferences?: Partial<Preferences>; script?: string; none?: boolean }>

/** A person in #ops and in a chat with bob, who has a program for each hook. */
function office({ preferences = {}, script = APPEND, none = false }: Office = {}) {
  const folder = temporaryFolder()
  const fileOf = (hook: string) => join(folder, hook)
  const program = (hook: string) => (none ? [] : [process.execPath, '-e', script, fileOf(hook)])
  const hooks = {
    message: program('message'),
    mention: program('mention'),
    direct: program('direct'),
  }
  const configuration: Configuration = { ...defaults, hooks }
  const clock = new FakeClock()
  const store = new Store(reduce, initialState({ columns: 80, rows: 24 }), clock)
  const context = { store, look: lookOf(), clock, configuration }
  const runner = new Hooks(context)
  onTestFinished(() => runner.stop())
  let told = 0
  store.subscribe(() => {
    if (store.getSnapshot().notice !== undefined) told += 1
  })
  const take = (event: ClientEvent | StateEvent) => {
    store.receive(event as StateEvent)
    runner.take(event as ClientEvent)
  }
  const prefers = { pinned: false, muted: false, notify: 'default', unread: 0, unreadN: 0 } as const
  const more = { preferences: { ...prefers, ...preferences } }
  take({ type: 'loggedIn', user: ME })
  take({
    type: 'heads',
    heads: [
      headAt(OPS, 5, more),
      headAt(DIRECT, 5, { kind: 'direct', name: '', peer: BOB, ...more }),
    ],
    complete: true,
  })
  let seq = 5
  const linesOf = (hook: string) =>
    existsSync(fileOf(hook)) ? readFileSync(fileOf(hook), 'utf8').split('\n').length - 1 : 0
  return {
    clock,
    take,
    happens: (entry: Partial<Entry>, conversation = OPS, at = seq + 1) => {
      seq = at
      take({ type: 'entry', conversation, entry: entryAt(at, entry) })
    },
    told: (hook: string) => readFileSync(fileOf(hook), 'utf8'),
    hooked: (hook: string, lines: number) => expect.poll(() => linesOf(hook)).toBe(lines),
    all: () => ['message', 'mention', 'direct'].filter((hook) => linesOf(hook) > 0),
    notice: () => store.getSnapshot().notice?.text ?? '',
    notices: () => told,
  }
}

async function settled(count: () => number): Promise<void> {
  const before = count()
  for (let round = 0; round < 200; round += 1) await new Promise((go) => setImmediate(go))
  expect(count()).toBe(before)
}
