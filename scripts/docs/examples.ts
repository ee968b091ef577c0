import type { Choice, Field, Fields } from '../../src/protocol/fields.ts'
import type { DraftMessage, MessageType } from '../../src/protocol/messages.ts'
import { fieldsByNumber, messagesByCommand, type NamedMessage } from './schema.ts'

/**
 * One example of each message, with a value for every field, made from the table: what the golden
 * frames were made of. A value is looked for by the field's name, then by its kind.
 */

type Values = Record<string, unknown>

/** 2026-11-22 12:00:00 UTC. */
const TIME = Date.UTC(2026, 10, 22, 12)

const BY_NAME: Readonly<Record<string, unknown>> = {
  after: 'bob',
  before: 0,
  around: 0,
  by: { id: '~u1', name: 'alice' },
  code: 'rateLimited',
  conversation: '~c3',
  delivered: 42,
  device: 'tchat 0.1.0 on Linux',
  first: 1,
  from: 1,
  group: '#ops',
  heartbeatMs: 15_000,
  id: '~u1',
  joined: true,
  last: 42,
  limit: 50,
  members: 3,
  n: 40,
  name: 'alice',
  next: 'carol',
  online: true,
  password: 'correct horse',
  peer: { id: '~u2', name: '张三' },
  read: 41,
  readN: 39,
  removed: false,
  request: 7,
  retryMs: 1_500,
  seq: 42,
  serverTime: TIME,
  subject: { id: '~u2', name: '张三' },
  text: 'Hello, 张三 👋',
  time: TIME,
  to: '张三',
  user: '~u2',
}
/** Where the same name means something else. */
const BY_PLACE: Readonly<Record<string, unknown>> = {
  'createGroup.name': 'ops',
  'createGroup.members': ['bob', '张三'],
  'Entry.from': '~u1',
  'Entry.kind': 'text',
  'error.text': 'too much at once; try again in 1.5 s',
  'find.text': 'al',
  'getPage.after': 0,
  'getPage.before': 43,
  'goodbye.code': 'stopping',
  'goodbye.text': 'the server stops; come back later',
  'Group.id': '~c3',
  'Group.name': 'ops',
  'groupQuit.group': '~c3',
  'Head.name': 'ops',
  'heads.heads': [
    {
      conversation: '~c3',
      kind: 'group',
      name: 'ops',
      first: 1,
      from: 1,
      last: 42,
      n: 40,
      time: TIME,
      delivered: 42,
      read: 41,
      readN: 39,
      role: 'owner',
      members: 3,
    },
    {
      conversation: '~c4',
      kind: 'direct',
      peer: { id: '~u2', name: '张三' },
      first: 1,
      from: 1,
      last: 300,
      n: 300,
      time: TIME,
      delivered: 300,
      read: 300,
      readN: 300,
      role: 'member',
    },
  ],
  'members.group': '~c3',
  'page.entries': [
    {
      seq: 41,
      time: TIME,
      from: '~u1',
      kind: 'added',
      n: 39,
      subject: { id: '~u2', name: '张三' },
    },
    { seq: 42, time: TIME + 1, from: '~u2', name: '张三', kind: 'text', text: '你好', n: 40 },
  ],
  'presences.online': 2,
  'sync.conversations': ['~c3', '~c4'],
}
/** What does not go with the rest of its example. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'Entry.subject',
  'Head.peer',
  'logIn.token',
  'sync.after',
])

export function exampleMessages(): readonly DraftMessage[] {
  return messagesByCommand().map(exampleOf)
}

function exampleOf({ type, fields }: NamedMessage): DraftMessage<MessageType> {
  return { type, ...exampleValues(type, fields) } as DraftMessage
}

function exampleValues(place: string, fields: Fields): Values {
  const values: Values = {}
  for (const { name, field } of fieldsByNumber(fields)) {
    if (!LEFT_OUT.has(`${place}.${name}`)) values[name] = exampleValue(place, name, field)
  }
  return values
}

function exampleValue(place: string, name: string, field: Field): unknown {
  const named = [BY_PLACE[`${place}.${name}`], BY_NAME[name]].find((value) => suits(field, value))
  return named ?? exampleByKind(field)
}

function exampleByKind(field: Field): unknown {
  switch (field.kind) {
    case 'uint':
      return 300
    case 'bool':
      return true
    case 'text':
      return 'text'
    case 'bytes':
      return Uint8Array.from({ length: Math.min(field.max, 32) }, (_, at) => at)
    case 'choice':
      return lastOf(field.of)
    case 'textList':
      return ['one', 'two']
    case 'record':
      return exampleValues(field.of.name, field.of.fields)
    case 'recordList':
      return [exampleValues(field.of.name, field.of.fields), {}]
  }
}

function lastOf({ values }: Choice): string | undefined {
  return Object.keys(values).at(-1)
}

/** Whether the value has the field's kind; the same name is sometimes given to several kinds. */
function suits(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case 'uint':
      return typeof value === 'number'
    case 'bool':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string'
    case 'choice':
      return typeof value === 'string' && value in field.of.values
    case 'textList':
    case 'recordList':
      return Array.isArray(value)
    case 'record':
      return typeof value === 'object' && isFor(field.of.fields, value)
    default:
      return false
  }
}

function isFor(fields: Fields, value: object | null): boolean {
  return value !== null && Object.keys(value).every((name) => name in fields)
}
