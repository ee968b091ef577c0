import type { DraftMessage } from '../src/protocol/messages.ts'

/** What is measured with: messages as a chat has them. */

/** 100 bytes of ASCII. */
export const ENGLISH =
  'Shall we look at the release together? The last three changes are in, and all of the tests are green'
/** 99 bytes of UTF-8. */
export const CHINESE = '我们一起看一下这个版本吧？最后三处改动已经合入，所有测试都通过了。'

export function groupEntry(text: string): DraftMessage<'groupEntry'> {
  const entry = {
    seq: 12_345,
    time: Date.UTC(2026, 10, 22, 12),
    from: '~u2f',
    name: 'alice',
    kind: 'text',
    text,
    nonce: Buffer.alloc(16, 7),
    n: 12_000,
  } as const
  return { type: 'groupEntry', conversation: '~c1k', entry }
}

export function sendGroup(text: string): DraftMessage<'sendGroup'> {
  return { type: 'sendGroup', request: 77, group: '~c1k', nonce: Buffer.alloc(16, 7), text }
}
