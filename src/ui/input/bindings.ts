import type { SimpleAction } from './editor.ts'

/**
 * Where a key counts. `text`: in every field that takes text, the composer among them. `overlay`:
 * in a window over the chat, where nothing of `anywhere` counts.
 */
export type Where =
  | 'anywhere'
  | 'compose'
  | 'text'
  | 'log'
  | 'lists'
  /** A list that is narrowed down by what is typed. */
  | 'filter'
  | 'overlay'
  | WindowPlace

/** Windows that have keys of their own. */
export type WindowPlace =
  | 'search'
  | 'members'
  | 'group'
  | 'account'
  | 'list'
  | 'share'
  | 'invite'
  | 'longText'
  | 'catchUp'
  | 'peek'
  | 'links'

/**
 * What must hold of the composer or of the field in a window: what was sent is searched in it (then
 * nothing else holds); it holds an answer or an edit; it is
 * empty, or there is none; nothing is right of its cursor.
 */
export type When = 'searching' | 'composing' | 'empty' | 'atEnd'

export type Binding = Readonly<{
  action: ActionId
  /** As KeyPress names them; 'ctrl+x c': one after the other. */
  keys: readonly string[]
  where: Where
  when?: When
  argument?: string
  /** A person's own, not shipped: hints name it before others. */
  own?: true
}>

/** The key that opens the menu; what follows it is a menu row. */
export const MENU_KEY = 'ctrl+x'

/** What changes text: the editor's actions, and completion. */
export type EditActionId = `edit.${SimpleAction | 'completeNext' | 'completePrevious'}`

/** What concerns the chat; the same as slash commands and menu rows do. */
export type ChatActionId =
  | 'goTo'
  | 'createGroup'
  | 'joinGroup'
  | 'leaveGroup'
  | 'members'
  | 'membersPane'
  | 'share'
  | 'search'
  | 'searchAll'
  | 'group'
  | 'topic'
  | 'renameGroup'
  | 'addMembers'
  | 'invite'
  | 'invites'
  | 'removeMember'
  | 'ban'
  | 'bans'
  | 'setRole'
  | 'makePublic'
  | 'makePrivate'
  | 'deleteGroup'
  | 'block'
  | 'account'
  | 'sessions'
  | 'password'
  | 'deleteAccount'
  | 'shareReceipts'
  | 'addContact'
  | 'nextUnread'
  | 'catchUp'
  | 'mute'
  | 'pin'
  | 'markUnread'
  | 'notifyLevel'
  | 'away'
  | 'busy'
  | 'lastConversation'
  | 'nextConversation'
  | 'previousConversation'
  | 'nthConversation'
  | 'focusNext'
  | 'focusPrevious'
  | 'pageUp'
  | 'pageDown'
  | 'selectPrevious'
  | 'selectNext'
  | 'reply'
  | 'editMessage'
  | 'deleteMessage'
  | 'react'
  | 'unreact'
  | 'messageInfo'
  | 'copyMessage'
  | 'openLink'
  | 'zoom'
  | 'previousMention'
  | 'nextMention'
  | 'mouse'
  | 'oldest'
  | 'newest'
  | 'firstUnread'
  | 'retry'
  | 'discard'
  | 'logOut'
  | 'reconnect'
  | 'help'
  | 'menu'
  | 'theme'
  | 'redraw'
  | 'suspend'
  | 'externalEditor'
  | 'quit'

/** What concerns the place alone: sending, choosing a row, leaving a window. */
export type PlaceActionId =
  | 'send'
  | 'focusLog'
  | 'focusCompose'
  | 'cancelComposing'
  /** Quits when it comes twice within two seconds. */
  | 'quitTwice'
  | 'choosePrevious'
  | 'chooseNext'
  | 'choosePageUp'
  | 'choosePageDown'
  | 'chooseFirst'
  | 'chooseLast'
  | 'accept'
  | 'nextField'
  | 'previousField'
  | 'close'
  | 'endChosen'
  | 'endOthers'
  | 'copyLine'
  | 'peek'
  | 'markRead'
  | 'markAllRead'
  | 'pasteInsert'
  | 'pasteSplit'
  | 'pasteEdit'
  | 'pasteDiscard'
  /** Of a list that is narrowed down. */
  | 'filterList'
  | 'openFiltered'
  | 'endFilter'

