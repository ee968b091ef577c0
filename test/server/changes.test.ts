import { expect, test } from 'vitest'
import type { ClientMessageType, DraftMessage, Entry } from '../../src/protocol/messages.ts'
import { applyChange } from '../../src/protocol/present.ts'
import { type Client, nonce, startServer, type TestServer } from '../support/server.ts'

test('everyone is pushed edits, reactions and deletions, and pages show what became of a text', async () => {
  const { ann, bob, group } = await talk()
  const phone = bob.phone
  const said = await say(ann, group, 'helo')
  const at = { conversation: group, seq: said.seq }
  await bob.ask({ type: 'react', ...at, text: '👍' })
  const edited = await ann.ask({ type: 'edit', ...at, text: 'hello @bob' })
  expect(edited).toMatchObject({ conversation: group, seq: said.seq + 2 })
  const mentions = [bob.id]
  for (const client of [ann, bob, phone]) {
    const told = await pushed(client, edited.seq)
    expect(told).toMatchObject({ kind: 'edited', target: said.seq, text: 'hello @bob', mentions })
  }
  const reactions = [{ text: '👍', count: 1, mine: true }]
  const present = { text: 'hello @bob', edited: true, changed: edited.seq, mentions, reactions }
  expect(await inPage(bob, group, said.seq)).toMatchObject(present)
  const { seq } = await ann.ask({ type: 'deleteEntry', ...at })
  expect(await pushed(phone, seq)).toMatchObject({ kind: 'deleted', target: said.seq, text: '' })
  const blank = { text: '', edited: false, changed: seq, mentions: [], reactions: [] }
  expect(await inPage(bob, group, said.seq)).toMatchObject(blank)
})

test('a client that applies what it is pushed has what a new page has', async () => {
  const { ann, bob, group } = await talk()
  const texts: number[] = []
  for (const text of ['one', 'two @bob', 'three']) texts.push((await say(ann, group, text)).seq)
  const [first = 0, second = 0, third = 0] = texts
  const { entries: loaded } = await bob.ask({ type: 'getPage', conversation: group })
  await ann.ask({ type: 'edit', conversation: group, seq: second, text: 'zwei' })
  for (const [client, text] of [
    [ann, 'a'],
    [bob, 'b'],
    [bob, 'a'],
  ] as const) {
    await client.ask({ type: 'react', conversation: group, seq: first, text })
  }
  await bob.ask({ type: 'react', conversation: group, seq: first, text: 'b', remove: true })
  await ann.ask({ type: 'deleteEntry', conversation: group, seq: third })
  await bob.barrier()
  const { entries: fresh } = await bob.ask({ type: 'getPage', conversation: group })
  const isText = ({ kind }: Entry) => kind === 'text'
  const applied = loaded
    .filter(isText)
    .map((text) =>
      bob.entries(group).reduce((now, change) => applyChange(now, change, bob.id), text),
    )
  expect(applied).toEqual(fresh.filter(isText))
})

test('an answer carries what it answers, to a group and directly', async () => {
  const { ann, bob, group } = await talk()
  const { seq } = await say(ann, group, 'tea?')
  const answer = { type: 'sendGroup', group, nonce: nonce(), text: 'yes', reply: seq } as const
  const place = await bob.ask(answer)
  expect(await pushed(ann, place.seq)).toMatchObject({ kind: 'text', text: 'yes', target: seq })
  expect((await bob.ask(answer)).seq).toBe(place.seq)
  expect((await bob.refusal({ ...answer, reply: 1 })).code).toBe('nonceReused')
  const first = await ann.ask({ type: 'sendDirect', to: bob.id, nonce: nonce(), text: 'hi' })
  const direct = { type: 'sendDirect', to: ann.id, text: 'hi, too' } as const
  const second = await bob.ask({ ...direct, nonce: nonce(), reply: first.seq })
  const { entry } = await ann.push('directEntry', (one) => one.entry?.seq === second.seq)
  expect(entry).toMatchObject({ text: 'hi, too', target: first.seq })
  expect((await bob.refusal({ ...direct, nonce: nonce(), reply: 99 })).code).toBe('unknownEntry')
})

test('whom a text names is told by heads until they have read it', async () => {
  const { ann, bob, group } = await talk()
  const { seq } = await say(ann, group, 'hi @BOB, hi @ann')
  expect((await pushed(bob, seq)).mentions).toEqual([bob.id])
  const mentions = async () =>
    (await bob.ask({ type: 'sync', conversations: [group] })).heads[0]?.mentions
  expect(await mentions()).toBe(1)
  await bob.ask({ type: 'mark', conversation: group, read: seq })
  expect(await mentions()).toBe(0)
})

