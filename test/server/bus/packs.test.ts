import { expect, test } from 'vitest'
import type { Hint } from '../../../src/server/bus/bus.ts'
import { Packer, unpack } from '../../../src/server/bus/packs.ts'
import { PLAIN_ENTRY } from '../../support/plain.ts'

const ann = { id: '~u1', name: 'ann' }
const preferences = { pinned: true, muted: false, notify: 'all', unread: 3, unreadN: 2 } as const
const group = {
  id: '~c1',
  name: 'ops',
  members: 2,
  joined: true,
  topic: 'tea',
  access: 'invite',
  history: false,
} as const
const shown = { between: ['~u1', '~u2'], after: 2, delivered: 4, read: 3 } as const
const moved = { user: '~u1', conversation: '~c1', delivered: 4, read: 3, readN: 2 }
const status = 'busy' as const

const hints: readonly Hint[] = [
  { kind: 'appended', appended: [textOf(1, '你好 🎉', ['~u1', '~u2'])] },
  { kind: 'appended', appended: [{ ...textOf(2, 'hi', undefined), hiddenFrom: ['~u3'] }] },
  { kind: 'presence', node: 'n1', user: '~u1', online: true },
  { kind: 'presence', node: 'n1', user: '~u1', online: false },
  { kind: 'status', user: '~u1', status },
  { kind: 'cursors', except: 'n1-1', cursors: { ...moved, shown } },
  { kind: 'cursors', except: '', cursors: moved },
  {
    kind: 'contacts',
    except: 'n1-1',
    user: '~u1',
    contacts: [{ user: ann, online: true, removed: false, blocked: true, status }],
  },
  { kind: 'block', user: '~u1', other: '~u2', blocked: true },
  { kind: 'settings', except: 'n1-1', user: '~u1', settings: { hideReceipts: true, status } },
  { kind: 'preferences', except: 'n1-1', user: '~u1', conversation: '~c1', preferences },
  { kind: 'typing', conversation: '~c1', user: ann, between: ['~u1', '~u2'], apart: ['~u3'] },
  { kind: 'typing', conversation: '~c1', user: ann, between: undefined, apart: [] },
  { kind: 'revoked', user: '~u1', tokenHash: Buffer.alloc(32, 7) },
  { kind: 'groupCreated', except: 'n1-1', group, by: ann, members: ['~u1', '~u2'] },
  { kind: 'beat', node: 'n1', users: 3, digest: 4_000_000_000 },
  { kind: 'roll', node: 'n1' },
  { kind: 'present', node: 'n1', first: true, last: false, users: ['~u1', '~u2'] },
  { kind: 'devices', node: 'n1', user: '~u1' },
  { kind: 'connected', node: 'n1', asker: 'n2', user: '~u1', sessions: ['00ff', '0a0b'] },
]

test.each(hints.map((hint) => [hint.kind, hint] as const))(
  '%s comes out as it went in',
  (_, hint) => {
    const [pack = Buffer.alloc(0), ...more] = new Packer(65_536).pack([hint])
    expect(more).toEqual([])
    expect(unpack(pack)).toEqual({ number: 1, hints: [hint] })
  },
)

test('many hints travel together, in order, and a pack is never larger than it may be', () => {
  const many = Array.from({ length: 500 }, (_, index): Hint => {
    return { kind: 'appended', appended: [textOf(index + 1, 'x'.repeat(100), undefined)] }
  })
  const packs = new Packer(10_000).pack(many)
  expect(packs.length).toBeLessThan(500 / 32)
  expect(Math.max(...packs.map(({ length }) => length))).toBeLessThanOrEqual(10_000)
  const read = packs.map((pack) => unpack(pack))
  expect(read.map((pack) => pack?.number)).toEqual(packs.map((_, index) => index + 1))
  expect(read.flatMap((pack) => pack?.hints)).toEqual(many)
})

test('what is too large for any pack is left out, and its number is missing', () => {
  const large: Hint = {
    kind: 'present',
    node: 'n1',
    first: true,
    last: true,
    users: manyUsers(5_000),
  }
  const beat: Hint = { kind: 'beat', node: 'n1', users: 0, digest: 0 }
  const packs = new Packer(10_000).pack([beat, large, beat])
  expect(packs.map((pack) => unpack(pack)?.number)).toEqual([1, 3])
})

test('what another version has written, or nobody, is passed over', () => {
  const [pack = Buffer.alloc(0)] = new Packer(10_000).pack(hints)
  expect(unpack(Buffer.concat([Buffer.from([2]), pack.subarray(1)]))).toBeUndefined()
  expect(unpack(Buffer.alloc(0))).toBeUndefined()
  expect(unpack(pack.subarray(0, 40))).toBeUndefined()
  expect(unpack(Buffer.alloc(200, 0xff))).toBeUndefined()
  // A kind that does not exist yet.
  const unknown = Buffer.from([0x0a, 0x04, 0xfa, 0x01, 0x01, 0x00])
  expect(unpack(Buffer.concat([pack.subarray(0, 5), unknown]))).toEqual({ number: 1, hints: [] })
})

function textOf(seq: number, text: string, between: readonly [string, string] | undefined) {
  const nonce = Buffer.alloc(16, seq % 256)
  const time = 1_700_000_000_000
  const plain = { ...PLAIN_ENTRY, kind: 'text', from: '~u1', name: '张三' } as const
  return { conversation: '~c1', between, entry: { ...plain, seq, time, text, nonce, n: seq } }
}

function manyUsers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `~u${index}`)
}
