import { type ChatEntry, entryJson } from '../../net/library/chat-entry.ts'
import type { EntryKind } from '../../protocol/messages.ts'
import { deedOf } from '../../ui/commands/slash.ts'

/** An entry as a line: of JSON, or for people. Nothing in it moves a terminal's cursor. */
export function entryLine(entry: ChatEntry, asJson: boolean): string {
  return asJson ? `${entryJson(entry)}\n` : `${textLine(entry)}\n`
}

/** Further lines of a text stand below it, a little to the right. */
function textLine(entry: ChatEntry): string {
  const said = words[entry.kind](entry).replaceAll('\n', '\n    ')
  return `${minute(entry.time)}  ${entry.conversation}  ${said}`
}

const words: Readonly<Record<EntryKind, (entry: ChatEntry) => string>> = {
  unknown: ({ from }) => `* ${from} did what this version does not know`,
  text: ({ from, text, deleted }) =>
    deleted ? `${from}: (deleted)` : (deedOf(text, from) ?? `${from}: ${text}`),
  created: ({ from }) => `* ${from} made the group`,
  joined: ({ from }) => `* ${from} joined`,
  quit: ({ from }) => `* ${from} left`,
  added: ({ from, text }) => `* ${from} added ${text}`,
  edited: ({ from, target, text }) => `* ${from} changed message ${target} to: ${text}`,
  deleted: ({ from, target }) => `* ${from} deleted message ${target}`,
  reacted: ({ from, target, text }) => `* ${from} put ${text} to message ${target}`,
  unreacted: ({ from, target, text }) => `* ${from} took ${text} back from message ${target}`,
  removed: ({ from, text }) => `* ${from} removed ${text}`,
  banned: ({ from, text }) => `* ${from} banned ${text}`,
  role: ({ from, text }) => `* ${from} changed a role: ${text}`,
  renamed: ({ from, text }) => `* ${from} renamed the group to #${text}`,
  topic: ({ from, text }) => `* ${from} set the topic: ${text}`,
  access: ({ from, text }) => `* ${from} changed who may enter: ${text}`,
  ended: ({ from }) => `* ${from} ended the group`,
}

/** `2026-01-31 23:59`, in local time. */
export function minute(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 16).replace('T', ' ')
}