test('who may change a text depends on whose it is and what one is there', async () => {
  const { server, ann, bob, group } = await talk()
  const cleo = await server.register('cleo')
  await cleo.ask({ type: 'joinGroup', group })
  const { seq } = await say(bob, group, 'of a member')
  const at = { conversation: group, seq }
  expect(await refusalOf(ann, { type: 'edit', ...at, text: 'x' })).toBe('notAllowed')
  expect(await refusalOf(cleo, { type: 'deleteEntry', ...at })).toBe('notAllowed')
  expect(await refusalOf(bob, { type: 'edit', ...at, text: '' })).toBe('emptyText')
  for (const text of ['', 'two words', ' ', 'a\n']) {
    expect(await refusalOf(bob, { type: 'react', ...at, text })).toBe('badRequest')
  }
  await ann.ask({ type: 'setRole', group, user: 'cleo', role: 'admin' })
  await cleo.ask({ type: 'deleteEntry', ...at })
  expect(await refusalOf(bob, { type: 'react', ...at, text: 'x' })).toBe('unknownEntry')
})

test('who joined a group by invitation cannot change or answer what was said before', async () => {
  const { server, ann } = await talk()
  const made = await ann.ask({
    type: 'createGroup',
    nonce: nonce(),
    name: 'secret',
    access: 'invite',
  })
  const group = made.group?.id ?? ''
  const { seq } = await say(ann, group, 'before')
  const cleo = await server.register('cleo')
  await ann.ask({ type: 'addMembers', group, users: ['cleo'] })
  const at = { conversation: group, seq }
  expect(await refusalOf(cleo, { type: 'react', ...at, text: 'x' })).toBe('unknownEntry')
  expect(await refusalOf(cleo, { type: 'getReceipts', ...at })).toBe('unknownEntry')
  const answer = { type: 'sendGroup', group, nonce: nonce(), text: 'x', reply: seq } as const
  expect((await cleo.refusal(answer)).code).toBe('unknownEntry')
})

test('who came by invitation is told nothing of what an older text is edited to', async () => {
  const { server, ann, bob } = await talk()
  const members = ['bob']
  const draft = { type: 'createGroup', nonce: nonce(), name: 'den', members } as const
  const group = (await ann.ask({ ...draft, access: 'invite' })).group?.id ?? ''
  const { seq } = await say(ann, group, 'the old plan')
  const cleo = await server.register('cleo')
  await ann.ask({ type: 'addMembers', group, users: ['cleo'] })
  const edited = await ann.ask({ type: 'edit', conversation: group, seq, text: 'the secret @bob' })
  const late = await server.logIn('cleo')
  await say(ann, group, 'hello cleo')
  const blank = { kind: 'edited', target: seq, text: '', mentions: [] }
  expect(await pushed(cleo, edited.seq)).toMatchObject(blank)
  const whole = { text: 'the secret @bob', mentions: [bob.id] }
  expect(await pushed(bob, edited.seq)).toMatchObject(whole)
  const { entries } = await late.ask({ type: 'getPage', conversation: group })
  expect(entries.map(({ kind, text }) => [kind, text])).toEqual([
    ['added', ''],
    ['edited', ''],
    ['text', 'hello cleo'],
  ])
  expect((await late.ask({ type: 'search', text: 'secret' })).hits).toEqual([])
  expect((await bob.ask({ type: 'search', text: 'secret' })).hits).toHaveLength(1)
  await cleo.barrier()
  expect(JSON.stringify([cleo.pushes, late.pushes])).not.toContain('secret')
})

test('a slow reader and another device get the same in the end', async () => {
  const { server, ann, bob, group } = await talk()
  const { seq } = await say(ann, group, 'one')
  await bob.ask({ type: 'react', conversation: group, seq, text: 'x' })
  await ann.ask({ type: 'edit', conversation: group, seq, text: 'two' })
  const raw = await server.services.store.read(group, seq - 1, 9)
  await bob.barrier()
  const told = bob.entries(group).filter((entry) => entry.seq >= seq)
  const end = (entries: readonly Entry[]) =>
    entries.slice(1).reduce((now, change) => applyChange(now, change, bob.id), entries[0] as Entry)
  expect(end(raw)).toEqual(end(told))
})

/** Ann made a group with Bob in it, who has a second device. */
async function talk() {
  const server: TestServer = await startServer()
  const ann = await server.register('ann')
  const bob = Object.assign(await server.register('bob'), { phone: await server.logIn('bob') })
  const draft = { type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] } as const
  const group = (await ann.ask(draft)).group?.id ?? ''
  return { server, ann, bob, group }
}

function say(client: Client, group: string, text: string) {
  return client.ask({ type: 'sendGroup', group, nonce: nonce(), text })
}

async function pushed(client: Client, seq: number): Promise<Entry> {
  const { entry } = await client.push('groupEntry', (one) => {
    return one.entry?.seq === seq && one.entry.kind !== 'joined'
  })
  return entry as Entry
}

async function inPage(client: Client, conversation: string, seq: number) {
  const page = await client.ask({ type: 'getPage', conversation, around: seq, limit: 1 })
  return page.entries[0]
}

async function refusalOf<T extends ClientMessageType>(
  client: Client,
  draft: Omit<DraftMessage<T>, 'request'> & { type: T },
): Promise<string> {
  return (await client.refusal(draft)).code
}
