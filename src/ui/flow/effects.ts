import { run } from '../commands/actions.ts'
import { fetchGroups, fetchMembers, PAGE_ENTRIES } from '../commands/requests.ts'
import type { Context } from '../context.ts'
import { logView, mainLayout } from '../frame.ts'
import type { Viewport } from '../log/log-rows.ts'
import { selectionKept } from '../log/selection.ts'
import { indexOfSeq } from '../state/log.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import type { Typist } from '../state/typing.ts'
import { CatchUp } from './catch-up.ts'
import type { Chat } from './connector.ts'
import { goToDestination } from './destination.ts'
import { Finder } from './finder.ts'
import { firstOpen } from './first-open.ts'
import { Notices } from './notices.ts'
import { OwnTexts } from './own-texts.ts'
import { Reading } from './reading.ts'
import { Searcher } from './searcher.ts'
import { Seen } from './seen.ts'
import { Watch } from './watch.ts'

/** How often a countdown is drawn, milliseconds. */
const TICK_MS = 1_000
/** How long somebody is shown as writing who is not heard of again, milliseconds. */
const TYPING_MS = 5_000

/**
 * What follows from the state by itself: the last conversation is opened, who is online in it is
 * watched, what is in view is marked read, pages that are in view are fetched. Looks at every new
 * state; nothing is asked twice.
 */
export class Effects {
  readonly #context: Context
  readonly #now: () => number
  readonly #searcher: Searcher
  readonly #notices: Notices
  readonly #finder: Finder
  readonly #watch: Watch
  readonly #catchUp: CatchUp
  readonly #reading = new Reading()
  readonly #seen = new Seen()
  readonly #ownTexts = new OwnTexts()
  #remembered: string | undefined
  #asking = new Set<string>()
  /** Conversations whose receipts were asked for on this connection. */
  #receipts = new Set<string>()
  #typists = new Map<Typist, () => void>()
  #marked = new Map<string, number>()
  #cancelTick: (() => void) | undefined

  constructor(context: Context, now: () => number) {
    this.#context = context
    this.#now = now
    this.#searcher = new Searcher(context)
    this.#notices = new Notices(context)
    this.#finder = new Finder(context)
    this.#watch = new Watch(context)
    this.#catchUp = new CatchUp(context)
  }

