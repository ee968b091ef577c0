import { ProtocolError } from './errors.ts'
import {
  type DraftOf,
  EncodedRecords,
  type Fields,
  type RecordListField,
  type RecordType,
  type ValuesOf,
} from './fields.ts'
import { frameHeader } from './frames.ts'
import { FRAME_HEADER_BYTES } from './limits.ts'
import { type DraftMessage, type Message, type MessageType, messages } from './messages.ts'
import { defaultOf, fieldTag, type ReadFields, type ReadText, readerOf } from './readers.ts'
import { compileReader, compileWriter, type Row } from './shapes.ts'
import type { Cursor } from './wire.ts'
import { checkedEnd, scratch, type WriteFields, writerOf } from './writers.ts'

/** Messages ⇄ frames of version 2, driven by the message table. */

/** How one message or record is read and written. */
type Plan = Readonly<{ read: ReadFields; write: WriteFields }>
type MessagePlan = Plan & Readonly<{ command: number }>

/** Made when they are first used: nobody who starts waits for all of them. */
const plans: Partial<Record<MessageType, MessagePlan>> = {}
const recordPlans = new Map<RecordType, Plan>()
const listPlans = new Map<RecordListField, Plan>()
const types = Object.keys(messages) as MessageType[]
const typeByCommand: readonly (MessageType | undefined)[] = Array.from({ length: 256 }, (_, at) =>
  types.find((type) => messages[type].command === at),
)

/** Rule 1: the request id is the same field in every message that has one. */
const requestPlan = makePlan({ request: messages.error.fields.request })

/**
 * A whole frame, header included, in memory of its own.
 * @throws RangeError when a value is beyond its field's maximum: a fault of the caller.
 */
export function encode(message: DraftMessage): Buffer {
  const { command, write } = planOf(message.type)
  const end = checkedEnd(write(message, FRAME_HEADER_BYTES))
  frameHeader(scratch, command, end - FRAME_HEADER_BYTES)
  return copied(0, end)
}

/**
 * The records of a list, encoded for a message that is put together in another thread: bytes are
 * cheaper to hand over than values.
 * @throws RangeError as encode does
 */
export function encodeRecords<R extends RecordType>(
  field: RecordListField<R>,
  values: readonly DraftOf<R['fields']>[],
): EncodedRecords<R> {
  const end = checkedEnd(listPlan(field).write({ list: values }, 0))
  return new EncodedRecords(field, values.length, copied(0, end))
}

/** The values again. @throws ProtocolError badPayload */
export function decodeRecords<R extends RecordType>(
  { field, bytes }: EncodedRecords<R>,
  readText: ReadText = asIs,
): readonly ValuesOf<R['fields']>[] {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = listPlan(field).read(cursorOver(payload), undefined, readText)
  return (read as { list: readonly ValuesOf<R['fields']>[] }).list
}

/**
 * The message in a payload, in memory of its own, or undefined for a command that is not in the
 * table.
 * @throws ProtocolError badPayload
 */
export function decode(
  command: number,
  payload: Buffer,
  readText: ReadText = asIs,
): Message | undefined {
  const type = typeByCommand[command]
  if (type === undefined) return undefined
  return planOf(type).read(cursorOver(payload), undefined, readText) as Message
}

/** The request id of a command that is not known, so that its error can name it; 0 without one. */
export function requestOf(payload: Buffer): number {
  const values = { request: 0 }
  try {
    requestPlan.read(cursorOver(payload), values, asIs)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
  return values.request
}

function planOf(type: MessageType): MessagePlan {
  const known = plans[type]
  if (known !== undefined) return known
  const { command, fields } = messages[type]
  const plan = { command, ...makePlan(fields, type) }
  plans[type] = plan
  return plan
}

function makePlan(fields: Fields, type?: string): Plan {
  const rows = Object.entries(fields)
    .toSorted(([, one], [, other]) => one.number - other.number)
    .map(
      ([name, field]): Row => ({
        name,
        tag: fieldTag(field),
        absent: defaultOf(field),
        read: readerOf(name, field, (record) => recordPlan(record).read),
        write: writerOf(name, field, (record) => recordPlan(record).write),
      }),
    )
  return { read: compileReader(rows, type), write: compileWriter(rows) }
}

function recordPlan(record: RecordType): Plan {
  const known = recordPlans.get(record)
  if (known !== undefined) return known
  const plan = makePlan(record.fields)
  recordPlans.set(record, plan)
  return plan
}

function listPlan(field: RecordListField): Plan {
  const known = listPlans.get(field)
  if (known !== undefined) return known
  const plan = makePlan({ list: field })
  listPlans.set(field, plan)
  return plan
}

function cursorOver(payload: Buffer): Cursor {
  return { bytes: payload, at: 0, end: payload.length }
}

function copied(start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start)
  scratch.copy(copy, 0, start, end)
  return copy
}

function asIs(text: string): string {
  return text
}
