import type { ClientEvent } from '../../net/events.ts'
import type { Entry } from '../../protocol/messages.ts'
import { conversationTitle } from '../panes/title.ts'
import { isNamed } from '../state/mentions.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { preferencesOf } from '../state/preferences.ts'
import type { LineContext } from './context.ts'
import { entryLine } from './entry-line.ts'
import type { ReadMarks } from './read-marks.ts'
import { Unsent } from './unsent.ts'

/** Says what happens, as it happens: entries, what becomes of one's own, the connection. */
export class Speaker {
  readonly unsent: Unsent
  readonly #context: LineContext
  readonly #marks: ReadMarks
  /** By conversation: up to here all was said, or was there before. */
  readonly #said = new Map<string, number>()
  /** What is said when the greeting is over; undefined: it is. */
  #waiting: string[] | undefined = []
  #isSynced = false
  #isLost = false
  #isStuck = false
  #day: number

  constructor(context: LineContext, marks: ReadMarks, now: number) {
    this.#context = context
    this.#marks = marks
    this.#day = context.look.clock.day(now)
    this.unsent = new Unsent(context)
  }

  /** After the state has taken it. */
  take(event: ClientEvent): void {
    const isOwn = this.unsent.take(event)
    if (event.type === 'link') this.#sayLink(event.link)
    if (event.type === 'heads') this.#learn(event)
    if (event.type === 'left') this.#said.delete(event.conversation)
    if (event.type === 'entry') this.#takeEntry(event.conversation, event.entry, isOwn)
  }

  /** Losses are told once, however many tries fail; what comes back later is said as it would have been. */
  #sayLink(link: Extract<ClientEvent, { type: 'link' }>['link']): void {
    const { line, say } = this.#context
    if (link.state === 'waiting' && this.#isSynced && !this.#isLost) {
      this.#isLost = true
      say(line.link.lost(link.reason))
    }
    if (link.state === 'online' && this.#isLost) {
      this.#isLost = false
      say(line.link.back)
    }
    const isStuck = link.state === 'online' ? link.stuck === true : this.#isStuck
    if (isStuck === this.#isStuck) return
    this.#isStuck = isStuck
    say(isStuck ? line.link.stuck : line.link.unstuck)
  }

  /** What came meanwhile, and from now on everything at once: one has heard where one is. */
  begin(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const text of waiting) this.#context.say(text)
  }

  #say(text: string): void {
    if (this.#waiting === undefined) this.#context.say(text)
    else this.#waiting.push(text)
  }

  #learn({ heads, complete }: Extract<ClientEvent, { type: 'heads' }>): void {
    for (const head of heads) {
      const { conversation, last, read } = head
      if (this.#said.has(conversation)) continue
      // What begins while one is here is said from its first unread entry on.
      this.#said.set(conversation, this.#isSynced ? read : last)
      if (this.#isSynced && head.kind === 'group') this.#sayNew(conversation)
    }
    if (complete) this.#isSynced = true
  }

  /** Somebody has added one to a group; one's own doings are said elsewhere. */
  #sayNew(id: string): void {
    const { line, store, look } = this.#context
    const state = store.getSnapshot()
    const conversation = state.conversations.get(state.targets.get(id) ?? '')
    if (conversation === undefined || conversation.target === state.open) return
    this.#say(line.start.added(conversationTitle(state, conversation, look)))
  }

  #takeEntry(id: string, entry: Entry, isOwn: boolean): void {
    const state = this.#context.store.getSnapshot()
    const conversation = state.conversations.get(state.targets.get(id) ?? '')
    const said = this.#said.get(id)
    if (conversation === undefined || said === undefined) return
    // What one says first in a conversation is read when that is told.
    if (entry.seq <= said && !isOwn) return
    this.#said.set(id, Math.max(said, entry.seq))
    if (isSilent(state, conversation, entry)) return
    const { line } = this.#context
    if (entry.seq > said + 1) this.#sayMissed(conversation, entry.seq - said - 1)
    this.#sayDay(entry.time)
    const spoken = entryLine(this.#context, conversation, entry)
    this.#say(isOwn ? line.sent(spoken) : spoken)
    if (state.open === conversation.target) void this.#marks.read(id, entry.seq)
  }

  #sayMissed(conversation: Conversation, count: number): void {
    const { line, store, look } = this.#context
    this.#say(line.start.missed(count, conversationTitle(store.getSnapshot(), conversation, look)))
  }

  #sayDay(time: number): void {
    const { clock } = this.#context.look
    const day = clock.day(time)
    if (day === this.#day) return
    this.#day = day
    this.#say(clock.date(time))
  }
}

/** Of what is muted only what names one is said, unless it is open. */
function isSilent(state: ClientState, conversation: Conversation, entry: Entry): boolean {
  if (!preferencesOf(conversation).muted || state.open === conversation.target) return false
  return entry.from !== state.me?.id && !isNamed(entry, state.me?.id)
}
