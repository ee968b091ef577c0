import { readFileSync } from 'node:fs'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { parseGolden } from '../../scripts/docs/golden.ts'
import type { Field, Fields } from '../../src/protocol/fields.ts'
import { type MessageType, messages } from '../../src/protocol/messages.ts'
import { ClassicClient } from '../support/classic-client.ts'
import { pcapOf } from '../support/pcap.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { plainClient, serveHere } from '../support/sockets.ts'
import { Tap } from '../support/tap.ts'
import {
  CAPTURE_LACKS,
  captured,
  dissected,
  mayCapture,
  TSHARK_LACKS,
  tsharkIsHere,
} from '../support/tshark.ts'

beforeEach(({ skip }) => skip(!tsharkIsHere, TSHARK_LACKS))

/** How the stream is cut: in headers, in numbers, in characters. */
const CUTS: readonly (readonly [string, readonly number[]])[] = [
  ['as it came', [60_000]],
  ['in segments of odd sizes', [1, 7, 3, 40, 11, 2, 900]],
  ['byte by byte', [1]],
]

test.each(CUTS)('a conversation on loopback is seen message by message, %s', async (_, sizes) => {
  const { port } = await serveHere()
  const tap = await Tap.open(port)
  onTestFinished(() => tap.close())
  const ann = await plainClient(tap.port)
  const { user } = await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const mark = nonce()
  const text = '你好, everybody 👋'
  const { seq } = await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: mark, text })
  await ann.push('groupEntry', ({ entry }) => entry?.seq === seq)
  await ann.refusal({ type: 'sendDirect', to: 'nobody', nonce: nonce(), text: 'hello?' })
  await ann.barrier()
  const shown = dissected(pcapOf(tap.passed, sizes), [
    'tchat.command',
    'tchat.register.name',
    'tchat.User.name',
    'tchat.User.id',
    'tchat.sendGroup.nonce',
    'tchat.sendGroup.text',
    'tchat.Entry.text',
    'tchat.sent.seq',
    'tchat.error.code',
    'tchat.malformed',
    'tchat.unknown',
  ])
  const all = (field: string) => shown.flatMap((packet) => packet[field] ?? [])
  expect(all('tchat.command').sort()).toEqual(
    ['17', '15', '16', '18', '2', '20', '22', '23', '3'].sort(),
  )
  expect(all('tchat.register.name')).toEqual(['ann'])
  expect(all('tchat.User.name')).toEqual(['ann'])
  expect(all('tchat.User.id')).toEqual([user?.id])
  expect(all('tchat.sendGroup.nonce')).toEqual([mark.toString('hex')])
  expect(all('tchat.sendGroup.text')).toEqual([text])
  expect(all('tchat.Entry.text')).toEqual([text])
  expect(all('tchat.sent.seq')).toEqual([`${seq}`])
  expect(all('tchat.error.code')).toEqual(['40'])
  expect(all('tchat.malformed')).toEqual([])
  expect(all('tchat.unknown')).toEqual([])
})

test('what is really captured on loopback is seen message by message', async ({ skip }) => {
  skip(!mayCapture, CAPTURE_LACKS)
  const { port } = await serveHere()
  const capture = await captured(port)
  const ann = await plainClient(port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const texts = ['你好, everybody 👋', 'x'.repeat(8_000), 'the last one']
  for (const text of texts) {
    await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text })
    await ann.push('groupEntry', ({ entry }) => entry?.text === text)
  }
  // What was sent and what was pushed, in the order in which it went over the wire.
  await expect.poll(() => occurrences(capture.bytes(), 'the last one')).toBe(2)
  const fields = ['tchat.register.name', 'tchat.sendGroup.text', 'tchat.Entry.text']
  const shown = dissected(await capture.stop(), [...fields, 'tchat.malformed', 'tchat.unknown'])
  const all = (field: string) => shown.flatMap((packet) => packet[field] ?? [])
  expect(all('tchat.register.name')).toEqual(['ann'])
  expect(all('tchat.sendGroup.text')).toEqual(texts)
  expect(all('tchat.Entry.text')).toEqual(texts)
  expect([...all('tchat.malformed'), ...all('tchat.unknown')]).toEqual([])
})

function occurrences(bytes: Buffer, text: string): number {
  return bytes.toString('latin1').split(text).length - 1
}

