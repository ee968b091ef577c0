import type { Entry, EntryKind } from '../../protocol/messages.ts'
import { isDeleted } from '../../protocol/present.ts'

/** An entry of a conversation's log, as programs use it. Texts are free of control characters. */
export type ChatEntry = Readonly<{
  /** Where: `#name` of a group, or the name of whom one talks to. What `send` takes. */
  conversation: string
  /** Its place there: 1, 2, 3, … */
  seq: number
  /** When the server took it, milliseconds since 1970. */
  time: number
  /** Name of the user who made it. */
  from: string
  /** `text` is a message. */
  kind: EntryKind
  /**
   * Of `text` and `edited` the message, empty when it was deleted (or when nothing of it could be
   * shown: old servers took such texts); of `added`, `removed`, `banned`
   * and `role` whom it is about; of others what they set or put.
   */
  text: string
  /** It is a message that was deleted since: where it stood, and nothing else. */
  deleted: boolean
  /** Seq of the text that it answers or changes; 0: of none. */
  target: number
  /** It is one's own. */
  own: boolean
  /** It names one with @. */
  mentioned: boolean
  /** Id of the conversation, which stays when a group is renamed. */
  conversationId: string
  /** Id of the user who made it. */
  fromId: string
}>

/** `conversation`: how it is called; `me`: id of the user who looks at it. */
export function chatEntry(
  conversation: string,
  conversationId: string,
  entry: Entry,
  me: string,
): ChatEntry {
  const { seq, time, from, name, kind, target, mentions } = entry
  return {
    conversation,
    seq,
    time,
    from: name,
    kind,
    text: wordsOf(entry),
    deleted: isDeleted(entry),
    target,
    own: from === me,
    mentioned: mentions.includes(me),
    conversationId,
    fromId: from,
  }
}

/**
 * What pipes and hooks get of an entry: one JSON object with `conversation`, `seq`, `time`, `from`,
 * `kind` and `text`, in one line, in raw UTF-8. The text of a deleted message is empty.
 */
export function entryJson(entry: JsonEntry): string {
  const { conversation, seq, time, from, kind, text } = entry
  return JSON.stringify({ conversation, seq, time, from, kind, text })
}

type JsonEntry = Pick<ChatEntry, 'conversation' | 'seq' | 'time' | 'from' | 'kind' | 'text'>

function wordsOf({ kind, text, subject, role }: Entry): string {
  if (subject === undefined) return text
  return kind === 'role' ? `${subject.name} ${role}` : subject.name
}
