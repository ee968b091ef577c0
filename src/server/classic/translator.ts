import { randomBytes } from 'node:crypto'
import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import { FIRST_MEMBERS_MAX, NONCE_BYTES, TARGET_BYTES_MAX } from '../../protocol/limits.ts'
import type { User } from '../../protocol/messages.ts'
import type { Store } from '../store/store.ts'
import { membersOf } from './members.ts'
import type { NativeEnd } from './native-end.ts'
import type { ClientPacketType, PacketOf, ServerPacket } from './packets.ts'

/** What a row is handed. */
export type Asking = Readonly<{
  native: Pick<NativeEnd, 'ask'>
  store: Pick<Store, 'findUser' | 'blockers'>
  /** Sends command 2, and after it what was kept. */
  logIn: (name: string, password: string) => Promise<void>
  /** The connection is a guest's again. */
  logOut: () => Promise<void>
  /** Sends command 8, before what is said in that group. */
  announce: (group: string) => Promise<void>
  /** Waits while there are too many of what costs nothing else. */
  pace: () => Promise<void>
}>

/** Of who is logged in. */
export type MemberAsking = Asking & Readonly<{ user: User }>

/** What the client is answered; undefined: nothing, or it was sent already. */
type Answer = Promise<ServerPacket | undefined>

type GuestRow<T extends ClientPacketType> = Readonly<{
  needs: 'any'
  run: (asking: Asking, packet: PacketOf<T>) => Answer
}>
type MemberRow<T extends ClientPacketType> = Readonly<{
  needs: 'member'
  run: (asking: MemberAsking, packet: PacketOf<T>) => Answer
}>
export type Row<T extends ClientPacketType> = GuestRow<T> | MemberRow<T>

/**
 * Every packet that a client sends, as what it asks in version 2. Refusals become what version 1
 * has for them; one that is thrown ends the connection.
 */
export const translator: { readonly [T in ClientPacketType]: Row<T> } = {
  logIn: {
    needs: 'any',
    run: async ({ logIn }, { userName, password }) => {
      await logIn(userName, password)
      return undefined
    },
  },
  heartbeat: {
    needs: 'any',
    // Everything before it is answered, and so on disk (rule 4): packets are done one by one.
    run: async ({ pace }) => {
      await pace()
      return { type: 'heartbeatAnswer' }
    },
  },
  logOut: {
    needs: 'member',
    run: async ({ logOut }) => {
      await logOut()
      return { type: 'logOutResult', success: true, reason: '' }
    },
  },
  send: {
    needs: 'member',
    run: async ({ native }, { toUserId, message: text }) => {
      if (!mayBeTarget(toUserId)) return undefined
      const asked = native.ask({ type: 'sendDirect', to: toUserId, nonce: nonce(), text })
      return ignored(asked)
    },
  },
  sendToGroup: {
    needs: 'member',
    run: async ({ native }, { toGroupId, message: text }) => {
      if (!mayBeTarget(toGroupId)) return undefined
      return ignored(native.ask({ type: 'sendGroup', group: toGroupId, nonce: nonce(), text }))
    },
  },
  createGroup: {
    needs: 'member',
    run: async (asking, { userIdList }) => {
      const members = await knownAmong(asking, userIdList)
      const draft = { type: 'createGroup', nonce: nonce(), name: '', members } as const
      return orRefused(
        async () => {
          const { group } = await asking.native.ask(draft)
          await asking.announce(group?.id ?? '')
          return undefined
        },
        () => ({ type: 'groupCreated', success: false, groupId: '', userNameList: [] }),
      )
    },
  },
  listMembers: {
    needs: 'member',
    run: async ({ native }, { groupId }) =>
      orRefused(
        async () => ({ type: 'members', ...(await membersOf(native, target(groupId))) }),
        () => ({ type: 'members', groupId, sessionList: [] }),
      ),
  },
  joinGroup: {
    needs: 'member',
    run: async ({ native }, { groupId }) =>
      orRefused(
        async () => {
          const { group } = await native.ask({ type: 'joinGroup', group: target(groupId) })
          return { type: 'joinResult', groupId: group?.id ?? groupId, success: true, reason: '' }
        },
        (reason) => ({ type: 'joinResult', groupId, success: false, reason }),
      ),
  },
  quitGroup: {
    needs: 'member',
    run: async ({ native }, { groupId }) =>
      orRefused(
        async () => {
          const { group } = await native.ask({ type: 'quitGroup', group: target(groupId) })
          return { type: 'quitResult', groupId: group, success: true, reason: '' }
        },
        (reason) => ({ type: 'quitResult', groupId, success: false, reason }),
      ),
  },
}

/** A message that could not be kept is not passed over in silence: the client loses the connection. */
const LOST: ReadonlySet<ErrorCode> = new Set(['unavailable', 'storageFull', 'stopping', 'failed'])

/** Version 1 has no words for what came of a message. @throws ChatError when it may be lost */
async function ignored(asked: Promise<unknown>): Promise<undefined> {
  try {
    await asked
  } catch (error) {
    if (!(error instanceof ChatError) || LOST.has(error.code)) throw error
  }
}

async function orRefused(run: () => Answer, refused: (reason: string) => ServerPacket): Answer {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof ChatError) || error.code === 'stopping') throw error
    return refused(error.message)
  }
}

/** Those who can be put into a group: unknown users, and who blocks the maker, are left out. */
async function knownAmong(
  { store, user }: MemberAsking,
  targets: readonly string[],
): Promise<readonly string[]> {
  const asked = [...new Set(targets)].filter(mayBeTarget).slice(0, FIRST_MEMBERS_MAX)
  const found = await Promise.all(asked.map((each) => store.findUser(each)))
  const blockers = new Set(await store.blockers(user.id))
  return found.flatMap((each) => (each === undefined || blockers.has(each.id) ? [] : [each.id]))
}

function mayBeTarget(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= TARGET_BYTES_MAX
}

/** @throws ChatError unknownGroup */
function target(text: string): string {
  if (mayBeTarget(text)) return text
  throw new ChatError('unknownGroup')
}

function nonce(): Buffer {
  return randomBytes(NONCE_BYTES)
}
