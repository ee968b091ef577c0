import { describe, expect, test } from 'vitest'
import { choices, recordTypes, typeName } from '../../scripts/docs/schema.ts'
import { errorCodes } from '../../src/protocol/errors.ts'
import type { Field } from '../../src/protocol/fields.ts'
import {
  FRAME_BYTES_MAX,
  FRAME_HEADER_BYTES,
  PAYLOAD_BYTES_MAX,
} from '../../src/protocol/limits.ts'
import { messages } from '../../src/protocol/messages.ts'

const rows = Object.entries(messages).map(([type, row]) => ({ type, answer: undefined, ...row }))
const holders = [
  ...rows.map(({ type, fields }) => ({ name: type, fields: Object.entries<Field>(fields) })),
  ...recordTypes().map(({ name, fields }) => ({ name, fields: Object.entries(fields) })),
]

test('no two messages have one command, and each fits its byte', () => {
  const commands = rows.map(({ command }) => command)
  expect(commands).toEqual([...new Set(commands)])
  for (const command of commands) expect(command).toBeOneOf(numbersTo(255))
})

test('commands 1 to 18 are the mission’s', () => {
  const first = rows.filter(({ command }) => command <= 18)
  expect(first.map(({ command }) => command).toSorted((a, b) => a - b)).toEqual(numbersTo(18))
  for (const { command, from } of first) expect(from).toBe(command % 2 === 1 ? 'client' : 'server')
})

test('every request has an answer that the server sends; nothing else has one', () => {
  for (const { type, from, answer } of rows) {
    if (from === 'server') expect(answer, type).toBeUndefined()
    else expect(rows.find((row) => row.type === answer)?.from, type).toBe('server')
  }
})

test('field 1 of every request and of its answer is the request id, and of nothing else', () => {
  const answers = new Set<string | undefined>(['error', ...rows.map(({ answer }) => answer)])
  for (const { type, from, fields } of rows) {
    const first = Object.entries<Field>(fields).find(([, { number }]) => number === 1)?.[0]
    expect(first, type).toBe(from === 'client' || answers.has(type) ? 'request' : undefined)
  }
})

describe.each(holders)('$name', ({ fields }) => {
  test('has a number of its own for each field, of two bytes at most with its wire type', () => {
    const numbers = fields.map(([, { number }]) => number)
    expect(numbers).toEqual([...new Set(numbers)])
    for (const number of numbers) expect(number).toBeOneOf(numbersTo(31))
  })

  test('has maxima that a frame can carry, and says what its fields mean', () => {
    for (const [name, field] of fields) {
      expect(field.meaning, name).not.toBe('')
      if (field.kind === 'uint') expect(Number.isSafeInteger(field.max), name).toBe(true)
      else if ('max' in field) expect(field.max, name).toBeLessThanOrEqual(PAYLOAD_BYTES_MAX)
    }
  })
})

test.each(choices())('no two values of $name have one number, and one has 0', ({ values }) => {
  const numbers = Object.values(values)
  expect(numbers).toEqual([...new Set(numbers)])
  expect(numbers).toContain(0)
})

test('no message and no other part of tchat.proto share a name', () => {
  const names = [...Object.keys(messages), ...recordTypes().map(({ name }) => name)].map(typeName)
  const all = [...names, ...choices().map(({ name }) => name), 'Command']
  expect(all).toEqual([...new Set(all)])
})

test('no two error codes have one number; what ends a connection is below 32', () => {
  const numbers = Object.values(errorCodes).map(({ number }) => number)
  expect(numbers).toEqual([...new Set(numbers)])
  for (const { number, ends } of Object.values(errorCodes)) {
    if (number > 0) expect(ends).toBe(number < 32 ? 'connection' : 'request')
  }
})

test('numbers that are out there do not change', () => {
  expect(errorCodes).toMatchObject({
    badMagic: { number: 1 },
    badPayload: { number: 5 },
    timedOut: { number: 6 },
    unknownCommand: { number: 32 },
    rateLimited: { number: 47 },
  })
  expect([FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX, FRAME_BYTES_MAX]).toEqual([11, 65_525, 65_536])
})

function numbersTo(max: number): number[] {
  return Array.from({ length: max }, (_, at) => at + 1)
}
