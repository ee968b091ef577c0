import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChatError } from '../../../src/protocol/errors.ts'
import { SEARCH_WORDS_MAX } from '../../../src/protocol/limits.ts'
import type { Access, Entry, User } from '../../../src/protocol/messages.ts'
import type { FoundText, Listed, SearchQuery } from '../../../src/server/store/store.ts'
import { newNonce, nextTime } from '../counted.ts'
import type { Begin, Stage } from '../store-contract.ts'

/** Texts are found by their words: by those who may read them, as they are now. */
export function search(begin: Begin): void {
  words(begin)
  reach(begin)
  changes(begin)
  paging(begin)
  likeAFilter(begin)
}

function words(begin: Begin): void {
  test('all words must be there, in any order, case, width and accent', async () => {
    const stage = await begin()
    const said = ['The Déploiement of Ｆｏｏ failed', 'deploy later', 'foo', 'ΟΔΟΣ Straße', '!!!']
    for (const text of said) await say(stage, stage.ann, 'bob', text)
    const [deployment = '', deploy = '', foo = '', streets = ''] = said
    await expectFound(stage, {
      deploiement: [deployment],
      'FAILED foo': [deployment],
      dep: [deploy, deployment],
      'foo failed later': [],
      foo: [foo, deployment],
      'fo fa': [deployment],
      oo: [],
      οδός: [streets],
      STRASSE: [streets],
      '"foo" OR (failed) NOT *': [],
      '"foo" (failed)*': [deployment],
    })
  })

  test('Chinese, Japanese and Korean are found by any part of one or more characters', async () => {
    const stage = await begin()
    const said = [
      '数据库项目',
      '项 目',
      '我的数据 据库',
      'がんばれニッポン',
      '안녕하세요',
      'iPhone手机𠮷野家',
      'ภาษาไทย',
    ]
    for (const text of said) await say(stage, stage.ann, 'bob', text)
    const [database, apart, mine, japan, hello, phone, thai] = said.map((text) => [text])
    await expectFound(stage, {
      数: ['我的数据 据库', '数据库项目'],
      目: ['项 目', '数据库项目'],
      项目: database,
      数据库: database,
      库项: database,
      据库: ['我的数据 据库', '数据库项目'],
      '我 据库': mine,
      '项 目': ['项 目', '数据库项目'],
      目项: [],
      がんば: japan,
      かんば: [],
      ニッポン: japan,
      ﾆｯﾎﾟﾝ: japan,
      녕하: hello,
      요: hello,
      iphone手机: phone,
      '手 IPH': phone,
      𠮷野: phone,
      𠮷: phone,
      ไทย: thai,
    })
    expect(apart).toEqual(['项 目'])
  })

  test('emoji and symbols are found one by one, whatever their colour', async () => {
    const stage = await begin()
    for (const text of ['ship it🚀', '👍🏽 €5', '🇩🇪🇫🇷', '👨‍👩‍👧'])
      await say(stage, stage.ann, 'bob', text)
    await expectFound(stage, {
      '🚀': ['ship it🚀'],
      '👍': ['👍🏽 €5'],
      '👍🏿': ['👍🏽 €5'],
      '€': ['👍🏽 €5'],
      '🇫🇷': ['🇩🇪🇫🇷'],
      '🇪🇫': [],
      '👨‍👩‍👧': ['👨‍👩‍👧'],
      '👩': ['👨‍👩‍👧'],
    })
  })

  test('without a word nothing can be searched for', async () => {
    const { store, ann } = await begin()
    for (const text of ['', '  ', '."*-()!?', '、。']) {
      const query = { user: ann.id, text, conversation: '', after: '', limit: 9, maxBytes: 9_999 }
      await expect(store.search(query)).rejects.toMatchObject({
        code: 'badRequest',
        message: expect.stringContaining('no word'),
      })
    }
  })

  test('a search takes so many different words, and no more', async () => {
    const { store, ann } = await begin()
    const ask = (text: string) =>
      store.search({ user: ann.id, text, conversation: '', after: '', limit: 9, maxBytes: 9_999 })
    const words = Array.from({ length: SEARCH_WORDS_MAX }, (_, at) => `w${at}`).join(' ')
    expect(await ask(`${words} ${words}`)).toEqual({ items: [], next: '' })
    await expect(ask(`${words} more`)).rejects.toMatchObject({
      code: 'badRequest',
      message: expect.stringContaining(`${SEARCH_WORDS_MAX} different words`),
    })
  })
}

