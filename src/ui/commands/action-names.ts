import type { Catalogue } from '../catalogue/en.ts'
import { options } from '../configuration/options.ts'

/** What a person can do. The words of each are in the catalogue, its keys in the keymap. */
export type ActionName = keyof Catalogue['actions']

/** How an action is called as a slash command; without one it has keys only. */
type Naming = Readonly<{
  /** The first is the name, the others are what people of other programs type. */
  commands?: readonly string[]
  /** What stands behind the command's name. */
  usage?: string
  /** The words that the last of what stands there is one of. */
  choices?: readonly string[]
  /** The last of what stands there is a text, which may have several lines. */
  endsInText?: true
}>

const ON_OFF = ['on', 'off'] as const

export const actionNames: Readonly<Record<ActionName, Naming>> = {
  goTo: { commands: ['goto', 'find', 'query', 'buffer'], usage: '[name|number]' },
  message: { commands: ['msg', 'message', 'tell'], usage: 'name text', endsInText: true },
  createGroup: { commands: ['create', 'new', 'newgroup'], usage: '[group [first members…]]' },
  joinGroup: { commands: ['join'], usage: '[group [invite]]' },
  leaveGroup: { commands: ['leave', 'part', 'quit-group'], usage: '[group]' },
  members: { commands: ['members', 'names', 'who'] },
  membersPane: { commands: ['sidebar'] },
  share: { commands: ['share'] },
  search: { commands: ['search', 'grep'], usage: '[words]' },
  searchAll: { commands: ['search-all'], usage: '[words]' },
  group: { commands: ['group'] },
  topic: { commands: ['topic'], usage: '[text]' },
  renameGroup: { commands: ['rename'], usage: '[name]' },
  addMembers: { commands: ['add-member', 'add-members'], usage: '[names…]' },
  invite: { commands: ['invite'], usage: '[uses [days] | names…]' },
  invites: { commands: ['invites'] },
  removeMember: { commands: ['kick', 'remove-member'], usage: 'name' },
  ban: { commands: ['ban'], usage: 'name' },
  unban: { commands: ['unban'], usage: 'name' },
  bans: { commands: ['bans'] },
  setRole: {
    commands: ['role'],
    usage: 'name owner|admin|member',
    choices: ['owner', 'admin', 'member'],
  },
  makePublic: { commands: ['public'] },
  makePrivate: { commands: ['private'], usage: '[history]', choices: ['history'] },
  deleteGroup: { commands: ['delete-group'] },
  block: { commands: ['block', 'ignore'], usage: 'name' },
  unblock: { commands: ['unblock', 'unignore'], usage: 'name' },
  account: { commands: ['settings', 'account'] },
  sessions: { commands: ['sessions'] },
  password: { commands: ['password', 'passwd'] },
  deleteAccount: { commands: ['delete-account'] },
  shareReceipts: { commands: ['show-read'], usage: '[on|off]', choices: ON_OFF },
  selectPrevious: {},
  selectNext: {},
  reply: { commands: ['reply', 're'], usage: '[text]', endsInText: true },
  editMessage: { commands: ['edit'], usage: '[text]', endsInText: true },
  deleteMessage: { commands: ['delete', 'del'] },
  react: { commands: ['react'], usage: '[emoji]' },
  unreact: { commands: ['unreact'], usage: '[emoji]' },
  messageInfo: { commands: ['info'] },
  copyMessage: { commands: ['copy'], usage: '[all]', choices: ['all'] },
  openLink: { commands: ['open-link', 'url'] },
  previousMention: { commands: ['mention', 'mention-up'] },
  nextMention: { commands: ['mention-down'] },
  zoom: { commands: ['zoom'] },
  mouse: { commands: ['mouse'], usage: '[on|off]', choices: ON_OFF },
  me: { commands: ['me'], usage: 'text', endsInText: true },
  whois: { commands: ['whois'], usage: 'name' },
  addContact: { commands: ['add', 'contact'], usage: '[name]' },
  removeContact: { commands: ['remove', 'unadd'], usage: 'name' },
  nextUnread: { commands: ['next'] },
  catchUp: { commands: ['catch-up', 'catchup'] },
  mute: { commands: ['mute'], usage: '[on|off]', choices: ON_OFF },
  pin: { commands: ['pin'], usage: '[on|off]', choices: ON_OFF },
  markUnread: { commands: ['mark-unread'], usage: '[off]', choices: ['off'] },
  notifyLevel: {
    commands: ['notify'],
    usage: '[all|mentions|none|default]',
    choices: ['all', 'mentions', 'none', 'default'],
  },
  away: { commands: ['away'], usage: '[on|off]', choices: ON_OFF },
  busy: { commands: ['dnd', 'busy'], usage: '[on|off]', choices: ON_OFF },
  lastConversation: { commands: ['last'] },
  nextConversation: { commands: ['forward'] },
  previousConversation: { commands: ['back'] },
  nthConversation: { commands: ['window', 'win'], usage: 'number' },
  focusNext: { commands: ['pane'] },
  focusPrevious: { commands: ['pane-back'] },
  pageUp: { commands: ['page-up'] },
  pageDown: { commands: ['page-down'] },
  oldest: { commands: ['top'] },
  newest: { commands: ['end', 'bottom'] },
  firstUnread: { commands: ['unread'] },
  retry: { commands: ['retry', 'resend'] },
  discard: { commands: ['discard', 'drop'] },
  reconnect: { commands: ['reconnect'] },
  logOut: { commands: ['logout'], usage: '[everywhere]', choices: ['everywhere'] },
  help: { commands: ['help', 'keys'] },
  menu: { commands: ['menu'] },
  theme: { commands: ['theme'], usage: '[name]', choices: options.look.theme.values },
  redraw: { commands: ['redraw'] },
  suspend: { commands: ['suspend'] },
  externalEditor: { commands: ['editor'], usage: '[text]', endsInText: true },
  quit: { commands: ['quit', 'exit', 'bye'] },
}

