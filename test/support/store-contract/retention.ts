import { expect, test } from 'vitest'
import { ChatError } from '../../../src/protocol/errors.ts'
import type { Head, User } from '../../../src/protocol/messages.ts'
import type { NewText, Store } from '../../../src/server/store/store.ts'
import { newNonce } from '../counted.ts'
import type { Begin, Stage } from '../store-contract.ts'

/** Old entries go, and what counts on them stays right. */
export function retention(begin: Begin): void {
  test('entries from before a time go, the others and the last one stay', async () => {
    const stage = await begin()
    const { ann, bob, cleo, store } = stage
    const mixed = await sayAt(stage, ann, 'bob', [10, 20, 30, 40])
    const old = await sayAt(stage, ann, 'cleo', [10, 20])
    const young = await sayAt(stage, bob, 'cleo', [30, 40])
    expect(await retain(store, 30)).toBe(3)
    expect(await seqsOf(stage, bob, mixed)).toEqual([3, 4])
    expect(await seqsOf(stage, cleo, old)).toEqual([2])
    expect(await seqsOf(stage, cleo, young)).toEqual([1, 2])
    expect((await store.read(mixed, 0, 9)).map(({ seq }) => seq)).toEqual([3, 4])
    expect(await stage.page(bob, mixed, { before: 3 })).toEqual({ entries: [], first: 3, last: 4 })
    expect(await headOf(stage, ann, mixed)).toMatchObject({ first: 3, last: 4, n: 4 })
    expect(await retain(store, 30)).toBe(0)
    await stage.reopen()
    expect(await seqsOf(stage, bob, mixed)).toEqual([3, 4])
    expect((await stage.say(ann, 'bob', 'next')).seq).toBe(5)
    expect((await stage.say(ann, 'cleo', 'next')).seq).toBe(3)
    expect(await headOf(stage, ann, old)).toMatchObject({ first: 2, last: 3, n: 3 })
  })

  test('unread are the texts that are still there, however far behind one is', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await stage.make(ann, 'ops', ['bob', 'cleo'])
    await sayAt(stage, ann, group, [40, 50])
    await stage.store.quit(stage.cleo.id, group, 60)
    await sayAt(stage, ann, group, [70, 80, 90])
    const read = async (seq: number) => {
      const move = { user: bob.id, conversation: group, delivered: seq, read: seq }
      return unread(
        await headOf(stage, bob, group),
        (await stage.store.moveCursors([move]))[0]?.readN,
      )
    }
    expect(await unreadOf(stage, bob, group)).toBe(5)
    expect(await read(4)).toBe(4)
    await retain(stage.store, 75)
    expect(await unreadOf(stage, bob, group)).toBe(2)
    expect(await read(3)).toBe(2)
    expect(await read(6)).toBe(2)
    await stage.reopen()
    expect(await unreadOf(stage, bob, group)).toBe(2)
    expect(await read(8)).toBe(1)
    expect(await read(99)).toBe(0)
    expect(await unreadOf(stage, ann, group)).toBe(0)
  })

  test('a text that went is repeated without a double, at any time', async () => {
    const stage = await begin()
    const { ann } = stage
    const text = message(ann, 'bob', 10)
    const place = await stage.store.append(text)
    await sayAt(stage, ann, 'bob', [40])
    await retain(stage.store, 30)
    expect(await stage.store.append(text)).toMatchObject({ seq: place.seq })
    await stage.reopen()
    expect(await stage.store.append(text)).toMatchObject({ seq: place.seq })
    expect(await headOf(stage, ann, place.conversation)).toMatchObject({ last: 2, n: 2 })
  })

  test('what hung on a text goes with it: mentions, reactions, changes', async () => {
    const stage = await begin()
    const { ann, bob, store } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    await store.append({ ...message(ann, group, 40), text: '@bob old' })
    await store.append({ ...message(ann, group, 41), text: 'old' })
    await store.append({ ...message(ann, group, 70), text: '@bob new' })
    const at = { user: bob.id, conversation: group, time: 71 }
    await store.react({ ...at, seq: 3, text: '+1', remove: false })
    await store.edit({ ...at, user: ann.id, seq: 4, text: '@bob edited' })
    expect(await headOf(stage, bob, group)).toMatchObject({ mentions: 3 })
    await retain(store, 50)
    expect(await headOf(stage, bob, group)).toMatchObject({ first: 5, mentions: 1 })
    for (const change of [
      store.edit({ ...at, user: ann.id, seq: 4, text: 'x' }),
      store.deleteEntry({ ...at, user: ann.id, seq: 3 }),
      store.react({ ...at, seq: 3, text: '-1', remove: false }),
    ]) {
      await expect(change).rejects.toMatchObject({ code: 'unknownEntry' })
    }
    expect(await seqsOf(stage, bob, group)).toEqual([5, 6, 7])
  })

  test('search finds what is kept', async () => {
    const stage = await begin()
    const { ann, store } = stage
    await sayAt(stage, ann, 'bob', [10, 20, 30])
    expect(await found(stage, ann)).toEqual(['at 30', 'at 20', 'at 10'])
    await retain(store, 25)
    expect(await found(stage, ann)).toEqual(['at 30'])
  })

  test('many entries go in small steps, between which others are served', async () => {
    const stage = await begin()
    const { ann, store } = stage
    const long = await sayAt(stage, ann, 'bob', Array(2_000).fill(10))
    const others = Array.from({ length: 300 }, (_, at) => `u${at}`)
    await Promise.all(others.map((name) => store.createAccount({ ...ACCOUNT, name })))
    for (const name of others) await sayAt(stage, ann, name, [10, 40])
    let steps = 0
    let removed = 0
    for (let after = ''; steps === 0 || after !== ''; steps += 1) {
      const retained = await store.retain({ before: 30, after })
      removed += retained.entries
      after = retained.next
      if (steps % 3 === 0) await sayAt(stage, ann, 'bob', [50 + steps])
    }
    expect(removed).toBe(2_000 + 300)
    expect(steps).toBeGreaterThan(5)
    const head = await headOf(stage, ann, long)
    expect(head).toMatchObject({ first: 2_001 })
    expect(await seqsOf(stage, ann, long)).toHaveLength((head?.last ?? 0) - 2_000)
  })

  test('who follows the log from before goes on at its beginning', async () => {
    const stage = await begin()
    const conversation = await sayAt(stage, stage.ann, 'bob', [10, 20, 30, 40])
    await retain(stage.store, 35)
    const read = await stage.store.read(conversation, 1, 9)
    expect(read.map(({ seq }) => seq)).toEqual([4])
    const page = await stage.page(stage.bob, conversation, { after: 1 })
    expect(page).toMatchObject({ entries: [{ seq: 4, text: 'at 40' }], first: 4, last: 4 })
  })
}

