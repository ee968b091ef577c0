import fc from 'fast-check'
import { expect, test } from 'vitest'
import { REACTIONS_MAX } from '../../../src/protocol/limits.ts'
import type { Entry, User } from '../../../src/protocol/messages.ts'
import { applyChange } from '../../../src/protocol/present.ts'
import type { EntryPlace, NewText } from '../../../src/server/store/store.ts'
import { newNonce } from '../counted.ts'
import type { Begin, Stage } from '../store-contract.ts'

/** Edits, deletions, reactions and replies (rule 8). */
export function changes(begin: Begin): void {
  edits(begin)
  deletions(begin)
  reactions(begin)
  replies(begin)
  presentForm(begin)
}

function edits(begin: Begin): void {
  test('an edit is an entry that says so, and the text is the new one from then on', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'helo')
    await stage.say(bob, 'ann', 'hi')
    expect(await edit(stage, ann, conversation, 1, 'hello', 50)).toEqual({
      conversation,
      seq: 3,
      time: 50,
    })
    const said = { seq: 3, kind: 'edited', from: ann.id, text: 'hello', target: 1, n: 2 }
    expect(stage.told(conversation).at(-1)).toMatchObject(said)
    const [text, , change] = await stage.all(bob, conversation)
    expect(text).toMatchObject({ text: 'hello', edited: true, changed: 3, n: 1 })
    expect(change).toMatchObject(said)
    await stage.reopen()
    expect((await stage.all(bob, conversation))[0]).toEqual(text)
  })

  test('the same text again changes nothing and answers with the last change', async () => {
    const stage = await begin()
    const { ann } = stage
    const { conversation, time } = await stage.say(ann, 'bob', 'one')
    expect(await edit(stage, ann, conversation, 1, 'one')).toEqual({ conversation, seq: 1, time })
    await edit(stage, ann, conversation, 1, 'two', 60)
    const before = stage.appended.length
    const again = await edit(stage, ann, conversation, 1, 'two', 70)
    expect(again).toEqual({ conversation, seq: 2, time: 60 })
    expect(stage.appended).toHaveLength(before)
  })

  test('only who wrote a text can edit it, and only a text', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const { group, seq } = await saidInGroup(stage, 'mine')
    await edit(stage, ann, group, seq, 'still mine')
    const refused = (who: User, where: string, at: number) =>
      expect(edit(stage, who, where, at, 'x')).rejects
    await refused(bob, group, seq).toMatchObject({ code: 'notAllowed' })
    await refused(cleo, group, seq).toMatchObject({ code: 'unknownConversation' })
    await refused(ann, '~c999', seq).toMatchObject({ code: 'unknownConversation' })
    for (const at of [0, 1, seq + 1, 99]) {
      await refused(ann, group, at).toMatchObject({ code: 'unknownEntry' })
    }
    await stage.store.deleteEntry({ user: ann.id, conversation: group, seq, time: 1 })
    await refused(ann, group, seq).toMatchObject({ code: 'unknownEntry' })
  })

  test('edits touch neither what is unread nor anybody’s cursors', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    await stage.say(bob, 'ann', 'two')
    await edit(stage, ann, conversation, 1, 'uno')
    expect(await stage.headsOf(ann)).toMatchObject([{ last: 3, n: 2, read: 1, readN: 1 }])
    expect(await stage.headsOf(bob)).toMatchObject([{ last: 3, n: 2, read: 2, readN: 2 }])
  })
}

