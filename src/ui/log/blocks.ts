import type { OutboxItem } from '../../net/events.ts'
import type { Entry } from '../../protocol/messages.ts'
import { isDeleted } from '../../protocol/present.ts'
import type { Look } from '../look.ts'
import type { IntroPart } from '../panes/intro.ts'
import { entryAt } from '../state/changes.ts'
import { firstReadable, indexOfSeq, isMessage } from '../state/log.ts'
import { isNamed } from '../state/mentions.ts'
import type { Conversation } from '../state/model.ts'
import { type Reached, reachedBy } from '../state/receipts.ts'
import { cutText } from '../text/fit.ts'
import { foldedPeople, isNoise } from './folds.ts'
import type { Heading, RowTraits } from './message-rows.ts'
import { quoteOf } from './quote.ts'
import type { RowForm } from './row-form.ts'
import {
  entryRows,
  foldedRow,
  isShown,
  pendingRows,
  type RowCache,
  ruleRow,
  signOf,
} from './rows.ts'

/** What a log pane shows: a conversation, what waits in the outbox for it, and who looks. */
export type LogView = Readonly<{
  conversation: Conversation
  pending: readonly OutboxItem[]
  me: string | undefined
  /** The keys act on the selected message. */
  focused: boolean
  form: RowForm
  height: number
  /** Without a connection nothing older can be had. */
  offline: boolean
  /** What stands at the top of the history. */
  beginning: string
  /** Stands under everything else, where rows would stay empty. */
  intro: readonly IntroPart[]
}>

/**
 * The rows that one entry or outbox item brings; `above` of them stand over its own text. `said`: of a
 * message, by whom.
 */
type Block = Readonly<{ rows: readonly string[]; above: number; said?: Said }>

/** `grouped`: its first row has no time and name. */
type Said = Heading & Readonly<{ grouped: boolean }>

/**
 * The log as blocks, made when they are looked at: 0 is the top of the history, then the loaded
 * entries, then the outbox.
 */
export class Blocks {
  readonly entries: readonly Entry[]
  readonly #view: LogView
  readonly #cache: RowCache
  readonly #look: Look
  readonly #blocks = new Map<number, Block>()
  readonly #reached: Reached

  constructor(view: LogView, cache: RowCache, look: Look) {
    this.entries = view.conversation.entries
    this.#view = view
    this.#cache = cache
    this.#look = look
    this.#reached = reachedBy(view.conversation)
  }

  /** How many there are. */
  get count(): number {
    return 1 + this.entries.length + this.#view.pending.length
  }

  /** What waits will get the next seqs. */
  seqOf(index: number): number {
    if (index === 0) return 0
    const entry = this.entries[index - 1]
    if (entry !== undefined) return entry.seq
    // The anchor stays on it when it has got there.
    return (this.entries.at(-1)?.seq ?? 0) + index - this.entries.length
  }

