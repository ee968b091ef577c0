import { packets } from '../../src/server/classic/packets.ts'
import { CLASSIC_GUEST_MS_MAX, CLASSIC_SILENCE_MS_MAX } from '../../src/server/classic/session.ts'

/** The part of PROTOCOL.md on version 1: its table comes from where it is used. */
export function classicPart(): string {
  const rows = Object.values(packets).map(({ command, from, fields }) => {
    const names = Object.entries(fields).map(([name, { kind }]) => written(name, kind))
    return `| ${command} | ${from} | ${names.join(', ') || '(none)'} |`
  })
  return `${INTRO}\n\n| command | sent by | JSON fields |\n| --- | --- | --- |\n${rows.join('\n')}\n\n${RULES}`
}

const shapes: Readonly<Record<string, (name: string) => string>> = {
  text: (name) => name,
  flag: (name) => `${name} (true or false)`,
  texts: (name) => `${name} [texts]`,
  user: (name) => `${name} {userId, userName}`,
  users: (name) => `${name} [{userId, userName}]`,
}

function written(name: string, kind: string): string {
  return shapes[kind]?.(name) ?? name
}

const INTRO = `## Version 1: the classic profile

A server that was started with \`--classic\` also speaks version 1, on the same port: the fifth byte of a
connection tells. It is there for clients that exist already; a new one is better written for
version 2. Version 1 has the same frame with version 1 and serializer 1, is never inside TLS, and
is taken from any address. A payload is a JSON object in UTF-8; fields that are not listed are passed
over. There are no request ids and no acknowledgements.`

const RULES = `- **Accounts** of these clients are a kind of their own, for all of them send one password: the first
  log-in with an unknown name makes one (where registering is open to all), with any password. Nobody
  can log in to it with version 2, and version 1 can log in to no other, until an operator gives it a
  password: then it is an account like any other. It is no member of \`#lobby\`, and has no role
  but member and maker of a group. \`Member.classic\` shows it to others.
- **What is sent** by itself: 4 and 16 for the texts of one's conversations, once each and in order,
  also those that were said while one was away (after 2); one's own in groups, too. Nothing else of the
  log. 8 goes to all first members of a group. A text is delivered when the server's system has taken
  its bytes for that connection.
- **18** comes when everything before it is on disk. What a client sends is done in its order.
- **Targets**: \`toUserId\` and \`userIdList\` take ids or names, \`toGroupId\` and \`groupId\` an id or a
  group's name. A group made by 7 is public, named \`g-\` and six characters of its id; users that
  are not known are left out.
- **Mistakes.** A wrong magic, version, serializer, length or JSON, another shape, an unknown command,
  and any request but 1 and 17 by a guest end the connection. A message to an unknown user, or to a group
  that one is no member of, is passed over. 11 and 13 are answered with \`success\` false and a
  \`reason\`, 9 with an empty list. A message that the server cannot keep now ends the connection.
- **Time-outs.** ${CLASSIC_SILENCE_MS_MAX / 1_000} s of silence end the connection, and
  ${CLASSIC_GUEST_MS_MAX / 60_000} minutes without a log-in. Over its rate a client is not read for a while.`