const ACCOUNT = { passwordHash: '', time: 1, joins: undefined }

/** Answers how many entries went. */
async function retain(store: Store, before: number): Promise<number> {
  let entries = 0
  let after = ''
  do {
    const retained = await store.retain({ before, after })
    entries += retained.entries
    after = retained.next
  } while (after !== '')
  return entries
}

/** Answers the conversation. */
async function sayAt(
  stage: Stage,
  from: User,
  target: string,
  times: readonly number[],
): Promise<string> {
  const sent = times.map((time) => stage.store.append(message(from, target, time)))
  return (await Promise.all(sent))[0]?.conversation ?? ''
}

async function headOf(stage: Stage, user: User, conversation: string): Promise<Head | undefined> {
  return (await stage.headsOf(user)).find((head) => head.conversation === conversation)
}

async function unreadOf(stage: Stage, user: User, conversation: string): Promise<number> {
  const head = await headOf(stage, user, conversation)
  return unread(head, head?.readN)
}

function unread(head: Head | undefined, readN: number | undefined): number {
  return (head?.n ?? Number.NaN) - (readN ?? Number.NaN)
}

async function seqsOf(stage: Stage, user: User, conversation: string): Promise<readonly number[]> {
  return (await stage.all(user, conversation)).map(({ seq }) => seq)
}

async function found(stage: Stage, user: User): Promise<readonly string[]> {
  const query = { text: 'at', conversation: '', after: '', limit: 9, maxBytes: 9_999 }
  for (;;) {
    try {
      const { items } = await stage.store.search({ user: user.id, ...query })
      return items.map(({ entry }) => entry.text)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'unavailable') throw error
    }
  }
}

function message(from: User, target: string, time: number): NewText {
  const nonce = newNonce()
  const kind = target.startsWith('~c') ? 'group' : 'direct'
  return { sender: from.id, kind, target, nonce, text: `at ${time}`, time }
}