function reach(begin: Begin): void {
  test('only those who may read a text find it, everywhere or in its conversation', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    await say(stage, ann, group, 'word in the group')
    const direct = await say(stage, ann, 'bob', 'word between us')
    const notes = await say(stage, ann, 'ann', 'word of mine')
    expect(await found(stage, ann, 'word')).toEqual([
      'word of mine',
      'word between us',
      'word in the group',
    ])
    expect(await found(stage, bob, 'word')).toEqual(['word between us', 'word in the group'])
    expect(await found(stage, cleo, 'word')).toEqual([])
    expect(await found(stage, ann, 'word', { conversation: group })).toEqual(['word in the group'])
    expect(await found(stage, bob, 'word', { conversation: direct })).toEqual(['word between us'])
    for (const conversation of [notes, '~c999', 'ops', '~']) {
      const refused = expect(found(stage, bob, 'word', { conversation })).rejects
      await refused.toMatchObject({ code: 'unknownConversation' })
    }
    expect(await found(stage, bob, 'word nowhere')).toEqual([])
  })

  test('who has left finds nothing of the group, and who comes back only what is theirs', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await make(stage, ann, 'club', ['bob'], 'invite')
    await say(stage, ann, group, 'word one')
    await stage.store.quit(bob.id, group, 30)
    await say(stage, ann, group, 'word two')
    expect(await found(stage, bob, 'word')).toEqual([])
    await stage.store.addMembers({ by: ann.id, group, users: ['bob'], time: nextTime() })
    await say(stage, ann, group, 'word three')
    expect(await found(stage, bob, 'word')).toEqual(['word three'])
    expect(await found(stage, ann, 'word')).toEqual(['word three', 'word two', 'word one'])
  })

  test('what was said is found over a restart', async () => {
    const stage = await begin()
    await say(stage, stage.ann, 'bob', 'before it')
    expect(await found(stage, stage.bob, 'it')).toEqual(['before it'])
    await say(stage, stage.ann, 'bob', 'just before it')
    await stage.reopen()
    await say(stage, stage.ann, 'bob', 'after it')
    const all = ['after it', 'just before it', 'before it']
    expect(await found(stage, stage.bob, 'it')).toEqual(all)
  })
}

function changes(begin: Begin): void {
  test('a text is found by its present words, in its present form', async () => {
    const stage = await begin()
    const { ann, bob, store } = stage
    const conversation = await say(stage, ann, 'bob', 'first version')
    expect(await found(stage, bob, 'first')).toEqual(['first version'])
    await store.edit({
      user: ann.id,
      conversation,
      seq: 1,
      text: 'second version',
      time: nextTime(),
    })
    await store.react({ user: bob.id, conversation, seq: 1, text: '+1', remove: false, time: 30 })
    expect(await found(stage, bob, 'first')).toEqual([])
    const [hit] = (await ask(stage, queryOf(bob, 'second'))).items
    expect(hit).toEqual({ conversation, entry: (await stage.all(bob, conversation))[0] })
    expect(hit?.entry).toMatchObject({ seq: 1, edited: true, reactions: [{ mine: true }] })
  })

  test('a text that was deleted is not found, by none of the words it had', async () => {
    const stage = await begin()
    const { ann, bob, store } = stage
    const conversation = await say(stage, ann, 'bob', 'first secret')
    await say(stage, ann, 'bob', 'no secret')
    await store.edit({
      user: ann.id,
      conversation,
      seq: 1,
      text: 'second secret',
      time: nextTime(),
    })
    expect(await found(stage, bob, 'secret')).toEqual(['no secret', 'second secret'])
    await store.deleteEntry({ user: ann.id, conversation, seq: 1, time: nextTime() })
    expect(await found(stage, bob, 'secret')).toEqual(['no secret'])
    expect(await found(stage, bob, 'first')).toEqual([])
    await stage.reopen()
    expect(await found(stage, ann, 'secret')).toEqual(['no secret'])
  })

  test('a group that has ended is not found any more', async () => {
    const stage = await begin()
    const { ann, store } = stage
    const group = await stage.make(ann, 'ops', [])
    await say(stage, ann, group, 'word')
    expect(await found(stage, ann, 'word')).toEqual(['word'])
    await store.deleteGroup(ann.id, group, nextTime())
    expect(await found(stage, ann, 'word')).toEqual([])
  })
}