function deletions(begin: Begin): void {
  test('of a deleted text, its edits and its reactions nothing is left', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { group, seq } = await saidInGroup(stage, 'secret @bob')
    await edit(stage, ann, group, seq, 'secret again @bob')
    await react(stage, bob, group, seq, 'hush')
    const place = await remove(stage, ann, group, seq, 90)
    expect(place).toEqual({ conversation: group, seq: seq + 3, time: 90 })
    const check = async () => {
      const log = await stage.all(bob, group)
      const said = (await stage.store.read(group, 0, 99)).concat(log)
      for (const { text, mentions } of said) {
        expect(text).not.toMatch(/secret|hush/)
        expect(mentions).toEqual([])
      }
      const blank = { text: '', edited: false, changed: place.seq, reactions: [], n: 1 }
      expect(log.find((entry) => entry.seq === seq)).toMatchObject(blank)
      expect(log.at(-1)).toMatchObject({ kind: 'deleted', target: seq, text: '' })
      expect(await stage.headsOf(bob)).toMatchObject([{ mentions: 0, n: 1 }])
    }
    await check()
    await stage.reopen()
    await check()
  })

  test('a text that was deleted in the turn in which it was said is as gone', async () => {
    const stage = await begin()
    const { ann } = stage
    const { conversation } = await stage.say(ann, 'bob', 'zero')
    const text = message(ann, 'bob', 'secret')
    const [first] = await Promise.all([
      stage.store.append(text),
      edit(stage, ann, conversation, 2, 'secret too'),
      remove(stage, ann, conversation, 2),
      stage.say(ann, 'bob', 'three'),
    ])
    await stage.reopen()
    const log = await stage.all(ann, conversation)
    expect(log.map((entry) => entry.text)).toEqual(['zero', '', '', '', 'three'])
    expect(await stage.store.append(text)).toEqual(first)
  })

  test('authors delete their own texts; in groups admins and owners delete any', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const { group } = await saidInGroup(stage, 'of the owner')
    await stage.store.join(cleo.id, group, 5)
    const { seq } = await stage.say(bob, group, 'of a member')
    const refused = { code: 'notAllowed' }
    await expect(remove(stage, bob, group, 3)).rejects.toMatchObject(refused)
    await expect(remove(stage, cleo, group, seq)).rejects.toMatchObject(refused)
    await remove(stage, ann, group, seq)
    const own = await stage.say(bob, group, 'of a member, too')
    await remove(stage, bob, group, own.seq)
    const { conversation } = await stage.say(ann, 'bob', 'direct')
    await expect(remove(stage, bob, conversation, 1)).rejects.toMatchObject(refused)
    const note = await stage.say(ann, 'ann', 'note')
    await remove(stage, ann, note.conversation, 1)
  })

  test('deleting again changes nothing and answers with the deletion', async () => {
    const stage = await begin()
    const { ann } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    const first = await remove(stage, ann, conversation, 1, 40)
    const before = stage.appended.length
    expect(await remove(stage, ann, conversation, 1, 50)).toEqual(first)
    await stage.reopen()
    expect(await remove(stage, ann, conversation, 1, 50)).toEqual(first)
    expect(before).toBe(2)
    expect(stage.appended).toHaveLength(0)
    const gone = { code: 'unknownEntry' }
    await expect(react(stage, ann, conversation, 1, 'x')).rejects.toMatchObject(gone)
    await expect(edit(stage, ann, conversation, 1, 'x')).rejects.toMatchObject(gone)
  })

  test('a repetition of the first send gets its place, after edits and deletion, also later', async () => {
    const stage = await begin()
    const { ann } = stage
    const texts = ['edited', 'deleted'].map((text) => message(ann, 'bob', text))
    const places: EntryPlace[] = []
    for (const text of texts) places.push(await stage.store.append(text))
    const [{ conversation } = { conversation: '' }] = places
    await edit(stage, ann, conversation, 1, 'other')
    await remove(stage, ann, conversation, 2)
    const again = () => Promise.all(texts.map((text) => stage.store.append(text)))
    expect(await again()).toEqual(places)
    await stage.reopen()
    expect(await again()).toEqual(places)
    const reused = { ...message(ann, 'bob', 'other'), nonce: texts[0]?.nonce ?? Buffer.alloc(0) }
    await expect(stage.store.append(reused)).rejects.toMatchObject({ code: 'nonceReused' })
  })
}

