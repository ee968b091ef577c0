import { messageOf } from '../protocol/errors.ts'
import { type ActionName, commandUsage } from './action-names.ts'
import { type Context, notify } from './context.ts'
import { logView, mainLayout } from './frame.ts'
import { emptyEditor } from './input/editor.ts'
import { hasLists } from './layout.ts'
import {
  addContact,
  createGroup,
  fetchAfter,
  joinGroup,
  openByName,
  openGroup,
  removeContact,
  sayTo,
} from './requests.ts'
import type { Focus, Overlay } from './state/model.ts'
import { allTargets, nextUnread, openConversation } from './state/selectors.ts'
import { scrolled, viewport } from './viewport.ts'

type Action = (context: Context, argument: string) => void | Promise<void>

/**
 * What each action does. Keys and the Ctrl-X menu (both by the keymap), slash commands and 'go to'
 * all come here.
 */
const actions: Readonly<Record<ActionName, Action>> = {
  goTo: (context, name) =>
    name === ''
      ? show(context, { type: 'goTo', query: emptyField(), chosen: 0 })
      : openByName(context, name),
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
      return show(context, { type: 'createGroup', fields, field: 0, nonce, ...newForm() })
    }
    return createGroup(context, name, members)
  },
  joinGroup: (context, name) =>
    name === ''
      ? show(context, {
          type: 'joinGroup',
          query: emptyField(),
          chosen: 0,
          loading: true,
          ...newForm(),
        })
      : joinGroup(context, name),
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
    const target = nextUnread(context.store.getSnapshot())
    if (target === undefined) {
      return notify(context, 'info', context.look.words.notices.noUnread)
    }
    context.store.dispatch({ type: 'opened', target })
  },
  lastConversation: ({ store }) => {
    const { last } = store.getSnapshot()
    if (last !== undefined) store.dispatch({ type: 'opened', target: last })
  },
  nextConversation: (context) => step(context, 1),
  previousConversation: (context) => step(context, -1),
  nthConversation: ({ store }, n) => {
    const target = allTargets(store.getSnapshot())[Number(n) - 1]
    if (target !== undefined) store.dispatch({ type: 'opened', target })
  },
  focusNext: (context) => moveFocus(context, 1),
  focusPrevious: (context) => moveFocus(context, -1),
  pageUp: (context) => scroll(context, (height) => 2 - height),
  pageDown: (context) => scroll(context, (height) => height - 2),
  lineUp: (context) => scroll(context, () => -1),
  lineDown: (context) => scroll(context, () => 1),
  oldest: ({ store }) => {
    const open = openConversation(store.getSnapshot())
    if (open === undefined) return
    store.dispatch({ type: 'anchored', target: open.target, anchor: { seq: 0, line: 0 } })
  },
  newest: ({ store }) => {
    const open = openConversation(store.getSnapshot())
    if (open === undefined) return
    store.dispatch({ type: 'anchored', target: open.target, anchor: undefined })
  },
  firstUnread: async (context) => {
    const { store } = context
    const open = openConversation(store.getSnapshot())
    const seq = open?.newFrom?.seq
    if (open === undefined || seq === undefined) return
    await fetchAfter(context, open, seq)
    const anchor = { seq: seq + 1, line: -1 }
    store.dispatch({ type: 'anchored', target: open.target, anchor })
  },
  retry: (context) => retryRefused(context),
  discard: (context) => discardRefused(context),
  reconnect: ({ flow }) => flow.chat?.reconnect(),
  logOut: (context) => {
    const waiting = context.store.getSnapshot().outbox.length > 0
    return waiting ? show(context, { type: 'logOut', chosen: 0 }) : context.flow.logOut()
  },
  help: (context) => show(context, { type: 'help', top: 0 }),
  menu: (context) => show(context, { type: 'menu' }),
  redraw: ({ redraw }) => redraw(),
  suspend: ({ suspend }) => suspend(),
  quit: (context) => quit(context),
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
  const failed = (error: unknown) => notify(context, 'error', messageOf(error))
  try {
    work()?.catch(failed)
  } catch (error) {
    failed(error)
  }
}

export function show({ store }: Context, overlay: Overlay | undefined): void {
  store.dispatch({ type: 'overlay', overlay })
}

function usageError({ look }: Context, name: ActionName): Error {
  return new Error(look.words.notices.usage(commandUsage(name)))
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

/** Names with spaces or commas between. */
export function namesOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '')
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
  if (focus !== undefined) store.dispatch({ type: 'focus', focus })
}

function scroll({ store, cache, look }: Context, rows: (height: number) => number): void {
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open === undefined) return
  const view = logView(state, open, mainLayout(state), look)
  const { top } = viewport(view, cache, look)
  const anchor = scrolled(view, top, rows(Math.max(3, view.height)), cache, look)
  store.dispatch({ type: 'anchored', target: open.target, anchor })
}

async function retryRefused(context: Context): Promise<void> {
  const refused = refusedHere(context)
  for (const { nonce } of refused) await context.flow.chat?.retry(nonce)
  told(context, refused.length, context.look.words.notices.retried)
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
  if (what === 'keep') flow.keepServing()
  else await flow.hosted?.stop()
  exit(0)
}

/** While one hosts, what becomes of the server is asked first. */
async function quit(context: Context): Promise<void> {
  const { hosted } = context.flow
  if (hosted === undefined) return context.exit(0)
  show(context, { type: 'quit', chosen: 0, connected: undefined })
  const connected = await context.flow.othersConnected()
  const { overlay } = context.store.getSnapshot()
  if (overlay?.type === 'quit') show(context, { ...overlay, connected })
}