const byCommand: ReadonlyMap<string, ActionName> = new Map(
  (Object.entries(actionNames) as [ActionName, Naming][]).flatMap(([name, { commands = [] }]) =>
    commands.map((command) => [command, name] as const),
  ),
)

/** The action of a slash command's name, also of those of other programs. */
export function actionOfCommand(command: string): ActionName | undefined {
  return byCommand.get(command.toLowerCase())
}

/** The words of which one can stand at the end of what is written of a command, the cursor behind it. */
export function choicesAt(written: string): readonly string[] {
  const [command, ...before] = written.trimStart().split(/\s+/)
  const action = command?.startsWith('/') ? actionOfCommand(command.slice(1)) : undefined
  if (action === undefined) return []
  const { usage = '', choices = [] }: Naming = actionNames[action]
  return before.length === usage.split(' ').length ? choices : []
}

/** Whether anything may stand behind the command's name. */
export function takesArgument(name: ActionName): boolean {
  return actionNames[name].usage !== undefined
}

/** Whether what stands behind the command's name may have several lines. */
export function takesLines(name: ActionName): boolean {
  return actionNames[name].endsInText === true
}

/** Every name of an action's command, with its slash. */
export function allCommands(name: ActionName): readonly string[] {
  return (actionNames[name].commands ?? []).map((command) => `/${command}`)
}

/** The other names of an action's command: '/part, /quit-group'; '' when it has none. */
export function otherCommands(name: ActionName): string {
  const [, ...others] = actionNames[name].commands ?? []
  return others.map((command) => `/${command}`).join(', ')
}

/** Whether the keymap's action is one of these. */
export function isActionName(action: string): action is ActionName {
  return Object.hasOwn(actionNames, action)
}

/** Every action that has a command, by how that is typed: '/create'. */
export function namedActions(): readonly (readonly [string, ActionName])[] {
  return (Object.keys(actionNames) as ActionName[]).flatMap((name) => {
    const command = actionNames[name].commands?.[0]
    return command === undefined ? [] : [[`/${command}`, name] as const]
  })
}

/** How the action's command is typed: '/join [group [invite]]'. */
export function commandUsage(name: ActionName, words: Catalogue): string {
  const { commands, usage } = actionNames[name]
  return `/${commands?.[0] ?? ''}${usage === undefined ? '' : ` ${words.usage(usage)}`}`
}
