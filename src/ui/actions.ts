import type { Catalogue } from './catalogue/en.ts'
import { type Context, notify } from './context.ts'
import { messageOf } from './flow.ts'
import { logView, mainLayout } from './frame.ts'
import { emptyEditor } from './input/editor.ts'
import {
  addContact,
  createGroup,
  fetchAfter,
  joinGroup,
  openByName,
  removeContact,
  sayTo,
} from './requests.ts'
import type { Focus, Overlay } from './state/model.ts'
import { allTargets, nextUnread, openConversation } from './state/selectors.ts'
import { scrolled, viewport } from './viewport.ts'

/**
 * What a person can do, each thing once: keys, the Ctrl-X menu (both by the keymap), slash commands
 * and help all come here. `commands`: the first is the name, the others are what people of other
 * programs type.
 */
export type Action = Readonly<{
  commands?: readonly string[]
  /** What stands behind the command's name. */
  usage?: string
  run: (context: Context, argument: string) => void | Promise<void>
}>

/** The words of each are in the catalogue. */
export type ActionName = keyof Catalogue['actions']

export const actions: Readonly<Record<ActionName, Action>> = {
  goTo: {
    commands: ['goto', 'query', 'buffer'],
    usage: '[name]',
    run: (context, name) =>
      name === ''
        ? show(context, { type: 'goTo', query: emptyField(), chosen: 0 })
        : openByName(context, name),
  },
  message: {
    commands: ['msg', 'message', 'tell'],
    usage: 'name text',
    run: (context, argument) => {
      const [, name = '', text = ''] = /^(\S+)\s*([^]*)$/.exec(argument) ?? []
      return name === '' ? usage(context, 'message') : sayTo(context, name, text)
    },
  },
  createGroup: {
    commands: ['create', 'new', 'newgroup'],
    usage: '[group [first members…]]',
    run: (context, argument) => {
      const [name = '', ...members] = namesOf(argument)
      if (name === '') {
        const fields = [emptyField(), emptyField()]
        const nonce = context.randomNonce()
        return show(context, { type: 'createGroup', fields, field: 0, nonce, ...newForm() })
      }
      return createGroup(context, name, members)
    },
  },
  joinGroup: {
    commands: ['join'],
    usage: '[group]',
    run: (context, name) =>
      name === ''
        ? show(context, {
            type: 'joinGroup',
            query: emptyField(),
            chosen: 0,
            loading: true,
            ...newForm(),
          })
        : joinGroup(context, name),
  },
  leaveGroup: {
    commands: ['leave', 'part', 'quit-group'],
    run: (context) => {
      if (openConversation(context.store.getSnapshot())?.kind !== 'group') {
        return notify(context, 'error', context.look.words.members.onlyGroups)
      }
      show(context, { type: 'leave', chosen: 1 })
    },
  },
  members: {
    commands: ['members', 'names', 'who'],
    run: (context) => {
      if (openConversation(context.store.getSnapshot())?.kind !== 'group') {
        return notify(context, 'error', context.look.words.members.onlyGroups)
      }
      show(context, { type: 'members', chosen: 0 })
    },
  },
  membersPane: {
    commands: ['sidebar'],
    run: ({ store }) =>
      store.dispatch({ type: 'membersPane', shown: !store.getSnapshot().membersPane }),
  },
  addContact: {
    commands: ['add', 'contact'],
    usage: '[name]',
    run: (context, name) =>
      name === ''
        ? show(context, { type: 'addContact', fields: [emptyField()], field: 0, ...newForm() })
        : addContact(context, name),
  },
  removeContact: {
    commands: ['remove', 'unadd'],
    usage: 'name',
    run: (context, name) =>
      name === '' ? usage(context, 'removeContact') : removeContact(context, name),
  },
  nextUnread: {
    commands: ['next'],
    run: (context) => {
      const target = nextUnread(context.store.getSnapshot())
      if (target === undefined) {
        return notify(context, 'info', context.look.words.notices.noUnread)
      }
      context.store.dispatch({ type: 'opened', target })
    },
  },
  lastConversation: {
    commands: ['last'],
    run: ({ store }) => {
      const { last } = store.getSnapshot()
      if (last !== undefined) store.dispatch({ type: 'opened', target: last })
    },
  },
  nextConversation: { commands: ['forward'], run: (context) => step(context, 1) },
  previousConversation: { commands: ['back'], run: (context) => step(context, -1) },
  nthConversation: {
    commands: ['window', 'win'],
    usage: 'number',
    run: ({ store }, n) => {
      const target = allTargets(store.getSnapshot())[Number(n) - 1]
      if (target !== undefined) store.dispatch({ type: 'opened', target })
    },
  },
  focusNext: { commands: ['pane'], run: (context) => moveFocus(context, 1) },
  focusPrevious: { commands: ['pane-back'], run: (context) => moveFocus(context, -1) },
  pageUp: { commands: ['page-up'], run: (context) => scroll(context, (height) => 2 - height) },
  pageDown: { commands: ['page-down'], run: (context) => scroll(context, (height) => height - 2) },
  lineUp: { run: (context) => scroll(context, () => -1) },
  lineDown: { run: (context) => scroll(context, () => 1) },
  oldest: {
    commands: ['top'],
    run: ({ store }) => {
      const open = openConversation(store.getSnapshot())
      if (open === undefined) return
      store.dispatch({ type: 'anchored', target: open.target, anchor: { seq: 0, line: 0 } })
    },
  },
  newest: {
    commands: ['end', 'bottom'],
    run: ({ store }) => {
      const open = openConversation(store.getSnapshot())
      if (open === undefined) return
      store.dispatch({ type: 'anchored', target: open.target, anchor: undefined })
    },
  },
  firstUnread: {
    commands: ['unread'],
    run: async (context) => {
      const { store } = context
      const open = openConversation(store.getSnapshot())
      const seq = open?.newFrom?.seq
      if (open === undefined || seq === undefined) return
      await fetchAfter(context, open, seq)
      const anchor = { seq: seq + 1, line: -1 }
      store.dispatch({ type: 'anchored', target: open.target, anchor })
    },
  },
  retry: { commands: ['retry', 'resend'], run: (context) => retryRefused(context) },
  discard: { commands: ['discard', 'drop'], run: (context) => discardRefused(context) },
  reconnect: {
    commands: ['reconnect'],
    run: ({ flow }) => flow.chat?.reconnect(),
  },
  logOut: {
    commands: ['logout'],
    run: (context) => {
      const waiting = context.store.getSnapshot().outbox.length > 0
      return waiting ? show(context, { type: 'logOut', chosen: 0 }) : context.flow.logOut()
    },
  },
  help: {
    commands: ['help', 'keys'],
    run: (context) => show(context, { type: 'help', top: 0 }),
  },
  menu: { commands: ['menu'], run: (context) => show(context, { type: 'menu' }) },
  redraw: { commands: ['redraw'], run: ({ redraw }) => redraw() },
  suspend: { commands: ['suspend'], run: ({ suspend }) => suspend() },
  quit: { commands: ['quit', 'exit', 'bye'], run: (context) => quit(context) },
}

