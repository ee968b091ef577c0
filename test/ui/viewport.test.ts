import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/messages.ts'
import { mono } from '../../src/ui/appearance/palettes.ts'
import type { LogView } from '../../src/ui/log/blocks.ts'
import { RowCache } from '../../src/ui/log/rows.ts'
import { foldAt, selectionKept, selectionMoved } from '../../src/ui/log/selection.ts'
import { scrolled, viewport } from '../../src/ui/log/viewport.ts'
import type { Anchor, Conversation } from '../../src/ui/state/model.ts'
import { NO_RECEIPTS } from '../../src/ui/state/receipts.ts'
import { textWidth } from '../../src/ui/text/width.ts'
import { createTheme } from '../../src/ui/theme.ts'
import { lookOf } from '../support/look.ts'
import { PLAIN_ENTRY, PLAIN_HEAD } from '../support/plain.ts'

const look = lookOf({ theme: createTheme(mono, 'none') })
const NINE = Date.UTC(2026, 10, 21, 9)

function text(seq: number, words: string, minute = seq): Entry {
  const time = NINE + minute * 60_000
  return {
    seq,
    time,
    from: '~a',
    name: 'alice',
    kind: 'text',
    text: words,
    nonce: new Uint8Array(),
    n: seq,
    ...PLAIN_ENTRY,
  }
}

function deleted(seq: number): Entry {
  return { ...text(seq, ''), changed: seq + 1 }
}

function view(
  entries: readonly Entry[],
  height: number,
  changes: Partial<Conversation> = {},
  width = 59,
): LogView {
  const last = entries.at(-1)?.seq ?? 0
  return {
    conversation: {
      target: '~g',
      kind: 'group',
      name: 'ops',
      head: {
        conversation: '~g',
        kind: 'group',
        name: 'ops',
        peer: undefined,
        first: 1,
        from: 1,
        last,
        n: last,
        time: 0,
        delivered: 0,
        read: last,
        readN: last,
        role: 'member',
        members: 1,
        ...PLAIN_HEAD,
      },
      entries,
      bases: new Map(),
      receipts: NO_RECEIPTS,
      selected: undefined,
      composing: undefined,
      anchor: undefined,
      newFrom: undefined,
      syncedTo: 0,
      skippedTo: 0,
      wentByN: 0,
      away: undefined,
      loading: [],
      pageFailed: false,
      leftAt: undefined,
      unfolded: new Set(),
      ...changes,
    },
    pending: [],
    me: '~me',
    focused: false,
    form: { width, names: width < 60 && width !== 59 ? 'above' : 'beside', margin: 0 },
    height,
    offline: false,
    beginning: 'the beginning of #ops',
    intro: [],
  }
}

function anchored(one: LogView, anchor: Anchor | undefined): LogView {
  return { ...one, conversation: { ...one.conversation, anchor } }
}

/** The whole log, row by row. */
function allRows(one: LogView): readonly string[] {
  return viewport({ ...one, height: 5_000 }, new RowCache(), look).rows.filter((row) => row !== '')
}

const words = fc.stringMatching(/^[a-z汉👍 \n]{1,120}$/u).filter((one) => one.trim() !== '')
const logs = fc
  .array(words, { minLength: 1, maxLength: 40 })
  .map((all) => all.map((one, index) => text(index + 1, one, Math.floor(index / 3))))

/** People come and go between the texts, and somebody reacts now and then. */
const busyLogs = fc
  .array(fc.oneof(words, fc.constantFrom('+dan', '-dan', '+eve', '+fay', '!')), {
    minLength: 1,
    maxLength: 60,
  })
  .map((all) => all.map((one, index) => happened(one, index + 1)))

function happened(one: string, seq: number): Entry {
  const entry = text(seq, one, Math.floor(seq / 9))
  if (one === '!') return { ...entry, kind: 'reacted', target: 1 }
  if (!/^[-+]/.test(one)) return entry
  const name = one.slice(1)
  return {
    ...entry,
    text: '',
    kind: one.startsWith('+') ? 'joined' : 'quit',
    from: `~${name}`,
    name,
  }
}

