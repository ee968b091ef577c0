import { FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX } from '../../protocol/limits.ts'
import type { NativeEnd } from './native-end.ts'
import type { ClassicUser } from './packets.ts'

/** What is left of a packet for its list. */
const LIST_BYTES_MAX = PAYLOAD_BYTES_MAX - FRAME_HEADER_BYTES - 256

/** The members of a group, the first that fit into a packet. */
export type Members = Readonly<{ groupId: string; sessionList: readonly ClassicUser[] }>

/** @throws ChatError unknownGroup, notMember */
export async function membersOf(native: Pick<NativeEnd, 'ask'>, group: string): Promise<Members> {
  const sessionList: ClassicUser[] = []
  let bytes = 0
  for (let after = ''; ; ) {
    const listed = await native.ask({ type: 'listMembers', group, after })
    for (const { user } of listed.members) {
      const one = { userId: user?.id ?? '', userName: user?.name ?? '' }
      bytes += Buffer.byteLength(JSON.stringify(one)) + 1
      if (bytes > LIST_BYTES_MAX) return { groupId: listed.group, sessionList }
      sessionList.push(one)
    }
    if (listed.next === '') return { groupId: listed.group, sessionList }
    after = listed.next
  }
}

/** @throws ChatError unknownGroup, notMember */
export async function memberNames(
  native: Pick<NativeEnd, 'ask'>,
  group: string,
): Promise<readonly string[]> {
  const { sessionList } = await membersOf(native, group)
  return sessionList.map(({ userName }) => userName)
}
