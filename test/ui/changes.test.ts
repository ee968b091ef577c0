import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/messages.ts'
import { applyChange } from '../../src/protocol/present.ts'
import { entryAt, type LoadedLog, withEntries } from '../../src/ui/state/changes.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'

const ME = '~me'
const TEXTS = 4

const EMPTY: LoadedLog = { entries: [], bases: new Map() }

function entry(seq: number, values: Partial<Entry> = {}): Entry {
  return {
    seq,
    time: seq,
    from: '~peer',
    name: 'peer',
    kind: 'text',
    text: `text ${seq}`,
    nonce: Buffer.alloc(0),
    n: Math.min(seq, TEXTS),
    ...PLAIN_ENTRY,
    ...values,
  }
}

type Step = Readonly<{ kind: Entry['kind']; target: number; text: string; mine: boolean }>

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('edited', 'edited', 'deleted', 'reacted', 'reacted', 'unreacted'),
    target: fc.integer({ min: 1, max: TEXTS }),
    text: fc.constantFrom('👍', '🎉'),
    mine: fc.boolean(),
  }),
  { maxLength: 12 },
)

/** A log as a server writes it: some texts, then changes of them. */
function logOf(changes: readonly Step[]): readonly Entry[] {
  const texts = Array.from({ length: TEXTS }, (_, index) => entry(index + 1))
  return [
    ...texts,
    ...changes.map(({ kind, target, text, mine }, index) =>
      entry(TEXTS + index + 1, { kind, target, text, from: mine ? ME : '~peer' }),
    ),
  ]
}

/** The text as a page gives it at a moment when the log ends with `last`. */
function presentAt(log: readonly Entry[], text: Entry, last: number): Entry {
  return log.slice(0, last).reduce((present, change) => applyChange(present, change, ME), text)
}

describe('changes of texts', () => {
  test('whatever order pages and pushes come in, each text is what all its changes make of it', () => {
    const arrivals = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 6 }), fc.boolean()),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(steps, arrivals, fc.integer(), (changes, stretches, order) => {
        const log = logOf(changes)
        const last = log.length
        const stretch = ([from, count, asPage]: readonly [number, number, boolean]) =>
          log
            .slice(from - 1, from - 1 + count)
            .map((one) =>
              asPage && one.kind === 'text' ? presentAt(log, one, Math.min(last, from + 8)) : one,
            )
        // At the end everything was loaded once, raw, from any place round and round.
        const turn = Math.abs(order) % last
        const rest = [...log.slice(turn), ...log.slice(0, turn)].map((one) => [one])
        const loaded = [...stretches.map(stretch), ...rest].reduce<LoadedLog>(
          (before, more) => withEntries(before, more, ME),
          EMPTY,
        )
        for (const text of log.slice(0, TEXTS)) {
          expect(entryAt(loaded.entries, text.seq)).toEqual(presentAt(log, text, last))
        }
        expect(loaded.entries.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq))
      }),
    )
  })

  test('a change in a hole that is filled later is applied, though a later one was before it', () => {
    const reacted = (seq: number, text: string) => entry(seq, { kind: 'reacted', target: 1, text })
    const before = withEntries(EMPTY, [entry(1)], ME)
    const jumped = withEntries(before, [reacted(9, '🎉')], ME)
    const filled = withEntries(jumped, [reacted(5, '👍')], ME)
    expect(entryAt(filled.entries, 1)?.reactions.map(({ text }) => text)).toEqual(['🎉', '👍'])
  })

  test('what a page counted already is not counted twice', () => {
    const [reaction] = [{ text: '👍', count: 1, mine: true }]
    const page = entry(1, { changed: 5, reactions: [reaction] })
    const change = entry(5, { kind: 'reacted', target: 1, text: '👍', from: ME })
    for (const order of [
      [page, change],
      [change, page],
    ]) {
      const loaded = order.reduce((log, one) => withEntries(log, [one], ME), EMPTY)
      expect(entryAt(loaded.entries, 1)).toBe(page)
    }
  })

  test('a text of a later page takes the place of an older one', () => {
    const old = withEntries(EMPTY, [entry(1), entry(2)], ME)
    const newer = entry(1, { text: 'better', edited: true, changed: 40 })
    expect(entryAt(withEntries(old, [newer], ME).entries, 1)).toBe(newer)
    const both = withEntries(withEntries(old, [newer], ME), [entry(1)], ME)
    expect(entryAt(both.entries, 1)).toBe(newer)
  })

  test('texts that nothing changed stay the same objects, so that their rows stay', () => {
    const texts = [entry(1), entry(2), entry(3)]
    const before = withEntries(EMPTY, texts, ME)
    const change = entry(4, { kind: 'edited', target: 2, text: 'other' })
    const after = withEntries(before, [change], ME)
    expect(after.entries[0]).toBe(texts[0])
    expect(after.entries[2]).toBe(texts[2])
    expect(after.entries[1]).toMatchObject({ text: 'other', edited: true })
  })
})
