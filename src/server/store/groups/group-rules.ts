import { ChatError } from '../../../protocol/errors.ts'
import type { Group } from '../../../protocol/messages.ts'
import { nameOf } from '../../../protocol/names.ts'
import type { Appender } from '../log/appender.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Person, Users } from '../people/users.ts'
import type { NewAccess, NewName, NewTopic } from '../store.ts'
import type { Exits } from './exits.ts'
import type { Groups } from './groups.ts'
import { manages, needManager, needMember, needOwner } from './roles.ts'

export type GroupRulesParts = Readonly<{
  users: Users
  conversations: Conversations
  appender: Appender
  groups: Groups
  exits: Exits
}>

/** What a group is called and about, who may enter, and its end. */
export class GroupRules {
  #parts: GroupRulesParts

  constructor(parts: GroupRulesParts) {
    this.#parts = parts
  }

  rename({ by, group: target, name: wanted, time }: NewName): Group {
    const { users, conversations, appender, groups } = this.#parts
    const person = users.need(by)
    const group = conversations.groupKnownTo(person.id, target)
    needManager(conversations, group, person)
    const name = nameOf(wanted)
    if (name === group.name) return groups.groupFor(group, person)
    groups.checkName(name, group)
    conversations.rename(group, name)
    appender.note(group, person, 'renamed', time, { text: name })
    return groups.groupFor(group, person)
  }

  setTopic({ by, group: target, topic, time }: NewTopic): Group {
    const { users, conversations, appender, groups } = this.#parts
    const person = users.need(by)
    const group = conversations.groupKnownTo(person.id, target)
    this.#checkTopicIsTheirs(group, person)
    if (/[\n\t]/.test(topic)) throw new ChatError('badRequest', 'a topic is one line')
    if (topic === group.topic) return groups.groupFor(group, person)
    conversations.setTopic(group, topic)
    appender.note(group, person, 'topic', time, { text: topic })
    return groups.groupFor(group, person)
  }

  /** Who is a member already keeps what they may read. */
  setAccess({ by, group: target, access, history, time }: NewAccess): Group {
    const { users, conversations, appender, groups } = this.#parts
    const person = users.need(by)
    const group = conversations.groupKnownTo(person.id, target)
    needOwner(conversations, group, person)
    if (access === 'unknown') {
      throw new ChatError('badRequest', 'a group is public or by invitation')
    }
    const whole = access === 'invite' && history
    if (access !== group.access || whole !== group.history) {
      conversations.setAccess(group, access, whole)
      appender.note(group, person, 'access', time, { text: access })
    }
    return groups.groupFor(group, person)
  }

  delete(user: string, target: string, time: number): void {
    const { users, conversations, exits } = this.#parts
    const person = users.need(user)
    const group = conversations.groupKnownTo(person.id, target)
    needOwner(conversations, group, person)
    exits.end(group, person, time)
  }

  /** Where nobody manages the group, members say what it is about. */
  #checkTopicIsTheirs(group: Conversation, person: Person): void {
    const { conversations, groups } = this.#parts
    const membership = needMember(conversations, group, person)
    if (!manages(membership) && groups.hasManager(group)) needManager(conversations, group, person)
  }
}