function reactions(begin: Begin): void {
  test('reactions are counted in pages, and everyone sees which are theirs', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { group, seq } = await saidInGroup(stage, 'hi')
    for (const [who, text] of [
      [ann, '👍'],
      [bob, '❤️'],
      [ann, '❤️'],
      [bob, '好'],
    ] as const) {
      await react(stage, who, group, seq, text)
    }
    await react(stage, bob, group, seq, '好', true)
    const seenBy = async (who: User) =>
      (await stage.all(who, group)).find((entry) => entry.seq === seq)?.reactions
    const forAnn = [
      { text: '❤️', count: 2, mine: true },
      { text: '👍', count: 1, mine: true },
    ]
    expect(await seenBy(ann)).toEqual(forAnn)
    await stage.reopen()
    expect(await seenBy(ann)).toEqual(forAnn)
    expect((await seenBy(bob))?.map(({ mine }) => mine)).toEqual([true, false])
    const kinds = (await stage.all(ann, group)).slice(3).map(({ kind, text }) => `${kind} ${text}`)
    expect(kinds.at(-1)).toBe('unreacted 好')
    expect(kinds).toHaveLength(5)
  })

  test('a reaction that is there already, or is not, changes nothing', async () => {
    const stage = await begin()
    const { ann } = stage
    const { group, seq } = await saidInGroup(stage, 'hi')
    const first = await react(stage, ann, group, seq, '👍')
    const before = stage.appended.length
    expect(await react(stage, ann, group, seq, '👍')).toEqual(first)
    expect(await react(stage, ann, group, seq, 'no', true)).toEqual(first)
    expect(stage.appended).toHaveLength(before)
  })

  test('a text takes so many different reactions, and more of those that it has', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { group, seq } = await saidInGroup(stage, 'hi')
    for (let index = 0; index < REACTIONS_MAX; index += 1) {
      await react(stage, ann, group, seq, `r${index}`)
    }
    await expect(react(stage, bob, group, seq, 'more')).rejects.toMatchObject({ code: 'tooMany' })
    await react(stage, bob, group, seq, 'r0')
    await react(stage, ann, group, seq, 'r1', true)
    await react(stage, bob, group, seq, 'more')
  })

  test('only members react, and only to texts that they may see', async () => {
    const stage = await begin()
    const { bob, cleo } = stage
    const { group, seq } = await saidInGroup(stage, 'hi')
    const refused = (who: User, at: number) => expect(react(stage, who, group, at, 'x')).rejects
    await refused(cleo, seq).toMatchObject({ code: 'unknownConversation' })
    await refused(bob, 1).toMatchObject({ code: 'unknownEntry' })
    await stage.store.quit(bob.id, group, 5)
    await refused(bob, seq).toMatchObject({ code: 'unknownConversation' })
  })

  test('who is blocked cannot reach the other side by changes, but can delete', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    await stage.say(bob, 'ann', 'two')
    await stage.store.block(bob.id, ann.id)
    const blocked = { code: 'blocked' }
    await expect(edit(stage, ann, conversation, 1, 'x')).rejects.toMatchObject(blocked)
    await expect(react(stage, ann, conversation, 2, 'x')).rejects.toMatchObject(blocked)
    await remove(stage, ann, conversation, 1)
    await edit(stage, bob, conversation, 2, 'of the one who blocks')
  })
}

function replies(begin: Begin): void {
  test('an answer names the text that it answers, wherever it is read', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'tea?')
    const text = { ...message(bob, 'ann', 'yes'), reply: 1 }
    const place = await stage.store.append(text)
    const entry = { seq: 2, kind: 'text', text: 'yes', target: 1, n: 2, nonce: text.nonce }
    expect(stage.told(conversation).at(-1)).toMatchObject(entry)
    expect(await stage.store.read(conversation, 0, 9)).toEqual(stage.told(conversation))
    await stage.reopen()
    expect((await stage.all(ann, conversation))[1]).toMatchObject(entry)
    expect(await stage.store.append(text)).toEqual(place)
    for (const other of [{ ...text, reply: 2 }, withoutReply(text)]) {
      await expect(stage.store.append(other)).rejects.toMatchObject({ code: 'nonceReused' })
    }
  })

  test('what is no text, is gone or cannot be seen cannot be answered', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const { group, seq } = await saidInGroup(stage, 'hi')
    await remove(stage, ann, group, seq)
    const gone = { code: 'unknownEntry' }
    for (const reply of [1, seq, seq + 1, 99]) {
      const text = { ...message(bob, group, 'x', 'group'), reply }
      await expect(stage.store.append(text)).rejects.toMatchObject(gone)
    }
    const first = { ...message(ann, cleo.id, 'x'), reply: 1 }
    await expect(stage.store.append(first)).rejects.toMatchObject(gone)
    expect(await stage.headsOf(cleo)).toEqual([])
  })

  test('an answer stays when what it answers is deleted, and is acknowledged again', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'tea?')
    const text = { ...message(bob, 'ann', 'yes'), reply: 1 }
    const place = await stage.store.append(text)
    await remove(stage, ann, conversation, 1)
    expect(await stage.store.append(text)).toEqual(place)
    const kept = (await stage.all(ann, conversation))[1]
    expect(kept).toMatchObject({ text: 'yes', target: 1 })
  })
}

