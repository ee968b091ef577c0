import { type Context, notify, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import { logView, mainLayout } from '../frame.ts'
import { emptyEditor } from '../input/editor.ts'
import { hasLists } from '../layout.ts'
import type { LogView } from '../log/blocks.ts'
import { scrolled, viewport } from '../log/viewport.ts'
import { enterLog, messageActions } from '../messages/actions.ts'
import { editElsewhere } from '../messages/edit-elsewhere.ts'
import { firstReadable } from '../state/log.ts'
import type { Anchor, Conversation, Focus } from '../state/model.ts'
import { calling, unread, unreadAfter } from '../state/preferences.ts'
import { allTargets, nextUnread, openConversation } from '../state/selectors.ts'
import { askLogOutEverywhere, windowActions } from '../windows/actions.ts'
import { joinWritten } from '../windows/form.ts'
import type { ActionName } from './action-names.ts'
import { namesOf, usageError } from './arguments.ts'
import { openCatchUp } from './catch-up.ts'
import { switchMouse } from './mouse.ts'
import { preferenceActions } from './preferences.ts'
import {
  addContact,
  createGroup,
  fetchAfter,
  fetchFirst,
  openGroup,
  openNamedOrNumbered,
  removeContact,
  sayTo,
} from './requests.ts'
import { setTheme } from './theme.ts'

type Action = (context: Context, argument: string) => void | Promise<void>

/**
 * What each action does. Keys and the Ctrl-X menu (both by the keymap), slash commands and 'go to'
 * all come here.
 */
const actions: Readonly<Record<ActionName, Action>> = {
  goTo: (context, name) =>
    name === ''
      ? show(context, { type: 'goTo', query: emptyField(), chosen: 0 })
      : openNamedOrNumbered(context, name),
  message: (context, argument) => {
    const [, name, text = ''] = /^(\S+)\s*([\s\S]*)$/.exec(argument) ?? []
    if (name === undefined) throw usageError(context, 'message')
    return sayTo(context, name, text)
  },
  createGroup: (context, argument) => {
    const [name = '', ...members] = namesOf(argument)
    if (name === '') {
      const fields = [emptyField(), emptyField()]
      const nonce = context.randomNonce()
      const form = { fields, field: 0, access: 'public', nonce, ...newForm() } as const
      return show(context, { type: 'createGroup', ...form })
    }
    return createGroup(context, name, members)
  },
  joinGroup: (context, argument) => {
    if (argument !== '') return joinWritten(context, argument)
    const query = emptyField()
    return show(context, { type: 'joinGroup', query, chosen: 0, loading: true, ...newForm() })
  },
  leaveGroup: (context, name) => {
    // First it is opened: one sees what one leaves.
    if (name !== '') openGroup(context, name)
    needGroup(context, context.look.words.members.leaveIsForGroups)
    show(context, { type: 'leave', chosen: 1 })
  },
  members: (context) => {
    needGroup(context, context.look.words.members.onlyGroups)
    show(context, { type: 'members', chosen: 0 })
  },
  membersPane: ({ store }) =>
    store.dispatch({ type: 'membersPane', shown: !store.getSnapshot().membersPane }),
  share: (context) => show(context, { type: 'share' }),
  addContact: (context, name) =>
    name === ''
      ? show(context, { type: 'addContact', fields: [emptyField()], field: 0, ...newForm() })
      : addContact(context, name),
  removeContact: (context, name) => {
    if (name === '') throw usageError(context, 'removeContact')
    return removeContact(context, name)
  },
  nextUnread: (context) => {
    const state = context.store.getSnapshot()
    const target = nextUnread(state)
    if (target !== undefined) return context.store.dispatch({ type: 'opened', target })
    // Of what is open something may be out of view: above it, or below while one reads back.
    const open = openConversation(state)
    const after = open?.head && calling(open) > 0 ? unreadAfter(open.head) : undefined
    if (open !== undefined && after !== undefined) return showAfter(context, open, after.seq)
    notify(context, 'info', context.look.words.notices.noUnread)
  },
  catchUp: (context) => openCatchUp(context),
  lastConversation: ({ store }) => {
    const { last } = store.getSnapshot()
    if (last !== undefined) store.dispatch({ type: 'opened', target: last })
  },
  nextConversation: (context) => step(context, 1),
  previousConversation: (context) => step(context, -1),
  nthConversation: (context, n) => {
    if (!/^\d+$/.test(n)) throw usageError(context, 'nthConversation')
    const { store, look } = context
    const target = allTargets(store.getSnapshot())[Number(n) - 1]
    if (target === undefined) throw new Error(look.words.notices.noConversation(n))
    store.dispatch({ type: 'opened', target })
  },
  focusNext: (context) => moveFocus(context, 1),
  focusPrevious: (context) => moveFocus(context, -1),
  pageUp: (context) => scroll(context, 'last', (height) => 2 - height),
  pageDown: (context) => scroll(context, 'first', (height) => height - 2),
  oldest: (context) => goToBeginning(context),
  newest: (context) => {
    const { open } = context.store.getSnapshot()
    lookAt(context, 'last', () => undefined)
    if (open !== undefined) context.store.dispatch({ type: 'skipped', target: open })
  },
  firstUnread: (context) => {
    const { look, store } = context
    const open = openConversation(store.getSnapshot())
    if (open === undefined) throw new Error(look.words.notices.nothingOpen)
    const beyond = open.head && unread(open) > 0 ? unreadAfter(open.head) : undefined
    const after = open.newFrom ?? beyond
    if (after === undefined) return notify(context, 'info', look.words.notices.noUnreadHere)
    return showAfter(context, open, after.seq)
  },
  retry: (context) => retryRefused(context),
  discard: (context) => discardRefused(context),
  reconnect: ({ flow }) => flow.chat?.reconnect(),
  logOut: (context, argument) => {
    if (argument === 'everywhere') return askLogOutEverywhere(context)
    if (argument !== '') throw usageError(context, 'logOut')
    const waiting = context.store.getSnapshot().outbox.length > 0
    return waiting ? show(context, { type: 'logOut', chosen: 0 }) : context.flow.logOut()
  },
  help: (context) => show(context, { type: 'help', top: 0 }),
  menu: (context) => show(context, { type: 'menu' }),
  theme: setTheme,
  redraw: ({ redraw }) => redraw(),
  suspend: ({ suspend }) => suspend(),
  externalEditor: (context, text) => editElsewhere(context, text === '' ? undefined : text),
  quit: (context) => quit(context),
  ...preferenceActions,
  ...windowActions,
  ...messageActions,
  mouse: switchMouse,
}

/** Does it; what goes wrong is said. */
export function act(context: Context, name: ActionName, argument = ''): void {
  run(context, () => perform(context, name, argument))
}

/** Does it; throws or rejects with what goes wrong. */
export function perform(
  context: Context,
  name: ActionName,
  argument: string,
): void | Promise<void> {
  return actions[name](context, argument)
}

/** Runs something that may fail, now or later: then the person is told. */
export function run(context: Context, work: () => void | Promise<void>): void {
  const failed = (error: unknown) => notify(context, 'error', inWords(error, context.look))
  try {
    work()?.catch(failed)
  } catch (error) {
    failed(error)
  }
}

function needGroup({ store }: Context, otherwise: string): void {
  if (openConversation(store.getSnapshot())?.kind === 'group') return
  throw new Error(otherwise)
}

function emptyField(text = '') {
  return emptyEditor({ oneLine: true, text })
}

function newForm() {
  return { busy: false, fault: '' }
}

function step({ store }: Context, by: 1 | -1): void {
  const state = store.getSnapshot()
  const targets = allTargets(state)
  if (targets.length === 0) return
  const at = targets.indexOf(state.open ?? '')
  const from = at === -1 && by === -1 ? 0 : at
  const target = targets[(from + by + targets.length) % targets.length]
  if (target !== undefined) store.dispatch({ type: 'opened', target })
}

const FOCUS_ORDER: readonly Focus[] = ['people', 'groups', 'log', 'compose']

function moveFocus(context: Context, by: 1 | -1): void {
  const { store } = context
  // Where the lists have no room, 'go to' is both of them.
  if (!hasLists(store.getSnapshot().size)) return act(context, 'goTo')
  const at = FOCUS_ORDER.indexOf(store.getSnapshot().focus)
  const focus = FOCUS_ORDER[(at + by + FOCUS_ORDER.length) % FOCUS_ORDER.length]
  if (focus === 'log') return enterLog(context)
  if (focus !== undefined) store.dispatch({ type: 'focus', focus })
}

/** By so many rows, up: negative. */
export function scrollLog(context: Context, rows: number): void {
  scroll(context, rows < 0 ? 'last' : 'first', () => rows)
}

/** By so many rows; of what is in view then, `edge` is selected while the keys are in the log. */
function scroll(context: Context, edge: Edge, rows: (height: number) => number): void {
  const { cache, look } = context
  lookAt(context, edge, (view) => {
    const { top } = viewport(view, cache, look)
    return scrolled(view, top, rows(Math.max(3, view.height)), cache, look)
  })
}

type Edge = 'first' | 'last'

function lookAt(
  { store, cache, look }: Context,
  edge: Edge,
  anchorOf: (view: LogView) => Anchor | undefined,
): void {
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open === undefined) return
  const { target } = open
  const view = logView(state, open, mainLayout(state), look)
  const anchor = anchorOf(view)
  if (state.focus !== 'log') return store.dispatch({ type: 'anchored', target, anchor })
  const there = { ...view, conversation: { ...open, anchor } }
  const { messages } = viewport(there, cache, look)
  const kept = messages.find((seq) => seq === open.selected)
  const seq = kept ?? messages.at(edge === 'first' ? 0 : -1)
  store.dispatch({ type: 'selected', target, seq, anchor })
}