  /** After each change of the state. */
  look(): void {
    const state = this.#context.store.getSnapshot()
    const { chat, remembrance } = this.#context.flow
    remembrance.look(state)
    this.#tick(state)
    this.#notices.look(state)
    this.#searcher.look(state)
    this.#finder.look(state)
    if (chat === undefined || state.screen.type !== 'main') return this.#forget()
    // What is dispatched brings a state that was looked at already.
    if (state.link.state === 'online' && this.#catchUp.look(state)) return
    if (this.#openFirst(state)) return
    const open = openConversation(state)
    if (open !== undefined) this.#remember(state, open)
    if (open !== undefined)
      this.#context.flow.remembrance.recall(open.target).catch(() => undefined)
    if (open !== undefined && this.#keepSelection(state, open)) return
    this.#forgetTypists(state)
    if (state.link.state !== 'online') {
      this.#receipts.clear()
      this.#reading.forget()
      return this.#asking.clear()
    }
    this.#goToDestination()
    this.#learnSettings(chat)
    this.#seen.look(chat, open)
    const isNew = this.#watch.look(chat, open)
    if (open === undefined) return
    // It may have changed unheard: a block that is lifted changes receipts, and nobody says so.
    if (isNew) this.#receipts.delete(open.head?.conversation ?? '')
    this.#learnMembers(state, open)
    this.#learnReceipts(chat, state, open)
    this.#learnGone(chat, state, open)
    this.#learnGroups(state)
    const { view } = this.#context.frames.of(state)
    this.#markRead(chat, state, open, view)
    if (view !== undefined) this.#fetchPages(chat, open, view)
  }

  stop(): void {
    this.#stopTick()
    this.#searcher.stop()
    this.#finder.stop()
    this.#notices.stop()
    for (const cancel of this.#typists.values()) cancel()
  }

  #stopTick(): void {
    this.#cancelTick?.()
    this.#cancelTick = undefined
  }

  /** Another server or account may follow. */
  #forget(): void {
    this.#asking.clear()
    this.#receipts.clear()
    this.#watch.forget()
    this.#seen.forget()
    this.#remembered = undefined
    this.#marked.clear()
    this.#reading.forget()
  }

  #tick(state: ClientState): void {
    if (!isCounting(state)) return this.#stopTick()
    if (this.#cancelTick !== undefined) return
    const { clock, store } = this.#context
    this.#cancelTick = clock.after(TICK_MS, () => {
      this.#cancelTick = undefined
      this.look()
    })
    // At once, so that no frame counts from an older time.
    store.dispatch({ type: 'tick', now: this.#now() })
  }

  /**
   * After the log-in: the conversation that was open last, or the lobby, or any. At once, so that
   * whoever types as soon as something is there types into it.
   */
  #openFirst(state: ClientState): boolean {
    const { flow, store } = this.#context
    if (state.open !== undefined || state.awaited !== undefined) return false
    const target = firstOpen(state, flow.lastOpen)
    if (target === undefined) return false
    store.dispatch({ type: 'opened', target, unasked: true })
    return true
  }

  /** Where a share line leads: once after each log-in, until one is there. */
  #goToDestination(): void {
    const { destination } = this.#context.flow
    if (destination === undefined || this.#asking.has('destination')) return
    // Not given back: what fails is tried again with the next connection.
    this.#asking.add('destination')
    run(this.#context, () => goToDestination(this.#context, destination))
  }

  #remember(state: ClientState, open: Conversation): void {
    const { flow, connector } = this.#context
    if (this.#remembered === open.target || state.me === undefined) return
    // What has no message yet is not there at the next start.
    if (flow.place === undefined || open.head === undefined) return
    this.#remembered = open.target
    connector.rememberOpen(flow.place, state.me.name, open.target).catch(() => undefined)
  }

  /** While the keys are in the log there is a selected message, and it is in view. */
  #keepSelection(state: ClientState, open: Conversation): boolean {
    const { store, frames, cache, look } = this.#context
    const seen = frames.of(state).view?.messages ?? []
    if (state.focus !== 'log' || seen.length === 0) return false
    if (open.selected !== undefined && seen.includes(open.selected)) return false
    const view = logView(state, open, mainLayout(state), look)
    const kept = selectionKept(view, cache, look)
    // In the place of one that was deleted, the one above it.
    const before = open.selected ?? Number.POSITIVE_INFINITY
    const seq = kept.seq ?? seen.findLast((other) => other < before) ?? seen[0]
    if (seq === undefined) return false
    const { anchor } = kept
    store.dispatch({ type: 'selected', target: open.target, seq, anchor, kept: true })
    return true
  }

  /** Who has not been heard of for a while writes no more. */
  #forgetTypists({ typing }: ClientState): void {
    const { clock, store } = this.#context
    const now = new Set<Typist>()
    for (const [target, typists] of typing) {
      for (const typist of typists) {
        now.add(typist)
        if (this.#typists.has(typist)) continue
        const gone = () => store.dispatch({ type: 'typistGone', target, typist })
        this.#typists.set(typist, clock.after(TYPING_MS, gone))
      }
    }
    for (const [typist, cancel] of this.#typists) {
      if (now.has(typist)) continue
      cancel()
      this.#typists.delete(typist)
    }
  }

  /** How far others have got with what one said; what follows the server tells by itself. */
  #learnReceipts(chat: Chat, state: ClientState, open: Conversation): void {
    const { head, target } = open
    if (head === undefined || target === state.me?.id) return
    const { conversation } = head
    if (this.#receipts.has(conversation) || !this.#ownTexts.has(open, state.me?.id)) return
    this.#receipts.add(conversation)
    // The answer is told as an event, too.
    chat.request({ type: 'getReceipts', conversation }).catch(() => undefined)
  }

  /** Nobody is told that an account was deleted: of who is away it is asked once. */
  #learnGone(chat: Chat, state: ClientState, { kind, target, name, head }: Conversation): void {
    const isAway = kind === 'direct' && head !== undefined && state.online.get(target) === false
    if (!isAway || target === state.me?.id || state.gone.has(target)) return
    const refused = state.outbox.filter((it) => it.target.id === target && it.refused).length
    const what = `account ${target} ${refused}`
    if (this.#asking.has(what)) return
    // Not given back: once for each connection, and again when something was refused.
    this.#asking.add(what)
    chat.request({ type: 'find', text: name }).then(
      ({ users }) => {
        if (users.some(({ id }) => id === target)) return
        this.#context.store.receive({ type: 'gone', user: target })
      },
      () => undefined,
    )
  }

  /** Once for each connection: other clients may have changed them. The answer is told as an event. */
  #learnSettings(chat: Chat): void {
    if (this.#asking.has('settings')) return
    this.#asking.add('settings')
    chat.request({ type: 'getSettings' }).catch(() => undefined)
  }

  #learnMembers(state: ClientState, open: Conversation): void {
    const known = state.members.has(open.target) && !state.memberChanges.has(open.target)
    if (open.kind !== 'group' || known) return
    this.#once(`members ${open.target}`, () => fetchMembers(this.#context, open.target))
  }