function presentForm(begin: Begin): void {
  test('raw entries say nothing of what became of them: that follows', async () => {
    const stage = await begin()
    const { ann } = stage
    const { conversation } = await stage.say(ann, 'ann', 'one')
    await react(stage, ann, conversation, 1, 'x')
    await edit(stage, ann, conversation, 1, 'two')
    const [raw] = await stage.store.read(conversation, 0, 1)
    expect(raw).toMatchObject({ text: 'two', changed: 0, edited: false, reactions: [] })
  })

  test('a page is cut by the bytes of reactions and mentions, too', async () => {
    const stage = await begin()
    const { ann } = stage
    const { conversation } = await stage.say(ann, 'ann', 'one')
    await stage.say(ann, 'ann', 'two')
    for (let index = 0; index < REACTIONS_MAX; index += 1) {
      await react(stage, ann, conversation, 2, `${index}`.padEnd(64, 'x'))
    }
    const sizeOf = async (maxBytes: number) =>
      (await stage.page(ann, conversation, { before: 3, maxBytes })).entries.length
    expect([await sizeOf(1_300), await sizeOf(2_500)]).toEqual([1, 2])
  })

  test('who applies what is told ends where a new page begins, whatever was done', async () => {
    const stage = await begin()
    let groups = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        groups += 1
        await compareAfter(stage, `group${groups}`, steps)
      }),
      { numRuns: 30 },
    )
  })
}

const step = fc.record({
  who: fc.nat(1),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('say', 'edit', 'react', 'unreact') },
    { weight: 4, arbitrary: fc.constantFrom('delete', 'page') },
    { weight: 1, arbitrary: fc.constant('reopen' as const) },
  ),
  target: fc.nat(6),
  text: fc.constantFrom('a', 'b', '@ann', '@bob c'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Of Ann: the texts that she has, from pages, raw entries and changes. */
async function compareAfter(stage: Stage, name: string, steps: readonly Step[]): Promise<void> {
  const group = await stage.make(stage.ann, name, ['bob'])
  const loaded = new Map<number, Entry>()
  let seen = 0
  const follow = async () => {
    for (const entry of await stage.store.read(group, seen, 99)) {
      seen = entry.seq
      loaded.set(entry.seq, entry)
      const target = loaded.get(entry.target)
      if (target !== undefined) loaded.set(target.seq, applyChange(target, entry, stage.ann.id))
    }
  }
  for (const one of steps) {
    await take(stage, group, one)
    if (one.what === 'page') {
      for (const entry of await stage.all(stage.ann, group)) {
        if (entry.seq <= seen) loaded.set(entry.seq, entry)
      }
    } else if (one.target % 2 === 0) {
      await follow()
    }
  }
  await follow()
  const texts = (entries: Iterable<Entry>) => [...entries].filter(({ kind }) => kind === 'text')
  expect(texts(loaded.values())).toEqual(texts(await stage.all(stage.ann, group)))
}

async function take(stage: Stage, group: string, { who, what, target, text }: Step): Promise<void> {
  const by = who === 0 ? stage.ann : stage.bob
  const seq = 3 + target
  const doing = {
    say: () => stage.say(by, group, text),
    edit: () => edit(stage, by, group, seq, text),
    react: () => react(stage, by, group, seq, text),
    unreact: () => react(stage, by, group, seq, text, true),
    delete: () => remove(stage, by, group, seq),
    page: () => Promise.resolve(),
    reopen: () => stage.reopen(),
  }
  // Much of it is refused: that, too, must leave nothing behind.
  await Promise.resolve(doing[what]()).catch(() => undefined)
}

async function saidInGroup(stage: Stage, text: string): Promise<{ group: string; seq: number }> {
  const group = await stage.make(stage.ann, 'ops', ['bob'])
  const { seq } = await stage.say(stage.ann, group, text)
  return { group, seq }
}

function edit(stage: Stage, by: User, conversation: string, seq: number, text: string, time = 30) {
  return stage.store.edit({ user: by.id, conversation, seq, text, time })
}

function remove(stage: Stage, by: User, conversation: string, seq: number, time = 30) {
  return stage.store.deleteEntry({ user: by.id, conversation, seq, time })
}

function react(
  stage: Stage,
  by: User,
  conversation: string,
  seq: number,
  text: string,
  back = false,
) {
  return stage.store.react({ user: by.id, conversation, seq, text, remove: back, time: 30 })
}

function message(from: User, target: string, text: string, kind: NewText['kind'] = 'direct') {
  const nonce = newNonce()
  return { sender: from.id, kind, target, nonce, text, time: 20 }
}

function withoutReply({ reply: _, ...text }: NewText): NewText {
  return text
}