/** What stands behind `seq` begins the view. */
async function showAfter(context: Context, open: Conversation, seq: number): Promise<void> {
  await fetchAfter(context, open, seq)
  const anchor = { seq: seq + 1, line: -1 }
  context.store.dispatch({ type: 'anchored', target: open.target, anchor })
}

/** To the first message one may read. What is between it and what is loaded is not asked for. */
async function goToBeginning(context: Context): Promise<void> {
  const { store } = context
  const state = store.getSnapshot()
  const open = openConversation(state)
  const before = open?.entries[0]?.seq ?? 0
  const isMissing = open?.head !== undefined && before > firstReadable(open.head)
  if (!isMissing || state.link.state !== 'online') return lookAtTop(context)
  store.dispatch({ type: 'pageAsked', target: open.target, before })
  lookAtTop(context)
  const page = await fetchFirst(context, open.head).catch(() => undefined)
  const { target } = open
  if (page === undefined) return store.dispatch({ type: 'pageFailed', target, before })
  const now = openConversation(store.getSnapshot())
  const stays = now?.target === target && now.anchor?.seq === 0
  store.dispatch({ type: 'pageCame', target, before, entries: page.entries, first: page.first })
  if (stays) lookAtTop(context)
}

function lookAtTop(context: Context): void {
  lookAt(context, 'first', () => ({ seq: 0, line: 0 }))
}