function paging(begin: Begin): void {
  test('pages go from the newest to the oldest, also while more is said', async () => {
    const stage = await begin()
    const { ann } = stage
    const group = await stage.make(ann, 'ops', [])
    for (let at = 0; at < 20; at += 1) await say(stage, ann, at % 3 ? 'bob' : group, `word ${at}`)
    const texts: string[] = []
    let after = ''
    do {
      const { items, next } = await ask(stage, { ...queryOf(ann, 'word'), limit: 6, after })
      texts.push(...items.map(({ entry }) => entry.text))
      await say(stage, ann, 'bob', 'word of later')
      after = next
    } while (after !== '')
    expect(texts).toEqual(Array.from({ length: 20 }, (_, at) => `word ${19 - at}`))
  })

  test('a page ends before it has too many bytes, and one text fits in any case', async () => {
    const stage = await begin()
    const { ann } = stage
    const long = 'x'.repeat(1_000)
    for (let at = 0; at < 5; at += 1) await say(stage, ann, 'bob', `word ${long}${at}`)
    const sizes: number[] = []
    for (const maxBytes of [10, 2_500, 100_000]) {
      sizes.push((await ask(stage, { ...queryOf(ann, 'word'), maxBytes })).items.length)
    }
    expect(sizes).toEqual([1, 2, 5])
    const texts: string[] = []
    let after = ''
    do {
      const query = { ...queryOf(ann, 'word'), maxBytes: 2_500, after }
      const { items, next } = await ask(stage, query)
      texts.push(...items.map(({ entry }) => entry.text.slice(-1)))
      after = next
    } while (after !== '')
    expect(texts.join('')).toBe('43210')
  })

  test('what continues no search is refused', async () => {
    const { store, ann } = await begin()
    for (const after of ['x', '-1', '1.5', '9'.repeat(17)]) {
      const refused = expect(store.search({ ...queryOf(ann, 'word'), after })).rejects
      await refused.toMatchObject({ code: 'badRequest' })
    }
  })
}

const piece = fc.oneof(
  fc.stringMatching(/^[ab]{1,3}$/),
  fc.stringMatching(/^[数据库]{1,4}$/),
  fc.stringMatching(/^[ab数据]{2,4}$/),
)
const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(' '))
const step = fc.record({
  who: fc.nat(2),
  what: fc.constantFrom(
    ...(['say', 'say', 'say', 'direct', 'edit', 'delete', 'leave', 'enter', 'reopen'] as const),
  ),
  target: fc.nat(20),
  text,
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function likeAFilter(begin: Begin): void {
  test('finds what a filter finds of all that one may read', async () => {
    let groups = 0
    const stage = await begin()
    const people = [stage.ann, stage.bob, stage.cleo]
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 40 }),
      fc.array(text, { minLength: 3, maxLength: 3 }),
      async (steps, queries) => {
        groups += 1
        const group = await make(stage, stage.ann, `g${groups}`, ['bob'], 'invite')
        for (const each of steps) await take(stage, group, each)
        for (const user of people) {
          const readable = await textsOf(stage, user)
          for (const query of queries) {
            const expected = readable.filter((each) => hasAll(each.entry.text, query))
            expect(await everyHit(stage, user, query)).toEqual(expected)
          }
        }
      },
    )
    await fc.assert(property, { numRuns: 8 })
  })
}