test('every field of every message is shown with its value', () => {
  const frames = parseGolden(readFileSync('test/golden/frames.txt', 'utf8'))
  const passed = frames.map(({ bytes }) => ({ connection: 1, from: 'client', bytes }) as const)
  const wanted = frames.map(({ message }) => {
    const type = message['type'] as MessageType
    return {
      'tchat.command': [`${messages[type].command}`],
      ...valuesOf(type, messages[type].fields, message),
    }
  })
  const fields = [...new Set(wanted.flatMap((each) => Object.keys(each)))]
  // Behind the three packets that open the connection.
  const shown = dissected(pcapOf(passed, [65_000]), fields).slice(3)
  const filled = shown.map((packet) =>
    Object.fromEntries(Object.entries(packet).filter(([, values]) => values.length > 0)),
  )
  expect(filled).toEqual(wanted)
})

test('what breaks the form is said to, and what follows is shown', () => {
  const frame = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
  const heartbeat = frame('12345678 02 02 11 00000002 0801')
  const passed = [
    // A text that is longer than its frame, a varint without an end, a field of a later version.
    frame('12345678 02 02 01 00000004 0801 1205'),
    frame('12345678 02 02 11 00000003 08 ff ff'),
    frame('12345678 02 02 11 00000005 0801 f87f 05'),
    frame('12345678 02 02 fe 00000002 0801'),
    frame('12345678 02 02 12 00000000'),
    heartbeat,
    frame('12345678 02 02 11 00010000 0801'),
  ].map((bytes) => ({ connection: 1, from: 'client', bytes }) as const)
  const fields = ['tchat.command', 'tchat.malformed', 'tchat.unknown', '_ws.lua.error']
  const shown = dissected(pcapOf(passed, [65_000]), fields).slice(3)
  expect(shown.map((packet) => packet['tchat.command'])).toEqual([
    ['1'],
    ['17'],
    ['17'],
    ['254'],
    ['18'],
    ['17'],
    ['17'],
  ])
  const isMalformed = shown.map((packet) => (packet['tchat.malformed'] ?? []).length > 0)
  expect(isMalformed).toEqual([true, true, false, true, false, false, true])
  expect(shown.map((packet) => packet['tchat.unknown'])).toEqual([
    [],
    [],
    ['f87f05'],
    [],
    [],
    [],
    [],
  ])
  expect(shown.flatMap((packet) => packet['_ws.lua.error'] ?? [])).toEqual([])
})

test('packets of version 1 are shown as JSON, on whatever port', async () => {
  const { port } = await serveHere({ classic: true })
  const tap = await Tap.open(port)
  onTestFinished(() => tap.close())
  const zhang = await (await ClassicClient.connect(tap.port)).logIn('zhang')
  await zhang.heartbeat()
  const fields = ['tchat.version', 'tchat.command', 'json.value.string', '_ws.col.Info']
  const shown = dissected(pcapOf(tap.passed, [30], 23_456), fields)
  const all = (field: string) => shown.flatMap((packet) => packet[field] ?? [])
  expect(all('tchat.version')).toEqual(['1', '1', '1', '1'])
  expect(all('tchat.command')).toEqual(['1', '2', '17', '18'])
  expect(all('json.value.string')).toContain('zhang')
  expect(all('_ws.col.Info').join(' ')).toContain('heartbeatAnswer')
})

type Shown = readonly (readonly [field: string, value: string])[]

/** What the fields of a message, and of the records in it, are shown as. */
function valuesOf(owner: string, fields: Fields, message: Values): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const [field, value] of shownOf(owner, fields, message)) {
    found[field] = [...(found[field] ?? []), value]
  }
  return found
}

type Values = Readonly<Record<string, unknown>>

function shownOf(owner: string, fields: Fields, message: Values): Shown {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = message[name] ?? []
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.flatMap((item) => shownAs(`tchat.${owner}.${name}`, field, item))
  })
}

function shownAs(name: string, field: Field, value: unknown): Shown {
  if (field.kind === 'record' || field.kind === 'recordList') {
    return shownOf(field.of.name, field.of.fields, value as Values)
  }
  const shown = asShown(field, value)
  // A default is not on the wire.
  return shown === '0' || shown === '' ? [] : [[name, shown]]
}

function asShown(field: Field, value: unknown): string {
  if (field.kind === 'bool') return value === true ? '1' : '0'
  if (field.kind === 'choice') return `${field.of.values[`${value}`]}`
  return `${value}`
}
