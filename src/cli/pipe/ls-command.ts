import { labelOfHead } from '../../net/library/directory.ts'
import type { Head } from '../../protocol/messages.ts'
import { textWidth } from '../../ui/text/width.ts'
import type { CommandLine } from '../command-line.ts'
import { noArguments } from './arguments.ts'
import { minute } from './entry-text.ts'
import { withChat } from './open.ts'
import { jsonLine, print } from './output.ts'
import type { World } from './world.ts'

/** `tchat ls`: one's conversations, the one with the newest entry first. */
export async function lsCommand({ input, values }: CommandLine, world: World): Promise<number> {
  noArguments('ls', input)
  const heads = await withChat(world, values, ({ chat }) => chat.conversations())
  const newest = heads.toSorted((one, other) => other.time - one.time)
  const text =
    values.json === true ? newest.map((head) => jsonLine(rowOf(head))).join('') : table(newest)
  await print(world.stdout, text)
  return 0
}

function rowOf(head: Head): object {
  const { kind, n, readN, mentions, first, last, delivered, read, time } = head
  const row = { conversation: labelOfHead(head), kind, unread: n - readN, mentions }
  const cursors = { first, last, delivered, read, time }
  if (kind !== 'group') return { ...row, ...cursors }
  const { members, role, access, topic } = head
  return { ...row, ...cursors, members, role, access, topic }
}

function table(heads: readonly Head[]): string {
  const labels = heads.map(labelOfHead)
  const width = Math.max(0, ...labels.map(textWidth))
  return heads.map((head, at) => line(head, labels[at] ?? '', width)).join('')
}

function line(head: Head, label: string, width: number): string {
  const unread = head.n - head.readN
  const waits = unread === 0 ? '' : `${unread} unread`
  const named = head.mentions === 0 ? '' : `, ${head.mentions} name you`
  const padded = label + ' '.repeat(width - textWidth(label))
  return `${padded}  ${minute(head.time)}  ${`${waits}${named}`.padEnd(12)}  ${head.topic}`
    .trimEnd()
    .concat('\n')
}
