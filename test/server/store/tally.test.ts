import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cursor, countsOf, Tally } from '../../../src/server/store/log/tally.ts'

/** Cursors stand at or behind the entry of joining; who hides has read 0. */
const cursor = fc
  .record({
    joined: fc.nat(9),
    ahead: fc.nat(9),
    more: fc.nat(9),
    hidden: fc.boolean(),
  })
  .map(({ joined, ahead, more, hidden }) => {
    return { joined, delivered: joined + ahead + more, read: hidden ? 0 : joined + ahead }
  })

test('a tally counts what one would by looking at everybody', () => {
  fc.assert(
    fc.property(
      fc.array(cursor, { maxLength: 30 }),
      fc.integer({ min: 1, max: 30 }),
      (all, seq) => {
        const cursors: Cursor[] = all.map((one, user) => ({ ...one, user }))
        const tally = new Tally(cursors)
        for (const user of [0, 1, 99]) {
          const others = cursors.filter((one) => one.user !== user && one.joined <= seq)
          const counts = others.map((one) => countsOf(one, seq))
          const sum = (of: 'delivered' | 'read' | 'of') =>
            counts.reduce((total, one) => total + one[of], 0)
          expect(tally.countsFor(user, seq)).toEqual({
            delivered: sum('delivered'),
            read: sum('read'),
            of: sum('of'),
          })
        }
      },
    ),
  )
})
