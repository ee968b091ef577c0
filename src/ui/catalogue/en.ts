import type { KeyPlace } from '../input/keymap.ts'
import { keymapWords } from '../input/keymap-words.ts'
import { attentionWords, preferencesWords, statusWords } from './en-attention.ts'
import { configurationWords } from './en-configuration.ts'
import { faultWords } from './en-faults.ts'
import { keyLogWords } from './en-keys.ts'
import { readingWords } from './en-log.ts'
import { memoryWords } from './en-memory.ts'
import { messageWords } from './en-messages.ts'
import { windowWords } from './en-windows.ts'
import { writingWords } from './en-writing.ts'
import { key, keys } from './live-keys.ts'
import type { Words } from './words.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')
const MEMBER_KEYS = [
  `${key('addMembers', 'members')} add`,
  `${key('removeMember', 'members')} remove`,
  `${key('ban', 'members')} ban`,
  `${key('setRole', 'members', 'owner')} ${key('setRole', 'members', 'admin')} ${key('setRole', 'members', 'member')} role`,
  key('close'),
].join(' · ')

/** Every word of the interface, in English. Another language has the same keys. */
export const en = {
  product: 'tchat',
  tooSmall: (columns: number, rows: number) => `Too small: min ${columns}x${rows}`,
  /** In which dates are written. */
  locale: 'en-GB',

  lists: {
    contacts: 'CONTACTS',
    groups: 'GROUPS',
    members: 'MEMBERS',
    newCount: (n: number) => `${n} new`,
    waiting: (n: number) => `${n} queued`,
    refused: (n: number) => `✗ ${n} refused`,
    blocked: 'blocked',
    /** Given the keys of those. */
    keys: (create: string, join: string, add: string) => `${create} new  ${join} join  ${add} add`,
    keysWide: (create: string, join: string, add: string) =>
      `${create} new · ${join} join · ${add} add`,
    keysNarrow: (create: string, join: string) => `${create} new ${join} join`,
    keysFilter: () => `${key('openFiltered', 'filter')} open  ${key('endFilter', 'filter')} all`,
    membersKeys: `${key('group', 'lists')} info · ${key('leaveGroup', 'lists')} leave group`,
    notes: 'notes to self',
  },

  header: {
    unread: (n: number, mentions: number) =>
      n === 0 ? '' : mentions === 0 ? `${n} unread` : `${n} unread @${mentions}`,
    help: (key: string) => `${key} help`,
    outbox: (n: number) => (n === 0 ? '' : `outbox ${n}`),
    refused: (n: number) => (n === 0 ? '' : `✗ ${n} refused`),
  },

  link: {
    offline: 'offline',
    connecting: 'connecting…',
    online: (ms: number | undefined) => (ms === undefined ? 'online' : `online ${ms}ms`),
    waiting: (seconds: number) => `lost, next try in ${seconds} s`,
    silent: (seconds: number) => `no answer for ${seconds} s`,
    stuck: 'the server cannot save now',
    stuckWaiting: (seconds: number) => `the server cannot save now, next try in ${seconds} s`,
    blocked: 'not connected',
  },

  log: {
    you: 'you',
    newLine: (n: number) => `${n} new`,
    below: (n: number, mentions: number) =>
      mentions === 0 ? `↓ ${n} new` : `↓ ${n} new (${mentions} @)`,
    belowNone: (place: KeyPlace) => `↓ ${key('newest', place)}: newest`,
    loading: 'loading…',
    loadFailed: 'older messages could not be loaded; scroll to try again',
    beginning: (title: string) => `the beginning of ${title}`,
    joinedHere: (title: string) => `you joined ${title} here`,
    beginningWith: (name: string) => `the beginning of your chat with ${name}`,
    hole: (n: number) => `${n} not loaded yet`,
    created: 'created the group',
    joined: 'joined',
    quit: 'left',
    added: (name: string) => `added ${name}`,
    removed: (name: string) => `removed ${name}`,
    banned: (name: string) => `banned ${name}`,
    role: {
      none: (name: string) => `changed what ${name} may do`,
      member: (name: string) => `made ${name} a plain member`,
      admin: (name: string) => `made ${name} an admin`,
      owner: (name: string) => `made ${name} an owner`,
    },
    renamed: (name: string) => `renamed the group to #${name}`,
    topic: (text: string) => (text === '' ? 'took the topic away' : `set the topic: ${text}`),
    access: (invite: boolean) =>
      invite ? 'made the group one by invitation' : 'made the group public',
    ended: 'ended the group',
    refused: (reason: string) => `not sent: ${reason}. /retry sends it again, /discard drops it`,
    online: (online: number, members: number) => `${online}/${members} online`,
    members: (n: number) => (n === 1 ? '1 member' : `${n} members`),
    isOnline: 'online',
    isGone: 'this account is gone',
    isOffline: 'offline; messages wait until the next log-in',
    notes: 'only you can read this',
    empty: 'Nothing here yet. Write the first message.',
    none: 'No conversation is open.',
    welcome: (title: string) => `You are in ${title}.`,
    onlineNow: (names: string) => `Online: ${names}`,
    nobodyElse: 'Nobody else is online now.',
    publicGroups: (groups: string) => `Public groups: ${groups}`,
    group: (name: string, members: number) => `#${name} (${members})`,
    share: 'Others connect with (/share to copy it):',
    firstKeys: (lists: string, add: string, create: string, join: string) =>
      `${lists}, then  ${add} add contact   ${create} new group   ${join} join group`,
  },

  composer: {
    prompt: '> ',
    placeholder: {
      compose: 'type a message, /command, or @name',
      log: `reading back · ${key('focusCompose', 'log')} to write`,
      people: `in the list · ${key('accept', 'lists')} opens, ${key('focusCompose', 'lists')} to write`,
      groups: `in the list · ${key('accept', 'lists')} opens, ${key('focusCompose', 'lists')} to write`,
    },
    /** What keys do; the keys are put before them. */
    hints: {
      send: 'send',
      newline: 'newline',
      goTo: 'go to',
      nextUnread: 'next unread',
      menu: 'menu',
      help: 'help',
      choose: 'choose',
      reply: 'reply',
      edit: 'edit',
      delete: 'delete',
      react: 'react',
      info: 'info',
      copy: 'copy',
      link: 'open link',
      write: 'write',
      open: 'open',
      filter: 'filter',
      nextPane: 'next pane',
    },
  },

  start: {
    title: 'Chat that lives in the terminal',
    host: 'Host here',
    hostHelp: 'start a server on this computer and chat',
    connect: 'Connect to…',
    connectHelp: 'a server that someone else runs',
    recent: (address: string, user: string) => (user === '' ? address : `${user}@${address}`),
    recentTitle: 'Recent servers',
    keys: '↑↓ choose · Enter go · q quit',
    hosting: 'Starting a server…',
    hostFailed: 'The server could not be started',
    otherPort: 'Use any free port',
    connectLocal: 'Connect to the server that is running here',
    back: 'Back',
  },

  address: {
    title: 'Connect to a server',
    label: 'Address',
    help: 'HOST, HOST:PORT or [IPv6]:PORT; the port is 8000 when it is left out. Or paste the whole line that you were given: tchat://…',
    keys: 'Enter connect · Esc back',
  },

  connecting: {
    title: (address: string) => `Connecting to ${address}…`,
    keys: 'Esc cancel',
  },

  failed: {
    title: (address: string) => `No connection to ${address}`,
    next: (seconds: number) => `Next try in ${seconds} s`,
    trying: 'Trying again…',
    waiting: (n: number) =>
      n === 1
        ? '1 message waits here and goes out when the server is back.'
        : `${n} messages wait here and go out when the server is back.`,
    retry: 'Retry now',
    edit: 'Edit address',
    back: 'Back',
    keys: '↑↓ choose · Enter go · Esc back',
  },

  trust: {
    title: (address: string) => `${address} is new to this computer`,
    why: 'Ask whoever runs it whether its key is this one; tchat --serve prints it.',
    words: 'In words',
    hex: 'In full',
    trust: 'Trust',
    trustHelp: 'remember the key',
    once: 'Once',
    onceHelp: 'connect, remember nothing',
    cancel: 'Cancel',
    keys: '↑↓ choose · Enter go · Esc cancel',
  },

  changedKey: {
    title: (address: string) => `The key of ${address} has CHANGED`,
    why: 'Another server answers there, or someone is in between. Nothing was sent.',
    old: 'It was',
    new: 'It is now',
    advice: (address: string) =>
      `If whoever runs it says that the new key is right: npx tchat connect ${address} --trust and the new key.`,
    back: 'Back',
    keys: 'Enter back',
  },

  logIn: {
    title: (address: string) => `Log in to ${address}`,
    name: 'Name',
    password: 'Password',
    invite: 'Invite',
    noInvite: 'That line has no invite in it.',
    notInvite: (chars: number) =>
      `That is no invite: it is a code of ${chars} characters. Paste the code or the whole line.`,
    inviteHelp: 'Accounts are made by invitation here: paste the code or the line.',
    logIn: 'Log in',
    create: 'Create account',
    busy: 'One moment…',
    plaintext: 'This connection is NOT encrypted.',
    nameMissing: 'A name is needed.',
    passwordMissing: 'A password is needed.',
    keys: 'Tab next · Enter go · Esc back',
    ended: (reason: string) => reason,
  },

  goTo: {
    title: 'Go to',
    write: (name: string) => `Write to "${name}"`,
    create: (name: string) => `Create group "${name}"`,
    join: (name: string) => `Join group "${name}"`,
    nothing: 'nothing found',
    keys: `${CHOOSE} choose · ${key('accept')} go · ${key('close')} close`,
    person: 'person',
    gone: 'account is gone',
    group: 'group',
    joins: (n: number) => `join · ${n === 1 ? '1 member' : `${n} members`}`,
    notes: 'notes to self',
  },

  menu: {
    title: 'Ctrl-X then…',
    page: (page: number, pages: number) => `Ctrl-X then… ${page}/${pages}`,
    // All keys but these are rows of the menu, so they cannot be others.
    keys: 'Esc close',
    turn: '↑↓ page · Esc close',
  },

  createGroup: {
    title: 'Create group',
    name: 'Name',
    members: 'First members',
    membersHelp: 'names with spaces between; you are a member anyway',
    who: 'Who may enter',
    whoHelp: 'Space changes it; members can be added later',
    entry: { public: 'anyone', invite: 'by invitation' },
    keys: `${key('nextField')} next · ${key('accept')} create · ${key('close')} close`,
  },

  joinGroup: {
    title: 'Join group',
    members: (n: number) => (n === 1 ? '1 member' : `${n} members`),
    joined: 'joined',
    nothing: 'no public group begins so',
    keys: `${CHOOSE} choose · ${key('accept')} join · ${key('close')} close`,
  },

  addContact: {
    title: 'Add contact',
    name: 'Name',
    keys: `${key('accept')} add · ${key('close')} close`,
  },

  members: {
    title: (group: string) => `Members of ${group}`,
    keys: `${CHOOSE} choose · ${key('accept')} write · ${key('close')} close`,
    keysAdd: `${CHOOSE} choose · ${key('accept')} write · ${key('addMembers', 'members')} add · ${key('close')} close`,
    keysAdmin: `${key('accept')} write · ${key('addMembers', 'members')} add · ${key('removeMember', 'members')} remove · ${key('ban', 'members')} ban · ${key('close')} close`,
    keysOwner: `${key('accept')} write · ${MEMBER_KEYS}`,
    keysOwnerShort: MEMBER_KEYS,
    roles: { none: '', member: '', admin: 'admin', owner: '★ owner' },
    /** Who came with version 1 of the protocol: their password is no secret, nor is what is said to them. */
    classic: 'v1',
    onlyGroups: 'Only a group has members.',
    leaveIsForGroups: '/leave is for groups; /remove NAME drops a contact.',
  },

  help: {
    title: 'Keys and commands',
    keys: `${CHOOSE} ${keys('choosePageUp', 'choosePageDown')} scroll · ${keys('chooseFirst', 'chooseLast')} · ${key('close')} close`,
    commands: 'Commands',
    also: (meaning: string, others: string) => `${meaning}; also ${others}`,
    places: {
      anywhere: 'Everywhere',
      compose: 'While writing',
      text: 'In every text',
      log: `While reading back (${key('focusLog', 'compose')})`,
      lists: `In the lists (${key('focusNext', 'compose')})`,
      overlay: 'In a window like this',
      search: 'In the search',
      members: 'Among the members',
      group: 'In the window of a group',
      account: 'In the window of the account',
      list: 'In lists of sessions, invites, bans',
      share: 'In the window of a share line or an invite',
      invite: 'In the window of an invite',
      longText: 'When a long text was pasted',
      catchUp: 'When you catch up',
      peek: 'While you look at what is new',
      links: 'Among the addresses of a message',
      filter: 'While a list is narrowed down',
    },
  },

  share: {
    title: 'Others connect with',
    key: 'The key of this server, to compare:',
    hereOnly: 'That address is of this computer alone: others need the server’s own in its place.',
    copied:
      'Sent to the clipboard; whether it gets there depends on the terminal (tmux: set-clipboard on).',
    keys: `${key('copyLine', 'share')} copy the line · ${key('close')} close`,
  },

  leave: {
    title: (group: string) => `Leave ${group}?`,
    yes: 'Leave',
    no: 'Stay',
    keys: `${CHOOSE} choose · ${key('accept')} go · ${key('close')} close`,
  },

  quit: {
    title: 'You are hosting the server here.',
    connected: (n: number | undefined) =>
      n === undefined
        ? 'Counting who is connected…'
        : n === 0
          ? 'Nobody else is connected.'
          : n === 1
            ? '1 other is connected.'
            : `${n} others are connected.`,
    elsewhere: {
      title: 'A server that you started still runs here.',
      connected: (n: number | undefined) =>
        n === undefined
          ? 'Counting who is connected to it…'
          : n === 0
            ? 'Nobody is connected to it.'
            : n === 1
              ? '1 person is connected to it.'
              : `${n} people are connected to it.`,
    },
    keep: 'Keep serving',
    keepHelp: 'the server goes on without this window',
    stop: 'Stop the server',
    stopHelp: 'all are cut off; nothing is lost',
    stay: 'Stay here',
    again: `Press ${key('quitTwice', 'compose')} again to quit`,
  },

  /** Said on the shell's screen. */
  closing: {
    failed: (reason: string) => `tchat: the outbox could not be closed: ${reason}`,
    late: 'it took too long',
    goesOn: (address: string, pid: number) =>
      `tchat: the server goes on at ${address}; stop it with: kill ${pid}`,
  },

  logOut: {
    title: (n: number) =>
      n === 1 ? '1 message was not sent yet.' : `${n} messages were not sent yet.`,
    help: 'Logging out leaves nothing behind: they would be lost.',
    stay: 'Stay logged in',
    yes: 'Log out and lose them',
  },

  notices: {
    unknownCommand: (name: string) => `No command /${name}: see /help; //${name} is a text.`,
    otherCommand: (name: string, meant: string) =>
      `No command /${name}: did you mean ${meant}? //${name} is a text.`,
    /** Commands of other programs for what is done in another way here. */
    elsewhere: {
      nick: 'An account keeps its name: what others see is what you logged in with.',
      close: 'Nothing needs closing here: /leave leaves a group, /mute keeps one quiet.',
    },
    groupIsHere: (name: string) =>
      `/group is about the group that is open: /goto #${name} opens one, /create ${name} makes one.`,
    noReason: (usage: string) => `Write it so: ${usage}. A reason is not shown to anybody.`,
    commandIsOneLine: 'A command is one line: delete the lines below it.',
    pasted: (lines: number) =>
      `${lines} lines pasted: ${key('send', 'compose')} sends them as one message`,
    usage: (usage: string) => `Write it so: ${usage}`,
    saidTo: (name: string) => `Said to ${name}.`,
    refused: (reason: string) => `Something was not sent: ${reason}. /retry or /discard it.`,
    nothingOpen: `Open a conversation first: ${key('goTo', 'compose')}.`,
    noUnread: 'Nothing is unread.',
    noUnreadHere: 'Nothing is unread here.',
    noConversation: (n: string) => `There is no conversation ${n}.`,
    added: (name: string) => `${name} is a contact now.`,
    removed: (name: string) => `${name} is no contact any more.`,
    removedButListed: (name: string) =>
      `${name} is no contact now; your conversation stays listed.`,
    left: (group: string) => `You left ${group}.`,
    joined: (group: string) => `You are in ${group}.`,
    created: (group: string) => `${group} is made.`,
    notOnline: 'Not connected: that needs the server. Messages are kept and sent later.',
    notDone: (command: string) =>
      `Not connected: ${command} needs the server, so nothing was done. ${key('edit.up', 'compose')} brings it back.`,
    perhapsDone: (command: string) =>
      `The connection was lost before the answer to ${command} came: perhaps it was done. ${key('edit.up', 'compose')} brings it back.`,
    retried: (n: number) => `${n} sent again.`,
    retriedLater: (n: number) => `Not connected: ${n} will be sent again with the connection.`,
    discarded: (n: number) => `${n} dropped.`,
    nothingRefused: 'Nothing was refused here.',
    tooLong: (bytes: number, max: number) =>
      `The text has ${bytes} bytes, ${max} is the most. Cut it in two.`,
    noKey: (key: string) => `Ctrl-X ${key} does nothing; Ctrl-X shows what there is.`,
    loggedOut: 'You are logged out.',
    hosted: {
      stopped: 'The server that ran here is stopped: nobody used it.',
      goesOn: (address: string, n: number) =>
        `Your server at ${address} goes on: ${n === 1 ? '1 person uses' : `${n} people use`} it.`,
      restarted: (how: string) => `Your server had ended (${how}); it was started again.`,
      lost: (how: string, why: string) =>
        `Your server has ended (${how}), and was not started again${why === '' ? '' : `: ${why}`}. 'tchat doctor' says where its log is.`,
    },
    nobodyNamed: (name: string) => `There is no user ${name}.`,
    noGroupNamed: (name: string) => `There is no group #${name}.`,
    putOut: {
      removed: (group: string, by: string) => `${by} removed you from ${group}.`,
      banned: (group: string, by: string) =>
        `${by} banned you from ${group}: you cannot come back.`,
      ended: (group: string, by: string) => `${by} ended ${group}: it is no more.`,
    },
  },

  /** What stands behind a command, as the table of actions has it: '[group [invite]]'. */
  usage: (form: string): string => form,

  faults: faultWords,

  windows: windowWords,

  status: statusWords,

  preferences: preferencesWords,

  attention: attentionWords,
  memory: memoryWords,

  configuration: configurationWords,
  keyLog: keyLogWords,
  messages: messageWords,

  reading: readingWords,

  ...writingWords,

  /** What keys do that no slash command does. */
  keys: keymapWords,

  actions: {
    goTo: 'go to anyone, any group',
    message: 'say something to somebody without leaving this',
    createGroup: 'create a group',
    joinGroup: 'join a group',
    search: 'search, here or all',
    searchAll: 'search everywhere',
    group: 'about this group',
    topic: 'set the topic',
    renameGroup: 'rename this group',
    addMembers: 'add members',
    invite: 'an invite, as a line; names: add them',
    invites: 'invites that are still good',
    removeMember: 'remove a member',
    ban: 'ban somebody',
    unban: 'lift a ban',
    bans: 'who is banned from it',
    setRole: 'make owner, admin, member',
    makePublic: 'make this group public',
    makePrivate: 'let people in by invitation only',
    deleteGroup: 'delete this group',
    block: 'take no direct messages of somebody',
    unblock: 'take them again after /block',
    account: 'account and settings',
    sessions: 'your sessions',
    password: 'change the password',
    deleteAccount: 'delete the account',
    shareReceipts: 'show others what you read',
    leaveGroup: 'leave this group',
    members: 'members of this group',
    membersPane: 'members beside the log',
    theme: 'other colours',
    share: 'how others connect',
    addContact: 'add a contact',
    removeContact: 'remove a contact',
    nextUnread: 'next unread',
    catchUp: 'catch up on what is new',
    mute: 'mute, or unmute',
    pin: 'pin, or unpin',
    markUnread: 'mark unread from here',
    notifyLevel: 'what you are told of it',
    away: 'be away, or back',
    busy: 'do not disturb: on, off',
    lastConversation: 'last conversation',
    nextConversation: 'next conversation',
    previousConversation: 'previous conversation',
    nthConversation: 'conversation 1 to 9',
    focusNext: 'next pane',
    focusPrevious: 'pane before',
    pageUp: 'scroll up',
    pageDown: 'scroll down',
    selectPrevious: 'message above',
    selectNext: 'message below',
    reply: 'reply to a message',
    editMessage: 'edit your message',
    deleteMessage: 'delete a message',
    react: 'react to a message',
    unreact: 'take a reaction back',
    messageInfo: 'who has read a message',
    copyMessage: 'copy a message',
    openLink: 'open an address',
    previousMention: 'mention of you above',
    nextMention: 'mention of you below',
    zoom: 'the log alone, to copy',
    mouse: 'mouse on or off',
    me: 'say what you are doing',
    whois: 'who somebody is',
    oldest: 'oldest message',
    newest: 'newest message',
    firstUnread: 'first unread message',
    retry: 'send the refused again',
    discard: 'drop the refused',
    reconnect: 'try to connect now',
    logOut: 'log out, leave nothing',
    help: 'this help',
    menu: 'menu of everything else',
    redraw: 'draw the screen again',
    suspend: 'suspend; fg comes back',
    externalEditor: 'write in your own editor',
    quit: 'quit',
  },
}

/** What every language has words for. */
export type Catalogue = Words<typeof en>
