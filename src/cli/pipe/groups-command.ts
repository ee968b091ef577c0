import type { Chat } from '../../net/library/chat.ts'
import { parseTarget } from '../../net/library/target.ts'
import { looksLikeShareLine, parseShareLine } from '../../net/share-line.ts'
import type { Group } from '../../protocol/messages.ts'
import { nearWord } from '../../protocol/near-word.ts'
import type { CommandLine, FlagValues } from '../command-line.ts'
import { UsageError } from '../errors.ts'
import { type GroupVerb, groupVerbs } from './commands.ts'
import { withChat } from './open.ts'
import { jsonLine, print } from './output.ts'
import type { World } from './world.ts'

/** A line of the answer: its fields for programs, and words for people. */
type Answer = Readonly<{ fields: object; words: string }>

type Run = (chat: Chat, args: readonly string[], values: FlagValues) => AsyncIterable<Answer>

/** `tchat groups VERB …` */
export async function groupsCommand({ input, values }: CommandLine, world: World): Promise<number> {
  const [word = 'list', ...args] = input
  const verb = verbOf(word)
  checkArguments(verb, args)
  if (values.private === true && verb !== 'create') {
    throw new UsageError("--private goes with 'tchat groups create'")
  }
  await withChat(world, values, async ({ chat }) => {
    for await (const { fields, words } of runs[verb](chat, args, values)) {
      await print(world.stdout, values.json === true ? jsonLine(fields) : `${words}\n`)
    }
  })
  return 0
}

const runs: Readonly<Record<GroupVerb, Run>> = {
  list: async function* (chat) {
    for (const head of await chat.conversations()) {
      if (head.kind === 'group') yield groupAnswer({ ...head, joined: true })
    }
  },
  find: async function* (chat, [beginning = '']) {
    for await (const group of chat.groups.find(beginning)) yield groupAnswer(group)
  },
  create: async function* (chat, [name = '', ...members], values) {
    const access = values.private === true ? 'invite' : 'public'
    yield groupAnswer(await chat.groups.create(name, { members, access }))
  },
  join: async function* (chat, [name = '', invite = '']) {
    const line = looksLikeShareLine(name) ? parseShareLine(name) : { group: name, invite }
    yield groupAnswer(await chat.groups.join(line.group, line.invite))
  },
  quit: async function* (chat, [name = '']) {
    await chat.groups.quit(name)
    yield { fields: { group: hashed(name), joined: false }, words: `left ${hashed(name)}` }
  },
  members: async function* (chat, [name = '']) {
    for await (const { user, role, online } of chat.groups.members(name)) {
      const words = `${user?.name ?? ''}  ${role}${online ? '  online' : ''}`
      yield { fields: { user: user?.name, role, online }, words }
    }
  },
  add: async function* (chat, [name = '', ...users]) {
    await chat.groups.add(name, users)
    for (const user of users)
      yield { fields: { group: hashed(name), user }, words: `added ${user}` }
  },
  remove: async function* (chat, [name = '', user = '']) {
    await chat.groups.remove(name, user)
    yield { fields: { group: hashed(name), user }, words: `removed ${user}` }
  },
}

function groupAnswer({
  name,
  members,
  joined,
  topic,
  access,
}: Omit<Group, 'id' | 'history'>): Answer {
  const fields = { group: `#${name}`, members, joined, topic, access }
  const who = `${members} member${members === 1 ? '' : 's'}`
  return { fields, words: `#${name}  ${access}  ${who}  ${topic}`.trimEnd() }
}

function verbOf(word: string): GroupVerb {
  const known = Object.keys(groupVerbs) as GroupVerb[]
  const verb = known.find((one) => one === word)
  if (verb !== undefined) return verb
  const near = nearWord(word, known)
  const guess = near === undefined ? `: ${known.join(', ')}` : ` (did you mean '${near}'?)`
  throw new UsageError(`'${word}' is nothing that 'tchat groups' does${guess}`)
}

function checkArguments(verb: GroupVerb, args: readonly string[]): void {
  const { args: form, least, most } = groupVerbs[verb]
  const usage = `'tchat groups ${verb} ${form}'`
  if (args.length < least) throw new UsageError(`something is missing: ${usage}`)
  if (args.length > most) throw new UsageError(`there is an argument too many: ${usage}`)
  const [group] = args
  if (group === undefined || verb === 'find' || looksLikeShareLine(group)) return
  try {
    parseTarget(hashed(group))
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
}

function hashed(name: string): string {
  return name.startsWith('#') ? name : `#${name}`
}
