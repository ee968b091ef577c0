import { isUtf8 } from 'node:buffer'
import { ProtocolError } from '../../protocol/errors.ts'
import {
  FRAME_HEADER_BYTES,
  PASSWORD_BYTES_MAX,
  PAYLOAD_BYTES_MAX,
  TEXT_BYTES_MAX,
} from '../../protocol/limits.ts'

/** The instruction set as version 1 speaks it: JSON payloads, no request ids. */

export const MAGIC = 0x12345678
export const CLASSIC_VERSION = 1
export const JSON_SERIALIZER = 1

export type ClassicUser = Readonly<{ userId: string; userName: string }>

/** What a field can be; `max`: UTF-8 bytes. */
type Text = Readonly<{ kind: 'text'; max: number }>
type Texts = Readonly<{ kind: 'texts' }>
type Flag = Readonly<{ kind: 'flag' }>
type OneUser = Readonly<{ kind: 'user' }>
type Users = Readonly<{ kind: 'users' }>
type Field = Text | Texts | Flag | OneUser | Users

type ValueOf<F extends Field> = F extends Text
  ? string
  : F extends Texts
    ? readonly string[]
    : F extends Flag
      ? boolean
      : F extends OneUser
        ? ClassicUser
        : readonly ClassicUser[]

const text: Text = { kind: 'text', max: PAYLOAD_BYTES_MAX }
const message: Text = { kind: 'text', max: TEXT_BYTES_MAX }
const password: Text = { kind: 'text', max: PASSWORD_BYTES_MAX }
const texts: Texts = { kind: 'texts' }
const flag: Flag = { kind: 'flag' }
const user: OneUser = { kind: 'user' }
const users: Users = { kind: 'users' }

/** Every packet with its fields, as the table of PROTOCOL.md has them. */
export const packets = {
  logIn: { command: 1, from: 'client', fields: { userName: text, password } },
  logInResult: {
    command: 2,
    from: 'server',
    fields: { success: flag, reason: text, userId: text, userName: text },
  },
  send: { command: 3, from: 'client', fields: { toUserId: text, message } },
  message: {
    command: 4,
    from: 'server',
    fields: { fromUserId: text, fromUserName: text, message },
  },
  logOut: { command: 5, from: 'client', fields: {} },
  logOutResult: { command: 6, from: 'server', fields: { success: flag, reason: text } },
  createGroup: { command: 7, from: 'client', fields: { userIdList: texts } },
  groupCreated: {
    command: 8,
    from: 'server',
    fields: { success: flag, groupId: text, userNameList: texts },
  },
  listMembers: { command: 9, from: 'client', fields: { groupId: text } },
  members: { command: 10, from: 'server', fields: { groupId: text, sessionList: users } },
  joinGroup: { command: 11, from: 'client', fields: { groupId: text } },
  joinResult: {
    command: 12,
    from: 'server',
    fields: { groupId: text, success: flag, reason: text },
  },
  quitGroup: { command: 13, from: 'client', fields: { groupId: text } },
  quitResult: {
    command: 14,
    from: 'server',
    fields: { groupId: text, success: flag, reason: text },
  },
  sendToGroup: { command: 15, from: 'client', fields: { toGroupId: text, message } },
  groupMessage: {
    command: 16,
    from: 'server',
    fields: { fromGroupId: text, fromUser: user, message },
  },
  heartbeat: { command: 17, from: 'client', fields: {} },
  heartbeatAnswer: { command: 18, from: 'server', fields: {} },
} as const satisfies Record<string, PacketRow>

type PacketRow = Readonly<{
  command: number
  from: 'client' | 'server'
  fields: Readonly<Record<string, Field>>
}>

type Table = typeof packets
export type PacketType = keyof Table
type SentBy<Side> = {
  [T in PacketType]: Table[T]['from'] extends Side ? T : never
}[PacketType]
export type ClientPacketType = SentBy<'client'>

type FieldsOf<T extends PacketType> = Table[T]['fields']
export type PacketOf<T extends PacketType> = Readonly<{ type: T }> & {
  readonly [K in keyof FieldsOf<T>]: FieldsOf<T>[K] extends Field ? ValueOf<FieldsOf<T>[K]> : never
}
export type ClientPacket = { [T in ClientPacketType]: PacketOf<T> }[ClientPacketType]
export type ServerPacket = { [T in SentBy<'server'>]: PacketOf<T> }[SentBy<'server'>]

const rows = Object.entries(packets) as readonly (readonly [PacketType, PacketRow])[]

/**
 * What a client sent. Fields that are not in the table are passed over.
 * @throws ProtocolError unknownCommand; badPayload for what is no JSON object, or of another shape
 */
export function readPacket(command: number, payload: Buffer): ClientPacket {
  const [type, row] = rows.find(([, { from, command: own }]) => {
    return from === 'client' && own === command
  }) ?? [undefined, undefined]
  if (row === undefined) throw new ProtocolError('unknownCommand')
  const fields = Object.entries(row.fields)
  const values = payload.length === 0 && fields.length === 0 ? {} : objectIn(payload)
  const read = fields.map(([name, field]) => [name, valueIn(values, name, field)])
  return { type, ...Object.fromEntries(read) } as ClientPacket
}

/** A whole frame, header included. */
export function writePacket({ type, ...values }: ServerPacket): Buffer {
  const payload = Buffer.from(JSON.stringify(values))
  const header = Buffer.alloc(FRAME_HEADER_BYTES)
  header.writeUInt32BE(MAGIC, 0)
  header[4] = CLASSIC_VERSION
  header[5] = JSON_SERIALIZER
  header[6] = packets[type].command
  header.writeUInt32BE(payload.length, 7)
  return Buffer.concat([header, payload])
}

function objectIn(payload: Buffer): Readonly<Record<string, unknown>> {
  if (!isUtf8(payload)) throw new ProtocolError('badPayload', 'not UTF-8')
  const value = parsed(payload.toString())
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw new ProtocolError('badPayload', 'no JSON object')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new ProtocolError('badPayload', 'no JSON')
  }
}

function valueIn(
  values: Readonly<Record<string, unknown>>,
  name: string,
  field: Field,
): string | readonly string[] {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (field.kind === 'text' && isText(value, field.max)) return value.toWellFormed()
  if (field.kind === 'texts' && isTexts(value)) return value.map((each) => each.toWellFormed())
  throw new ProtocolError('badPayload', `${name} is missing, too long or of another type`)
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= max
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