  /** The block of that seq, or the nearest there is. */
  indexOf(seq: number): number {
    if (seq <= 0) return 0
    const last = this.entries.at(-1)?.seq ?? 0
    if (seq > last) {
      return Math.min(this.count - 1, this.entries.length + seq - last)
    }
    let at = indexOfSeq(this.entries, seq)
    // What is folded stands where its first entry does.
    while (this.#continuesFold(at)) at = this.#shownBefore(at)
    return 1 + at
  }

  /** The entries that are one line there; undefined: what is there is shown by itself. */
  foldAt(index: number): readonly Entry[] | undefined {
    const first = this.entries[index - 1]
    if (first === undefined || !this.#isFoldable(first) || this.#continuesFold(index - 1)) {
      return undefined
    }
    const fold = [first]
    for (let at = index; at < this.entries.length; at++) {
      const entry = this.entries[at]
      if (entry === undefined || !(this.#continuesFold(at) || !isShown(entry))) break
      if (isShown(entry)) fold.push(entry)
    }
    return fold.length > 1 ? fold : undefined
  }

  /** Keys can act on what is there: a message, or a line that can be unfolded. */
  isSelectable(index: number): boolean {
    const entry = this.entries[index - 1]
    return entry !== undefined && (isMessage(entry) || this.foldAt(index) !== undefined)
  }

  /** Made when it is asked for. */
  at(index: number): Block {
    const known = this.#blocks.get(index)
    if (known !== undefined) return known
    const block = this.#make(index)
    this.#blocks.set(index, block)
    return block
  }

  #make(index: number): Block {
    if (index === 0) return { rows: this.#topRows(), above: 0 }
    const entry = this.entries[index - 1]
    if (entry !== undefined) return this.#entryBlock(index, entry)
    const item = this.#view.pending[index - 1 - this.entries.length]
    if (item === undefined) return { rows: [], above: 0 }
    return this.#pendingBlock(index, item)
  }

  #entryBlock(index: number, entry: Entry): Block {
    const { form } = this.#view
    const holes = this.#holeRows(this.entries[index - 2], entry)
    if (!isShown(entry)) return { rows: holes, above: holes.length }
    if (this.#continuesFold(index - 1)) return { rows: [], above: 0 }
    const before = this.entries[this.#shownBefore(index - 1)]
    const separators = [
      ...holes,
      ...this.#dateRows(before?.time, entry.time),
      ...this.#awayRows(before, entry),
      ...this.#newRows(before, entry),
    ]
    const fold = this.foldAt(index)
    if (fold !== undefined) {
      return { rows: [...separators, this.#foldRow(entry, fold)], above: separators.length }
    }
    const grouped = separators.length === 0 && this.#continues(before, entry)
    const traits = { ...this.#traitsOf(entry), grouped }
    const signed = traits.mine && entry.kind === 'text' && !isDeleted(entry)
    const sign = signed ? signOf(entry, this.#reached, this.#look) : undefined
    const { mark = '', quote = '', deletedBy = '', whole } = traits
    const shown = `${mark}${sign?.text ?? ''} ${deletedBy} ${quote}`
    const key = `${formKey(form)}${grouped ? 'g' : ''}${whole ? 'w' : ''}${shown}`
    const own = this.#cache.get(entry, key, () => entryRows(entry, traits, sign, form, this.#look))
    const block = { rows: [...separators, ...own], above: separators.length }
    if (entry.kind !== 'text') return block
    const { time, name } = entry
    const said = { time, name, mine: traits.mine, signed: sign !== undefined, grouped }
    return { ...block, said }
  }

  #foldRow(entry: Entry, fold: readonly Entry[]): string {
    const { form, conversation, focused } = this.#view
    const selected = conversation.selected === entry.seq
    const mark = selected ? (focused ? 'selected' : 'kept') : undefined
    const last = fold.at(-1)?.seq ?? 0
    const key = `${formKey(form)}fold ${fold.length} ${last} ${mark ?? ''}`
    const make = () => {
      const said = this.#look.words.reading.folded(foldedPeople(fold))
      return [foldedRow(entry, said, mark, form, this.#look)]
    }
    return this.#cache.get(entry, key, make)[0] ?? ''
  }

  #isFoldable(entry: Entry): boolean {
    const { me, conversation } = this.#view
    if (!this.#look.configured.foldJoins || !isNoise(entry)) return false
    // What concerns oneself is no noise.
    const isOwn = entry.from === me || (entry.subject !== undefined && entry.subject.id === me)
    return !isOwn && !conversation.unfolded.has(entry.seq)
  }

  /** Whether the entry is in one line with the one that is shown above it. */
  #continuesFold(at: number): boolean {
    const entry = this.entries[at]
    if (entry === undefined || !this.#isFoldable(entry)) return false
    const beforeAt = this.#shownBefore(at)
    const before = this.entries[beforeAt]
    if (before === undefined || !this.#isFoldable(before)) return false
    const isWhole = entry.seq - before.seq === at - beforeAt
    const { clock } = this.#look
    return isWhole && clock.day(before.time) === clock.day(entry.time)
  }

  #traitsOf(entry: Entry): Omit<RowTraits, 'grouped'> {
    const { me, conversation, focused } = this.#view
    const selected = conversation.selected === entry.seq && isMessage(entry)
    const named = entry.from !== me && isNamed(entry, me)
    const mark = selected ? (focused ? 'selected' : 'kept') : named ? 'mention' : undefined
    const answers = entry.kind === 'text' && entry.target > 0 && !isDeleted(entry)
    const quote = answers ? quoteOf(this.entries, entry.target, me, this.#look) : undefined
    const whole = conversation.unfolded.has(entry.seq)
    return { mine: entry.from === me, quote, deletedBy: this.#deletedBy(entry), whole, mark }
  }

  /** As far as the deletion is loaded: nothing changes a text after it. */
  #deletedBy(entry: Entry): string | undefined {
    const deletion = isDeleted(entry) ? entryAt(this.entries, entry.changed) : undefined
    if (deletion?.kind !== 'deleted' || deletion.from === entry.from) return undefined
    return deletion.from === this.#view.me ? this.#look.words.log.you : deletion.name
  }

  /** Where the entry is whose rows stand above those of the entry there; −1: there is none. */
  #shownBefore(at: number): number {
    let before = at - 1
    for (let entry = this.entries[before]; entry !== undefined; entry = this.entries[before]) {
      if (isShown(entry)) break
      before -= 1
    }
    return before
  }

  #pendingBlock(index: number, item: OutboxItem): Block {
    const { form, me } = this.#view
    const before = this.#beforePending(index)
    const separators = this.#dateRows(before?.time, item.time)
    const grouped =
      separators.length === 0 &&
      before?.said === true &&
      before.from === me &&
      this.#sameMinute(before.time, item.time)
    const quote = item.reply > 0 ? quoteOf(this.entries, item.reply, me, this.#look) : undefined
    const key = `${formKey(form)}${grouped ? 'g' : ''}${item.refused ?? ''} ${quote ?? ''}`
    const none = { deletedBy: undefined, whole: false, mark: undefined }
    const traits: RowTraits = { grouped, mine: true, quote, ...none }
    const own = this.#cache.get(item, key, () => pendingRows(item, traits, form, this.#look))
    const said = { time: item.time, name: '', mine: true, signed: true, grouped }
    return { rows: [...separators, ...own], above: separators.length, said }
  }

  /** What stands above a waiting message: another one, or the newest entry. */
  #beforePending(
    index: number,
  ): Readonly<{ time: number; from: string | undefined; said: boolean }> | undefined {
    const item = this.#view.pending[index - 2 - this.entries.length]
    if (item !== undefined) return { time: item.time, from: this.#view.me, said: true }
    const entry = this.entries[this.#shownBefore(this.entries.length)]
    return entry && { time: entry.time, from: entry.from, said: entry.kind === 'text' }
  }

  #continues(before: Entry | undefined, entry: Entry): boolean {
    return (
      before?.kind === 'text' &&
      entry.kind === 'text' &&
      before.from === entry.from &&
      this.#sameMinute(before.time, entry.time)
    )
  }

  #sameMinute(one: number, other: number): boolean {
    return Math.floor(one / 60_000) === Math.floor(other / 60_000)
  }

  #dateRows(before: number | undefined, time: number): readonly string[] {
    const { clock, theme } = this.#look
    if (before !== undefined && clock.day(before) === clock.day(time)) return []
    return [theme.faint(ruleRow(clock.date(time), this.#view.form))]
  }

  #awayRows(before: Entry | undefined, entry: Entry): readonly string[] {
    const { away } = this.#view.conversation
    if (away === undefined || entry.seq <= away.seq) return []
    if (before !== undefined && before.seq > away.seq) return []
    const { clock, theme, words } = this.#look
    const { from, to, count } = away
    const day = clock.day(from) === clock.day(to) ? '' : `${clock.date(from)} `
    const text = words.memory.away(`${day}${clock.time(from)}`, clock.time(to), count)
    return [theme.faint(ruleRow(text, this.#view.form))]
  }

  #newRows(before: Entry | undefined, entry: Entry): readonly string[] {
    const { newFrom, head } = this.#view.conversation
    if (newFrom === undefined || head === undefined) return []
    const count = head.n - newFrom.n
    const isNew = entry.kind === 'text' && entry.n > newFrom.n
    if (!isNew || (before !== undefined && before.n > newFrom.n)) return []
    const { theme, words } = this.#look
    return [theme.careful(ruleRow(words.log.newLine(count), this.#view.form))]
  }

  #holeRows(before: Entry | undefined, entry: Entry): readonly string[] {
    if (before === undefined || before.seq + 1 === entry.seq) return []
    return [this.#pageRow(this.#look.words.log.hole(entry.seq - before.seq - 1))]
  }

  #topRows(): readonly string[] {
    const { theme, words } = this.#look
    const { conversation, pending, form, beginning } = this.#view
    const { head } = conversation
    const { offline } = this.#view
    if (this.wanted(0).length > 0) {
      return [this.#pageRow(offline ? words.memory.offline : words.log.loading)]
    }
    if (head !== undefined && head.last > 0) {
      return [theme.faint(ruleRow(beginning, form))]
    }
    const empty = conversation.kind === 'direct' && pending.length === 0
    return empty ? [theme.faint(` ${cutText(words.log.empty, form.width - 1)}`)] : []
  }

  #pageRow(label: string): string {
    const { theme, words } = this.#look
    const { pageFailed, loading } = this.#view.conversation
    const text = pageFailed ? words.log.loadFailed : loading.length > 0 ? words.log.loading : label
    return theme.faint(ruleRow(text, this.#view.form))
  }

  /** The page that would fill what is missing right above this block. */
  wanted(index: number): readonly number[] {
    const { head } = this.#view.conversation
    const entry = this.entries[index - 1]
    const next = this.entries[index]
    if (index > 0) {
      const before = this.entries[index - 2]
      const hole = entry !== undefined && before !== undefined && before.seq + 1 < entry.seq
      return hole ? [entry.seq] : []
    }
    if (head === undefined || head.last === 0) return []
    if (next === undefined) return [0]
    return next.seq > firstReadable(head) ? [next.seq] : []
  }
}

function formKey({ width, names, margin }: RowForm): string {
  return `${width} ${names} ${margin} `
}