/** Does it; what goes wrong is said. */
export function act(context: Context, name: ActionName, argument = ''): void {
  run(context, () => actions[name].run(context, argument))
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

const byCommand: ReadonlyMap<string, ActionName> = new Map(
  (Object.entries(actions) as [ActionName, Action][]).flatMap(([name, { commands = [] }]) =>
    commands.map((command) => [command, name] as const),
  ),
)

/** The action of a slash command's name, also of those of other programs. */
export function actionOfCommand(command: string): ActionName | undefined {
  return byCommand.get(command.toLowerCase())
}

/** Every action that has a command, by how that is typed: '/create'. */
export function namedActions(): readonly (readonly [string, ActionName])[] {
  return (Object.keys(actions) as ActionName[]).flatMap((name) => {
    const command = actions[name].commands?.[0]
    return command === undefined ? [] : [[`/${command}`, name] as const]
  })
}

export function commandUsage(name: ActionName): string {
  const { commands, usage: rest } = actions[name]
  return `/${commands?.[0] ?? ''}${rest === undefined ? '' : ` ${rest}`}`
}

export function show({ store }: Context, overlay: Overlay | undefined): void {
  store.dispatch({ type: 'overlay', overlay })
}

function usage(context: Context, name: ActionName): void {
  notify(context, 'error', context.look.words.notices.usage(commandUsage(name)))
}

export function emptyField(text = '') {
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
  if (mainLayout(store.getSnapshot()).left === 0) return act(context, 'goTo')
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
  return outbox.filter((item) => item.refused !== undefined && item.target.id === open)
}

function told(context: Context, n: number, words: (n: number) => string): void {
  const { nothingRefused } = context.look.words.notices
  notify(context, 'info', n === 0 ? nothingRefused : words(n))
}

/** While one hosts, what becomes of the server is asked first. */
async function quit(context: Context): Promise<void> {
  const { hosted } = context.flow
  if (hosted === undefined) return context.exit(0)
  show(context, { type: 'quit', chosen: 0, connected: undefined })
  const connected = await hosted.connected()
  const { overlay } = context.store.getSnapshot()
  if (overlay?.type === 'quit') show(context, { ...overlay, connected })
}
