import type { AnswerOf, DraftMessage, Group, Member } from '../../protocol/messages.ts'
import type { Askable } from '../chat-client.ts'
import { parseTarget } from './target.ts'

type Ask = <T extends Askable>(draft: DraftMessage<T>) => Promise<AnswerOf<T>>

export type CreateGroupOptions = Readonly<{
  /** First members, by name. */
  members?: readonly string[]
  /** Who may enter; anybody by default. */
  access?: 'public' | 'invite'
}>

/**
 * Groups. Names may have their `#` or not. Every method throws ChatError when the server refuses,
 * and waits while the connection is away.
 */
export class ChatGroups {
  readonly #ask: Ask
  readonly #randomNonce: () => Uint8Array

  constructor(ask: Ask, randomNonce: () => Uint8Array) {
    this.#ask = ask
    this.#randomNonce = randomNonce
  }

  /** Makes a group, of which one is the owner. */
  async create(name: string, options: CreateGroupOptions = {}): Promise<Group> {
    const { members = [], access = 'public' } = options
    const nonce = this.#randomNonce()
    const made = { name: groupName(name), members: [...members], access, nonce }
    const { group } = await this.#ask({ type: 'createGroup', ...made })
    return needed(group)
  }

  /** Becomes a member; who is one already gets the same answer. `invite`: a code, where it takes one. */
  async join(name: string, invite = ''): Promise<Group> {
    const { group } = await this.#ask({ type: 'joinGroup', group: groupName(name), invite })
    return needed(group)
  }

  /** Leaves it; who is no member gets the same answer. */
  async quit(name: string): Promise<void> {
    await this.#ask({ type: 'quitGroup', group: groupName(name) })
  }

  /** Makes others members; who is one already is passed over. */
  async add(name: string, users: readonly string[]): Promise<void> {
    await this.#ask({ type: 'addMembers', group: groupName(name), users: [...users] })
  }

  /** Puts a member out. */
  async remove(name: string, user: string): Promise<void> {
    await this.#ask({ type: 'removeMember', group: groupName(name), user, ban: false })
  }

  /** In the order of their joining. For members only. */
  async *members(name: string): AsyncGenerator<Member, void, undefined> {
    let after = ''
    do {
      const group = groupName(name)
      const page: AnswerOf<'listMembers'> = await this.#ask({ type: 'listMembers', group, after })
      yield* page.members
      after = page.next
    } while (after !== '')
  }

  /** Public groups, and one's own, whose name begins so; those with most members first. */
  async *find(beginning = ''): AsyncGenerator<Group, void, undefined> {
    let after = ''
    do {
      const text = beginning.startsWith('#') ? beginning : `#${beginning}`
      const page: AnswerOf<'find'> = await this.#ask({ type: 'find', text, after })
      yield* page.groups
      after = page.next
    } while (after !== '')
  }
}

/** @throws TypeError */
function groupName(text: string): string {
  return parseTarget(text.trim().startsWith('#') ? text : `#${text}`).id
}

function needed(group: Group | undefined): Group {
  if (group === undefined) throw new Error('the server named no group')
  return group
}
