import type { Entry, User } from '../../protocol/messages.ts'

/** Somebody who is writing; the same object until they are heard of again. */
export type Typist = Readonly<{ user: User }>

/** By target id of the conversation. */
export type Typing = ReadonlyMap<string, readonly Typist[]>

/** Heard of again: what was to happen to the one before does not concern this one. */
export function withTypist(typing: Typing, target: string, user: User): Typing {
  const others = (typing.get(target) ?? []).filter((typist) => typist.user.id !== user.id)
  return new Map(typing).set(target, [...others, { user }])
}

/** The time of this one is over, unless they were heard of since. */
export function withoutTypist(typing: Typing, target: string, typist: Typist): Typing {
  const before = typing.get(target) ?? []
  return new Map(typing).set(
    target,
    before.filter((other) => other !== typist),
  )
}

/** Who has said it writes no more. */
export function afterEntry(typing: Typing, target: string, { from }: Entry): Typing {
  const typist = typing.get(target)?.find(({ user }) => user.id === from)
  return typist === undefined ? typing : withoutTypist(typing, target, typist)
}