/** Who came and went, and what stands at its head, change with what is loaded; how many rows there are does not. */
function withoutPeople(rows: readonly string[]): readonly string[] {
  return rows.map(stripVTControlCharacters).map((row) => {
    return /^\d\d:\d\d (?:…|→|←) /.test(row) ? 'people' : row.slice(15)
  })
}

describe('viewport', () => {
  test('always as many rows as asked for, none wider than the pane', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 20, max: 120 }))
    fc.assert(
      fc.property(logs, sizes, fc.integer({ min: 0, max: 45 }), (entries, [height, width], seq) => {
        const one = anchored(view(entries, height, {}, width), { seq, line: 0 })
        const { rows } = viewport(one, new RowCache(), look)
        expect(rows).toHaveLength(height)
        for (const row of rows)
          expect(textWidth(stripVTControlCharacters(row))).toBeLessThanOrEqual(width)
      }),
      { numRuns: 60 },
    )
  })

  test('scrolling up and down by any steps shows stretches of one and the same log', () => {
    const steps = fc.array(fc.integer({ min: -12, max: 12 }), { maxLength: 15 })
    fc.assert(
      fc.property(logs, fc.integer({ min: 2, max: 12 }), steps, (entries, height, moves) => {
        const one = view(entries, height)
        const all = allRows(one)
        const cache = new RowCache()
        let now = one
        let top = Math.max(0, all.length - height)
        for (const move of moves) {
          const seen = viewport(now, cache, look)
          now = anchored(one, scrolled(now, seen.top, move, cache, look))
          top = Math.max(0, Math.min(all.length - height, top + move))
          const rows = viewport(now, cache, look).rows.filter((row) => row !== '')
          expect(rows).toEqual(all.slice(top, top + height))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('what comes below, or is loaded above, moves nothing that is read', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 2, max: 8 }), words, (entries, height, more) => {
        fc.pre(allRows(view(entries, height)).length > 2 * height)
        const cut = Math.floor(entries.length / 3)
        // What one reads is in the log.
        fc.pre(cut + 2 <= entries.length)
        const one = view(entries.slice(cut), height, { anchor: { seq: cut + 2, line: 0 } })
        const before = viewport(one, new RowCache(), look).rows
        const last = entries.at(-1)?.seq ?? 0
        const grown = [...entries, text(last + 1, more, 99)]
        const after = viewport(
          view(grown, height, one.conversation.anchor ? { anchor: one.conversation.anchor } : {}),
          new RowCache(),
          look,
        )
        fc.pre(!viewport(one, new RowCache(), look).atEnd)
        expect(after.rows).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })

  test('people who come and go in a row are one line, wherever one scrolls and whatever is loaded', () => {
    const steps = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 12 })
    fc.assert(
      fc.property(busyLogs, fc.integer({ min: 2, max: 9 }), steps, (entries, height, moves) => {
        const one = view(entries, height)
        const all = allRows(one)
        const people = withoutPeople(all)
        expect(people.some((row, at) => row === 'people' && people[at + 1] === 'people')).toBe(
          false,
        )
        const cache = new RowCache()
        let now = one
        let top = Math.max(0, all.length - height)
        for (const move of moves) {
          now = anchored(one, scrolled(now, viewport(now, cache, look).top, move, cache, look))
          top = Math.max(0, Math.min(all.length - height, top + move))
          const seen = viewport(now, cache, look)
          expect(seen.rows.filter((row) => row !== '')).toEqual(all.slice(top, top + height))
          expect(seen.seqs.length).toBeLessThanOrEqual(height)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('loaded above, those who came and went before move nothing that is read', () => {
    const places = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 9 }))
    fc.assert(
      fc.property(busyLogs, places, (entries, [cut, height]) => {
        const top = entries[cut]
        fc.pre(top !== undefined && top.kind !== 'reacted')
        const anchor = { seq: cut + 1, line: 0 }
        const early = viewport(view(entries.slice(cut), height, { anchor }), new RowCache(), look)
        fc.pre(!early.atEnd)
        const { rows } = viewport(view(entries, height, { anchor }), new RowCache(), look)
        expect(withoutPeople(rows)).toEqual(withoutPeople(early.rows))
      }),
      { numRuns: 150 },
    )
  })

  test('a folded line is chosen and unfolded; then everybody has a line', () => {
    const entries = ['a', '+dan', '!', '-dan', '+eve', 'b'].map((one, at) => happened(one, at + 1))
    const one = view(entries, 12, { selected: 6 })
    expect(viewport(one, new RowCache(), look).messages).toEqual([1, 2, 6])
    expect(selectionMoved(one, -1, new RowCache(), look).seq).toBe(2)
    expect(foldAt(one, 2, new RowCache(), look)?.map(({ seq }) => seq)).toEqual([2, 4, 5])
    expect(foldAt(one, 4, new RowCache(), look)).toBeUndefined()
    const open = view(entries, 12, { unfolded: new Set([2, 4, 5]) })
    const rows = viewport(open, new RowCache(), look).rows.join('\n')
    expect(rows.match(/(?:dan|eve) (?:joined|left)/g)).toHaveLength(3)
  })

  test('thousands who come in a row are seen and read as one line', () => {
    const crowd = Array.from({ length: 4_000 }, (_, at) => happened(`+p${at}`, at + 1))
    const far = crowd.map((entry) => ({ ...entry, time: NINE }))
    const seen = viewport(view(far, 10), new RowCache(), look)
    expect(seen.rows.join('\n')).toContain('p0, p1 and 3998 others joined')
    expect(seen.lastSeen).toBe(4_000)
  })

  test('only the entries in view are wrapped', () => {
    const entries = Array.from({ length: 3_000 }, (_, index) => text(index + 1, `line ${index}`))
    let made = 0
    class Counting extends RowCache {
      override get(item: object, key: string, make: () => readonly string[]): readonly string[] {
        return super.get(item, key, () => {
          made += 1
          return make()
        })
      }
    }
    viewport(view(entries, 16), new Counting(), look)
    expect(made).toBeLessThan(30)
  })

  test('the seq that was seen is the last whose rows are all in view', () => {
    const long = Array.from({ length: 10 }, (_, index) => text(index + 1, 'one\ntwo\nthree'))
    const seen = (line: number) =>
      viewport(anchored(view(long, 4), { seq: 4, line }), new RowCache(), look).lastSeen
    expect(seen(0)).toBe(4)
    expect(seen(1)).toBe(4)
    expect(seen(2)).toBe(5)
  })

  test('a hole, and the top of what is loaded, ask for the page that ends there', () => {
    const entries = [text(20, 'a'), text(21, 'b'), text(30, 'c')]
    const { rows, wanted } = viewport(view(entries, 10), new RowCache(), look)
    expect(wanted).toEqual([20, 30])
    expect(rows[0]).toContain(' loading… ')
    expect(rows.join('\n')).toContain(' 8 not loaded yet ')
    const complete = view([text(1, 'a')], 10)
    expect(viewport(complete, new RowCache(), look).wanted).toEqual([])
  })

  test('nobody below their first seq is asked for: from_seq is the top (rule 5)', () => {
    const one = view([text(20, 'a')], 10)
    const { head } = one.conversation
    if (head === undefined) throw new Error('no head')
    const from20 = { ...one, conversation: { ...one.conversation, head: { ...head, from: 20 } } }
    const { rows, wanted } = viewport(from20, new RowCache(), look)
    expect(wanted).toEqual([])
    expect(rows[0]).toContain(' the beginning of #ops ')
  })

  test('a day that begins has a line, and the new line counts what the server counted', () => {
    const entries = [text(1, 'a', 0), text(2, 'b', 24 * 60), text(3, 'c', 24 * 60 + 1)]
    const one = view(entries, 12, { newFrom: { seq: 2, n: 2 } })
    const rows = viewport(one, new RowCache(), look).rows.map((row) =>
      stripVTControlCharacters(row).replaceAll('─', '').trim(),
    )
    expect(rows.filter((row) => row !== '')).toEqual([
      'the beginning of #ops',
      'Sat 21 Nov 2026',
      '09:00 alice     a',
      'Sun 22 Nov 2026',
      '09:00 alice     b',
      '1 new',
      '09:01 alice     c',
    ])
  })

  test('changes have no rows: they part no messages, begin no day, and are seen with what is above', () => {
    const change = (seq: number, minute: number): Entry => ({
      ...text(seq, '👍', minute),
      kind: 'reacted',
      target: 1,
      n: 2,
    })
    const entries = [
      text(1, 'a', 0),
      change(2, 0),
      text(3, 'b', 0),
      change(4, 24 * 60),
      text(5, 'c', 24 * 60 + 9),
      change(6, 24 * 60 + 9),
      change(7, 24 * 60 + 9),
    ]
    const { rows, lastSeen } = viewport(view(entries, 6), new RowCache(), look)
    const plain = rows.map((row) => stripVTControlCharacters(row).replaceAll('─', '').trim())
    expect(plain).toEqual([
      'the beginning of #ops',
      'Sat 21 Nov 2026',
      '09:00 alice     a',
      'b',
      'Sun 22 Nov 2026',
      '09:09 alice     c',
    ])
    expect(lastSeen).toBe(7)
  })
})

describe('the selected message', () => {
  const seqsOf = (one: LogView) => viewport(one, new RowCache(), look).messages

  function selected(one: LogView, seq: number | undefined, anchor: Anchor | undefined): LogView {
    return { ...one, conversation: { ...one.conversation, selected: seq, anchor } }
  }

  test('is in view wherever one goes, and every message is reached', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 9 }), (entries, height) => {
        const cache = new RowCache()
        let now = selected(view(entries, height), entries.length, undefined)
        const reached = new Set<number>()
        for (const by of [-1, 1] as const) {
          // A message that is taller than the view takes a step for each row.
          for (let step = 0; step < allRows(now).length + entries.length; step++) {
            const { seq, anchor } = selectionMoved(now, by, cache, look)
            now = selected(now, seq, anchor)
            expect(seqsOf(now)).toContain(seq)
            if (seq !== undefined) reached.add(seq)
          }
        }
        expect(reached.size).toBe(entries.length)
        expect(now.conversation).toMatchObject({ selected: entries.length, anchor: undefined })
      }),
      { numRuns: 40 },
    )
  })

  test('comes into view again when it was left behind', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 9 }), fc.nat(45), (entries, height, at) => {
        const seq = Math.min(entries.length, at + 1)
        const kept = selectionKept(
          selected(view(entries, height), seq, undefined),
          new RowCache(),
          look,
        )
        expect(kept.seq).toBe(seq)
        expect(seqsOf(selected(view(entries, height), seq, kept.anchor))).toContain(seq)
      }),
      { numRuns: 40 },
    )
  })

  test('that is taller than the view is read from the edge where one comes in', () => {
    const entries = [text(1, 'one\ntwo\nthree\nfour\nfive'), text(2, 'b')]
    const up = selectionMoved(selected(view(entries, 2), 2, undefined), -1, new RowCache(), look)
    expect(up.seq).toBe(1)
    const rows = (anchor: Anchor | undefined) =>
      viewport(selected(view(entries, 2), 1, anchor), new RowCache(), look).rows.map((row) =>
        stripVTControlCharacters(row).trim(),
      )
    expect(rows(up.anchor)).toEqual(['four', 'five'])
    const further = selected(view(entries, 2), 1, up.anchor)
    expect(rows(selectionMoved(further, -1, new RowCache(), look).anchor)).toEqual([
      'three',
      'four',
    ])
  })

  test('is none when it is not loaded or was deleted', () => {
    const entries = [text(4, 'a'), deleted(5)]
    const kept = (seq: number) =>
      selectionKept(selected(view(entries, 5), seq, undefined), new RowCache(), look)
    expect(kept(4).seq).toBe(4)
    expect(kept(5).seq).toBeUndefined()
    expect(kept(3).seq).toBeUndefined()
  })

  test('is passed over when it was deleted, and events are no messages', () => {
    const joined: Entry = { ...text(3, ''), kind: 'joined' }
    const entries = [text(1, 'a'), deleted(2), joined, text(4, 'b')]
    const one = selected(view(entries, 9), 4, undefined)
    expect(seqsOf(one)).toEqual([1, 4])
    expect(selectionMoved(one, -1, new RowCache(), look).seq).toBe(1)
  })
})