async function take(stage: Stage, group: string, { who, what, target, text }: Step) {
  const { ann, bob, cleo, store } = stage
  const user = [ann, bob, cleo][who] ?? ann
  const at = { user: user.id, conversation: group, seq: target, time: nextTime() }
  const doing = {
    say: () => say(stage, user, group, text),
    direct: () => say(stage, user, target % 2 ? 'bob' : 'cleo', text),
    edit: () => store.edit({ ...at, text }),
    delete: () => store.deleteEntry(at),
    leave: () => store.quit(user.id, group, nextTime()),
    enter: () => store.addMembers({ by: ann.id, group, users: [user.id], time: nextTime() }),
    reopen: () => stage.reopen(),
  }
  // Much of it is refused.
  await Promise.resolve(doing[what]()).catch(() => undefined)
}

/** All that the user may read, the newest first. */
async function textsOf(stage: Stage, user: User): Promise<readonly FoundText[]> {
  const all: FoundText[] = []
  for (const { conversation } of await stage.headsOf(user)) {
    const entries = await stage.all(user, conversation)
    all.push(...entries.filter(isText).map((entry) => ({ conversation, entry })))
  }
  return all.sort((a, b) => b.entry.time - a.entry.time)
}

function isText({ kind, text }: Entry): boolean {
  return kind === 'text' && text !== ''
}

/** A filter that knows nothing of indexes: for small letters and Chinese characters. */
function hasAll(text: string, query: string): boolean {
  const runs = (of: string) => of.match(/[a-z]+|[^a-z ]+/g) ?? []
  return runs(query).every((word) =>
    runs(text).some((run) => (/[a-z]/.test(word) ? run.startsWith(word) : run.includes(word))),
  )
}

async function everyHit(stage: Stage, user: User, text: string): Promise<readonly FoundText[]> {
  const hits: FoundText[] = []
  let after = ''
  do {
    const { items, next } = await ask(stage, { ...queryOf(user, text), limit: 7, after })
    hits.push(...items)
    after = next
  } while (after !== '')
  return hits
}

/** Each query with the texts that Bob finds by it, the newest first. */
async function expectFound(
  stage: Stage,
  table: Readonly<Record<string, readonly string[] | undefined>>,
): Promise<void> {
  const seen: Record<string, readonly string[]> = {}
  for (const query of Object.keys(table)) seen[query] = await found(stage, stage.bob, query)
  expect(seen).toEqual(table)
}

async function found(
  stage: Stage,
  user: User,
  text: string,
  more: Partial<SearchQuery> = {},
): Promise<readonly string[]> {
  const { items } = await ask(stage, { ...queryOf(user, text), ...more })
  return items.map(({ entry }) => entry.text)
}

/** Again as long as the index is still being made: on a busy machine that takes a while. */
async function ask(stage: Stage, query: SearchQuery): Promise<Listed<FoundText>> {
  for (;;) {
    try {
      return await stage.store.search(query)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'unavailable') throw error
    }
  }
}

function queryOf(user: User, text: string): SearchQuery {
  return { user: user.id, text, conversation: '', after: '', limit: 100, maxBytes: 100_000 }
}

/** Answers the conversation. */
async function say(stage: Stage, from: User, target: string, text: string): Promise<string> {
  const kind = target.startsWith('~c') ? 'group' : 'direct'
  const message = {
    sender: from.id,
    kind,
    target,
    nonce: newNonce(),
    text,
    time: nextTime(),
  } as const
  return (await stage.store.append(message)).conversation
}

async function make(
  stage: Stage,
  by: User,
  name: string,
  members: readonly string[],
  access: Access,
): Promise<string> {
  const made = { by: by.id, nonce: newNonce(), name, members, access, time: nextTime() }
  return (await stage.store.createGroup(made)).group.id
}