async function retryRefused(context: Context): Promise<void> {
  const refused = refusedHere(context)
  for (const { nonce } of refused) await context.flow.chat?.retry(nonce)
  const { retried, retriedLater } = context.look.words.notices
  const isOnline = context.store.getSnapshot().link.state === 'online'
  told(context, refused.length, isOnline ? retried : retriedLater)
}

function discardRefused(context: Context): void {
  const refused = refusedHere(context)
  for (const { nonce } of refused) context.flow.chat?.discard(nonce)
  told(context, refused.length, context.look.words.notices.discarded)
}

function refusedHere({ store }: Context) {
  const { outbox, open } = store.getSnapshot()
  const refused = outbox.filter((item) => item.refused !== undefined)
  const here = refused.filter((item) => item.target.id === open)
  // Where one is no member any more nothing can be opened.
  return here.length > 0 ? here : refused
}

function told(context: Context, n: number, words: (n: number) => string): void {
  const { nothingRefused } = context.look.words.notices
  notify(context, 'info', n === 0 ? nothingRefused : words(n))
}

/** Ends the program; the server that is hosted here goes on or not. */
export async function leaveServer({ flow, exit }: Context, what: 'keep' | 'stop'): Promise<void> {
  if (what === 'keep') flow.hosting.keep()
  else await flow.hosting.stop()
  exit(0)
}

/** While one hosts, what becomes of the server is asked first. */
async function quit(context: Context): Promise<void> {
  if (context.flow.hosting.server === undefined) return context.exit(0)
  show(context, { type: 'quit', chosen: 0, connected: undefined })
  const connected = await context.flow.ownServer.othersConnected()
  const { overlay } = context.store.getSnapshot()
  if (overlay?.type === 'quit') show(context, { ...overlay, connected })
}