  /** For the one overlay that lists them, and for somebody new, to whom they are shown. */
  #learnGroups(state: ClientState): void {
    const { overlay } = state
    if (overlay?.type === 'joinGroup' && overlay.loading) {
      this.#once('groups', async () => {
        await fetchGroups(this.#context)
        const now = this.#context.store.getSnapshot().overlay
        if (now?.type === 'joinGroup') {
          this.#context.store.dispatch({ type: 'overlay', overlay: { ...now, loading: false } })
        }
      })
    }
    // After a reconnection again: the counts may have changed.
    if (state.conversations.size === 1) {
      if (this.#asking.has('first groups')) return
      this.#asking.add('first groups')
      fetchGroups(this.#context).catch(() => undefined)
    }
  }

  #fetchPages(chat: Chat, open: Conversation, view: Viewport): void {
    const { store } = this.#context
    const conversation = open.head?.conversation
    if (conversation === undefined || open.pageFailed) return
    if (this.#context.flow.remembrance.isRecalling(open.target)) return
    for (const before of view.wanted) {
      if (open.loading.includes(before)) continue
      const { target } = open
      store.dispatch({ type: 'pageAsked', target, before })
      const where = pageAt(open, view, before)
      chat.request({ type: 'getPage', conversation, limit: PAGE_ENTRIES, ...where }).then(
        ({ entries, first }) => store.receive({ type: 'pageCame', target, before, entries, first }),
        () => store.receive({ type: 'pageFailed', target, before }),
      )
    }
  }

  /** Read is what a person had before their eyes. */
  #markRead(chat: Chat, state: ClientState, open: Conversation, view: Viewport | undefined): void {
    const { head } = open
    const read = this.#reading.readTo(state, open, view)
    if (head === undefined) return
    const id = head.conversation
    if (read <= head.read || read <= (this.#marked.get(id) ?? 0)) return
    this.#marked.set(id, read)
    chat.request({ type: 'mark', conversation: id, read }).catch(() => this.#marked.delete(id))
  }

  #once(what: string, ask: () => Promise<void>): void {
    if (this.#asking.has(what)) return
    this.#asking.add(what)
    ask()
      .catch(() => undefined)
      .finally(() => this.#asking.delete(what))
      .catch(() => undefined)
  }
}

/**
 * The page of what is missing above `before` that the view needs first: who comes from above reads on
 * there, however much more is missing.
 */
function pageAt({ anchor, entries }: Conversation, { top }: Viewport, before: number) {
  const above = entries[indexOfSeq(entries, before) - 1]
  const comesFromAbove = anchor !== undefined && above !== undefined && (top?.seq ?? 0) <= above.seq
  return comesFromAbove && before > 0 ? { after: above.seq } : { before }
}

/** Whether a countdown is on the screen. */
function isCounting({ link, screen }: ClientState): boolean {
  if (screen.type === 'failed') return typeof screen.next === 'number'
  const isCounted =
    link.state === 'waiting' || (link.state === 'online' && link.silentSince !== undefined)
  return isCounted && screen.type === 'main'
}
