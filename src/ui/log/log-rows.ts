import type { Entry } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import { introRows } from '../panes/intro.ts'
import { indexOfSeq } from '../state/log.ts'
import type { Anchor } from '../state/model.ts'
import { Blocks, type LogView } from './blocks.ts'
import type { Heading } from './message-rows.ts'
import type { RowCache } from './rows.ts'

/** Exactly `height` rows, and what they show. */
export type Viewport = Readonly<{
  rows: readonly string[]
  /** The first row's place; undefined when nothing is there. */
  top: Anchor | undefined
  /** The last row of the log is in view. */
  atEnd: boolean
  /** The greatest seq whose last row is in view; 0 when there is none. */
  lastSeen: number
  /** Seqs of the messages that can be selected and are in view, at least with a row. */
  messages: readonly number[]
  /** What can be selected in each of the rows. */
  seqs: readonly (number | undefined)[]
  /** Who says what the first row goes on with: their name is above the view. */
  heading: Heading | undefined
  /** Pages whose place is in view: the seq before which they end, 0 for the newest. */
  wanted: readonly number[]
}>

/** A block and a row in it, counted from the block's first. */
export type RowPlace = Readonly<{ index: number; row: number }>

/** The log in rows: where a view may begin, and what it then shows. */
export class LogRows {
  readonly #view: LogView
  readonly #blocks: Blocks
  readonly #entries: readonly Entry[]

  constructor(view: LogView, cache: RowCache, look: Look) {
    this.#view = view
    this.#blocks = new Blocks(view, cache, look)
    this.#entries = view.conversation.entries
  }

  /** Where the view begins that shows the end of the log. */
  endStart(): RowPlace {
    const last = this.#blocks.count - 1
    const lastRow = this.#blocks.at(last).rows.length - 1
    return this.moved({ index: last, row: lastRow }, 1 - this.#view.height)
  }

  /** Where the view begins that is anchored; never so low that rows stay empty. */
  anchored(anchor: Anchor): RowPlace {
    const start = this.place(anchor)
    const end = this.endStart()
    return atOrAfter(start, end) ? end : start
  }

  place({ seq, line }: Anchor): RowPlace {
    const index = this.#blocks.indexOf(seq)
    const { rows, above } = this.#blocks.at(index)
    // What was there is gone, as a waiting message that was dropped: the end is nearest.
    if (seq > this.#blocks.seqOf(index)) return { index, row: Math.max(0, rows.length - 1) }
    return { index, row: Math.max(0, Math.min(rows.length - 1, above + line)) }
  }

  anchorOf({ index, row }: RowPlace): Anchor {
    return { seq: this.#blocks.seqOf(index), line: row - this.#blocks.at(index).above }
  }

  /** So many rows further down, or up; stops at the ends. */
  moved(place: RowPlace, rows: number): RowPlace {
    let { index, row } = place
    row += rows
    while (row < 0 && index > 0) {
      index -= 1
      row += this.#blocks.at(index).rows.length
    }
    const last = this.#blocks.count - 1
    while (index < last && row >= this.#blocks.at(index).rows.length) {
      row -= this.#blocks.at(index).rows.length
      index += 1
    }
    return { index, row: Math.max(0, Math.min(row, this.#blocks.at(index).rows.length - 1)) }
  }

  from(start: RowPlace): Viewport {
    const { height } = this.#view
    const rows: string[] = []
    const wanted: number[] = []
    const messages: number[] = []
    const seqs: (number | undefined)[] = []
    let lastSeen = 0
    // What has no rows is seen with what stands above it.
    const isIn = (index: number) => rows.length < height || this.#blocks.at(index).rows.length === 0
    for (let index = start.index; index < this.#blocks.count && isIn(index); index++) {
      const part = this.#blocks.at(index).rows.slice(index === start.index ? start.row : 0)
      const free = height - rows.length
      if (this.#isInView(index, start, free)) messages.push(this.#blocks.seqOf(index))
      rows.push(...part.slice(0, free))
      const seq = this.#blocks.isSelectable(index) ? this.#blocks.seqOf(index) : undefined
      while (seqs.length < rows.length) seqs.push(seq)
      wanted.push(...this.#blocks.wanted(index))
      if (part.length <= free) lastSeen = this.#seen(index, lastSeen)
    }
    // What people said comes first.
    rows.push(...introRows(this.#view.intro, height - rows.length))
    while (rows.length < height) rows.push('')
    const atEnd = atOrAfter(start, this.endStart())
    const heading = this.#headingAt(start)
    return { rows, top: this.anchorOf(start), atEnd, lastSeen, wanted, messages, seqs, heading }
  }

  /** The rows of a loaded message, without what stands above it. */
  spanOf(seq: number): Readonly<{ first: RowPlace; last: RowPlace }> | undefined {
    const index = this.#blocks.indexOf(seq)
    const entry = this.#entries[index - 1]
    if (entry?.seq !== seq || !this.#blocks.isSelectable(index)) return undefined
    const { rows, above } = this.#blocks.at(index)
    return { first: { index, row: above }, last: { index, row: rows.length - 1 } }
  }

  /** Seq of the next loaded message below (1) or above (−1). */
  messageBeside(seq: number, by: 1 | -1): number | undefined {
    const after = indexOfSeq(this.#entries, seq + (by === 1 ? 1 : 0))
    const from = by === 1 ? after : after - 1
    for (let at = from; at >= 0 && at < this.#entries.length; at += by) {
      const entry = this.#entries[at]
      if (entry !== undefined && this.#blocks.isSelectable(at + 1)) return entry.seq
    }
    return undefined
  }

  /** Of a row below a message's first one, and of one that follows another of the same person. */
  #headingAt(start: RowPlace): Heading | undefined {
    let { index, row } = start
    while (index < this.#blocks.count && this.#blocks.at(index).rows.length === 0) {
      index += 1
      row = 0
    }
    const { said, above } = this.#blocks.at(index)
    if (said === undefined || row < above || (row === above && !said.grouped)) return undefined
    return { ...said, signed: said.signed && row === above }
  }

  /** Whether one of the message's own rows is among the next `free` of the view. */
  #isInView(index: number, start: RowPlace, free: number): boolean {
    if (!this.#blocks.isSelectable(index)) return false
    const { rows, above } = this.#blocks.at(index)
    const from = index === start.index ? start.row : 0
    return Math.max(from, above) < Math.min(rows.length, from + free)
  }

  #seen(index: number, before: number): number {
    const entry = this.#entries[index - 1]
    return entry === undefined ? before : Math.max(before, entry.seq)
  }
}

/** Whether `one` is not above `other`. */
export function atOrAfter(one: RowPlace, other: RowPlace): boolean {
  return one.index > other.index || (one.index === other.index && one.row >= other.row)
}