export type ActionId = ChatActionId | EditActionId | PlaceActionId

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/**
 * The keys as shipped. Whatever has a key with Alt, or one that few terminals send (Ctrl-←), has one
 * that all of them send. Left
 * free: Ctrl-S, Ctrl-Q and Ctrl-\ (some outer layers eat them), function keys, Alt-[ and Alt-O (they
 * begin escape sequences), Ctrl-H, I, M and [ (they are Backspace, Tab, Enter and Esc).
 */
export const DEFAULT_BINDINGS: readonly Binding[] = [
  { action: 'createGroup', keys: ['ctrl+x c'], where: 'anywhere' },
  { action: 'joinGroup', keys: ['ctrl+x j'], where: 'anywhere' },
  { action: 'leaveGroup', keys: ['ctrl+x l'], where: 'anywhere' },
  { action: 'members', keys: ['ctrl+x m'], where: 'anywhere' },
  { action: 'addContact', keys: ['ctrl+x a'], where: 'anywhere' },
  { action: 'membersPane', keys: ['ctrl+x p'], where: 'anywhere' },
  { action: 'share', keys: ['ctrl+x s'], where: 'anywhere' },
  { action: 'group', keys: ['ctrl+x i'], where: 'anywhere' },
  { action: 'topic', keys: ['ctrl+x t'], where: 'anywhere' },
  { action: 'account', keys: ['ctrl+x u'], where: 'anywhere' },
  { action: 'search', keys: ['ctrl+f', 'ctrl+x /'], where: 'anywhere' },
  { action: 'goTo', keys: ['ctrl+g', 'ctrl+x g'], where: 'anywhere' },
  { action: 'nextUnread', keys: ['alt+a', 'ctrl+x n'], where: 'anywhere' },
  { action: 'catchUp', keys: ['ctrl+x h'], where: 'anywhere' },
  { action: 'mute', keys: ['ctrl+x z'], where: 'anywhere' },
  { action: 'pin', keys: ['ctrl+x P'], where: 'anywhere' },
  { action: 'markUnread', keys: ['ctrl+x U'], where: 'anywhere' },
  { action: 'notifyLevel', keys: ['ctrl+x N'], where: 'anywhere' },
  { action: 'away', keys: ['ctrl+x A'], where: 'anywhere' },
  { action: 'busy', keys: ['ctrl+x B'], where: 'anywhere' },
  { action: 'lastConversation', keys: ['alt+s', 'ctrl+x b'], where: 'anywhere' },
  { action: 'nextConversation', keys: ['ctrl+n', 'alt+down'], where: 'anywhere' },
  { action: 'previousConversation', keys: ['ctrl+p', 'alt+up'], where: 'anywhere' },
  ...DIGITS.map((digit): Binding => {
    const keys = [`alt+${digit}`, `ctrl+x ${digit}`]
    return { action: 'nthConversation', keys, where: 'anywhere', argument: digit }
  }),
  { action: 'focusNext', keys: ['tab'], where: 'anywhere' },
  { action: 'focusPrevious', keys: ['shift+tab'], where: 'anywhere' },
  { action: 'pageUp', keys: ['pageup'], where: 'anywhere' },
  { action: 'pageDown', keys: ['pagedown'], where: 'anywhere' },
  { action: 'oldest', keys: ['ctrl+home', 'ctrl+x <'], where: 'anywhere' },
  { action: 'newest', keys: ['ctrl+end', 'ctrl+x >'], where: 'anywhere' },
  { action: 'firstUnread', keys: ['alt+u', 'ctrl+x f'], where: 'anywhere' },
  { action: 'menu', keys: [MENU_KEY], where: 'anywhere' },
  { action: 'reply', keys: ['ctrl+x R'], where: 'anywhere' },
  { action: 'editMessage', keys: ['ctrl+x E'], where: 'anywhere' },
  { action: 'deleteMessage', keys: ['ctrl+x X'], where: 'anywhere' },
  { action: 'react', keys: ['ctrl+x +'], where: 'anywhere' },
  { action: 'unreact', keys: ['ctrl+x -'], where: 'anywhere' },
  { action: 'messageInfo', keys: ['ctrl+x .'], where: 'anywhere' },
  { action: 'copyMessage', keys: ['ctrl+x Y'], where: 'anywhere' },
  { action: 'openLink', keys: ['ctrl+x L'], where: 'anywhere' },
  { action: 'previousMention', keys: ['alt+p', 'ctrl+x ['], where: 'anywhere' },
  { action: 'nextMention', keys: ['alt+n', 'ctrl+x ]'], where: 'anywhere' },
  { action: 'zoom', keys: ['ctrl+x 0'], where: 'anywhere' },
  { action: 'mouse', keys: ['ctrl+x M'], where: 'anywhere' },
  { action: 'retry', keys: ['ctrl+x o'], where: 'anywhere' },
  { action: 'discard', keys: ['ctrl+x D'], where: 'anywhere' },
  { action: 'reconnect', keys: ['ctrl+x r'], where: 'anywhere' },
  { action: 'help', keys: ['ctrl+x k', 'ctrl+x ?'], where: 'anywhere' },
  { action: 'logOut', keys: ['ctrl+x O'], where: 'anywhere' },
  { action: 'quit', keys: ['ctrl+x q'], where: 'anywhere' },
  { action: 'quitTwice', keys: ['ctrl+c'], where: 'anywhere' },
  { action: 'theme', keys: ['ctrl+x T'], where: 'anywhere' },
  { action: 'redraw', keys: ['ctrl+l'], where: 'anywhere' },
  { action: 'suspend', keys: ['ctrl+z'], where: 'anywhere' },
  { action: 'externalEditor', keys: ['ctrl+x e'], where: 'anywhere' },

  { action: 'edit.searchHistory', keys: ['ctrl+r'], where: 'compose' },
  { action: 'edit.searchAccept', keys: ['enter'], where: 'compose', when: 'searching' },
  { action: 'edit.searchCancel', keys: ['esc', 'ctrl+g'], where: 'compose', when: 'searching' },
  { action: 'send', keys: ['enter'], where: 'compose' },
  { action: 'edit.newline', keys: ['alt+enter', 'ctrl+j', 'shift+enter'], where: 'compose' },
  { action: 'goTo', keys: ['ctrl+k'], where: 'compose', when: 'atEnd' },
  { action: 'help', keys: ['?'], where: 'compose', when: 'empty' },
  { action: 'focusNext', keys: ['tab'], where: 'compose', when: 'empty' },
  { action: 'focusPrevious', keys: ['shift+tab'], where: 'compose', when: 'empty' },
  { action: 'edit.completeNext', keys: ['tab'], where: 'compose' },
  { action: 'edit.completePrevious', keys: ['shift+tab'], where: 'compose' },
  { action: 'cancelComposing', keys: ['esc'], where: 'compose', when: 'composing' },
  { action: 'focusLog', keys: ['esc'], where: 'compose', when: 'empty' },
  { action: 'newest', keys: ['end'], where: 'compose', when: 'empty' },
  { action: 'quitTwice', keys: ['ctrl+c'], where: 'compose', when: 'empty' },
  { action: 'edit.up', keys: ['up'], where: 'compose' },
  { action: 'edit.down', keys: ['down'], where: 'compose' },
  { action: 'edit.clear', keys: ['ctrl+c'], where: 'compose' },

  { action: 'edit.left', keys: ['left', 'ctrl+b'], where: 'text' },
  { action: 'edit.right', keys: ['right'], where: 'text' },
  {
    action: 'edit.wordLeft',
    keys: ['ctrl+left', 'alt+b', 'alt+left', 'ctrl+x left'],
    where: 'text',
  },
  {
    action: 'edit.wordRight',
    keys: ['ctrl+right', 'alt+f', 'alt+right', 'ctrl+x right'],
    where: 'text',
  },
  { action: 'edit.lineStart', keys: ['home', 'ctrl+a'], where: 'text' },
  { action: 'edit.lineEnd', keys: ['end', 'ctrl+e'], where: 'text' },
  { action: 'edit.deleteLeft', keys: ['backspace'], where: 'text' },
  { action: 'edit.deleteRight', keys: ['delete', 'ctrl+d'], where: 'text' },
  { action: 'edit.killBlankLeft', keys: ['ctrl+w'], where: 'text' },
  { action: 'edit.killWordLeft', keys: ['alt+backspace', 'ctrl+x w'], where: 'text' },
  { action: 'edit.killWordRight', keys: ['alt+d', 'ctrl+delete', 'ctrl+x W'], where: 'text' },
  { action: 'edit.killLineStart', keys: ['ctrl+u'], where: 'text' },
  { action: 'edit.killLineEnd', keys: ['ctrl+k'], where: 'text' },
  { action: 'edit.yank', keys: ['ctrl+y'], where: 'text' },
  { action: 'edit.yankPop', keys: ['alt+y', 'ctrl+x y'], where: 'text' },
  { action: 'edit.transpose', keys: ['ctrl+t'], where: 'text' },
  { action: 'edit.undo', keys: ['ctrl+_'], where: 'text' },

  { action: 'goTo', keys: ['ctrl+k'], where: 'log' },
  { action: 'selectPrevious', keys: ['up', 'k'], where: 'log' },
  { action: 'selectNext', keys: ['down', 'j'], where: 'log' },
  { action: 'reply', keys: ['enter', 'r'], where: 'log' },
  { action: 'editMessage', keys: ['e'], where: 'log' },
  { action: 'deleteMessage', keys: ['d'], where: 'log' },
  { action: 'react', keys: ['+'], where: 'log' },
  { action: 'unreact', keys: ['-'], where: 'log' },
  { action: 'messageInfo', keys: ['i'], where: 'log' },
  { action: 'copyMessage', keys: ['y'], where: 'log' },
  { action: 'copyMessage', keys: ['Y'], where: 'log', argument: 'all' },
  { action: 'openLink', keys: ['o'], where: 'log' },
  { action: 'markUnread', keys: ['u'], where: 'log' },
  { action: 'oldest', keys: ['home', 'g'], where: 'log' },
  { action: 'newest', keys: ['end', 'G'], where: 'log' },
  { action: 'focusCompose', keys: ['esc'], where: 'log' },
  { action: 'help', keys: ['?'], where: 'log' },

  { action: 'goTo', keys: ['ctrl+k'], where: 'lists' },
  { action: 'choosePrevious', keys: ['up', 'k'], where: 'lists' },
  { action: 'chooseNext', keys: ['down', 'j'], where: 'lists' },
  { action: 'chooseFirst', keys: ['home', 'g'], where: 'lists' },
  { action: 'chooseLast', keys: ['end', 'G'], where: 'lists' },
  { action: 'accept', keys: ['enter'], where: 'lists' },
  { action: 'createGroup', keys: ['n'], where: 'lists' },
  { action: 'joinGroup', keys: ['J'], where: 'lists' },
  { action: 'addContact', keys: ['a'], where: 'lists' },
  { action: 'members', keys: ['m'], where: 'lists' },
  { action: 'group', keys: ['i'], where: 'lists' },
  { action: 'leaveGroup', keys: ['L'], where: 'lists' },
  { action: 'block', keys: ['B'], where: 'lists' },
  { action: 'mute', keys: ['z'], where: 'lists' },
  { action: 'pin', keys: ['p'], where: 'lists' },
  { action: 'markUnread', keys: ['u'], where: 'lists' },
  { action: 'filterList', keys: ['/'], where: 'lists' },
  { action: 'focusCompose', keys: ['esc'], where: 'lists' },
  { action: 'help', keys: ['?'], where: 'lists' },

  { action: 'choosePrevious', keys: ['up', 'ctrl+p'], where: 'overlay' },
  { action: 'chooseNext', keys: ['down', 'ctrl+n'], where: 'overlay' },
  { action: 'choosePageUp', keys: ['pageup'], where: 'overlay' },
  { action: 'choosePageDown', keys: ['pagedown'], where: 'overlay' },
  { action: 'chooseFirst', keys: ['home'], where: 'overlay', when: 'empty' },
  { action: 'chooseLast', keys: ['end'], where: 'overlay', when: 'empty' },
  { action: 'accept', keys: ['enter'], where: 'overlay' },
  { action: 'nextField', keys: ['tab'], where: 'overlay' },
  { action: 'previousField', keys: ['shift+tab'], where: 'overlay' },
  { action: 'close', keys: ['esc', 'ctrl+c', 'ctrl+g'], where: 'overlay' },
  { action: 'redraw', keys: ['ctrl+l'], where: 'overlay' },
  { action: 'suspend', keys: ['ctrl+z'], where: 'overlay' },

  { action: 'searchAll', keys: ['ctrl+f'], where: 'search' },

  { action: 'addMembers', keys: ['a'], where: 'members' },
  { action: 'removeMember', keys: ['x'], where: 'members' },
  { action: 'ban', keys: ['b'], where: 'members' },
  { action: 'setRole', keys: ['o'], where: 'members', argument: 'owner' },
  { action: 'setRole', keys: ['A'], where: 'members', argument: 'admin' },
  { action: 'setRole', keys: ['u'], where: 'members', argument: 'member' },

  { action: 'members', keys: ['m'], where: 'group' },
  { action: 'share', keys: ['s'], where: 'group' },
  { action: 'topic', keys: ['t'], where: 'group' },
  { action: 'addMembers', keys: ['a'], where: 'group' },
  { action: 'invite', keys: ['i'], where: 'group' },
  { action: 'invites', keys: ['I'], where: 'group' },
  { action: 'renameGroup', keys: ['r'], where: 'group' },
  { action: 'bans', keys: ['b'], where: 'group' },
  { action: 'makePublic', keys: ['p'], where: 'group' },
  { action: 'makePrivate', keys: ['P'], where: 'group' },
  { action: 'mute', keys: ['z'], where: 'group' },
  { action: 'pin', keys: ['f'], where: 'group' },
  { action: 'notifyLevel', keys: ['n'], where: 'group' },
  { action: 'leaveGroup', keys: ['L'], where: 'group' },
  { action: 'deleteGroup', keys: ['D'], where: 'group' },

  { action: 'shareReceipts', keys: ['r'], where: 'account' },
  { action: 'away', keys: ['a'], where: 'account' },
  { action: 'busy', keys: ['b'], where: 'account' },
  { action: 'sessions', keys: ['s'], where: 'account' },
  { action: 'password', keys: ['p'], where: 'account' },
  { action: 'logOut', keys: ['o'], where: 'account' },
  { action: 'logOut', keys: ['O'], where: 'account', argument: 'everywhere' },
  { action: 'deleteAccount', keys: ['D'], where: 'account' },

  { action: 'endChosen', keys: ['x', 'delete'], where: 'list' },
  { action: 'endOthers', keys: ['X'], where: 'list' },

  { action: 'choosePrevious', keys: ['up', 'ctrl+p'], where: 'filter' },
  { action: 'chooseNext', keys: ['down', 'ctrl+n'], where: 'filter' },
  { action: 'openFiltered', keys: ['enter'], where: 'filter' },
  { action: 'endFilter', keys: ['esc', 'ctrl+c', 'ctrl+g'], where: 'filter' },
  { action: 'endFilter', keys: ['backspace'], where: 'filter', when: 'empty' },
  { action: 'focusNext', keys: ['tab'], where: 'filter' },
  { action: 'focusPrevious', keys: ['shift+tab'], where: 'filter' },

  { action: 'pasteInsert', keys: ['i'], where: 'longText' },
  { action: 'pasteSplit', keys: ['s'], where: 'longText' },
  { action: 'pasteEdit', keys: ['e'], where: 'longText' },
  { action: 'pasteDiscard', keys: ['d'], where: 'longText' },

  { action: 'copyLine', keys: ['y'], where: 'share' },
  { action: 'copyLine', keys: ['y'], where: 'invite' },

  { action: 'peek', keys: ['z'], where: 'catchUp' },
  { action: 'markRead', keys: ['x'], where: 'catchUp' },
  { action: 'markAllRead', keys: ['X'], where: 'catchUp' },
  { action: 'peek', keys: ['z'], where: 'peek' },
  { action: 'markRead', keys: ['x'], where: 'peek' },
  { action: 'copyLine', keys: ['y'], where: 'links' },
]
