import type { Words } from './words.ts'

/** What is said in line mode and nowhere else. Every one of them is a line of its own. */
export const lineWords = {
  /** How entries are said; the number is how a message is named in commands. */
  entry: {
    inGroup: (group: string, name: string, text: string) => `${group} ${name}: ${text}`,
    from: (name: string, text: string) => `${name}: ${text}`,
    to: (name: string, text: string) => `to ${name}: ${text}`,
    deed: (group: string, deed: string) => `${group} ${deed}`,
    event: (place: string, name: string, what: string) => `${place} * ${name} ${what}`,
    answer: (number: number, text: string) => `(answers ${number}) ${text}`,
    edited: (text: string) => `${text} (edited)`,
    reactions: (text: string, reactions: string) => `${text} (${reactions})`,
    numbered: (line: string, number: number) => `${line} [${number}]`,
    changed: (number: number, text: string) => `changed message ${number} to: ${text}`,
    deleted: (number: number) => `deleted message ${number}`,
    reacted: (number: number, reaction: string) => `put ${reaction} to message ${number}`,
    unreacted: (number: number, reaction: string) => `took ${reaction} back from message ${number}`,
    unknown: 'did what this version does not know',
  },

  /** What has become of one's own message. */
  sent: (line: string) => `${line} sent`,
  waiting: (place: string, text: string) =>
    `Not connected. It is kept, and sent as soon as there is a connection: ${place}: ${text}`,
  refused: (place: string, text: string, reason: string) =>
    `Not sent to ${place}: ${text}. ${reason} /retry sends it again, /discard drops it.`,

  start: {
    connecting: (address: string) => `Connecting to ${address}…`,
    connected: (user: string, address: string) =>
      `Connected to ${address} as ${user}. /help lists the commands, /quit ends.`,
    unread: (n: number, mentions: number, place: string) =>
      mentions === 0
        ? `${n} unread in ${place}.`
        : `${n} unread in ${place}, ${mentions === 1 ? '1 mention' : `${mentions} mentions`}.`,
    noUnread: 'Nothing is unread.',
    open: (place: string, about: string) =>
      `You are in ${place}${about === '' ? '' : `, ${about}`}.`,
    nothingOpen: 'No conversation is open. /goto NAME or /join GROUP opens one.',
    earlier: (n: number) =>
      n === 1
        ? '1 unread message is further up: /history shows it.'
        : `${n} unread messages are further up: /history shows them.`,
    added: (place: string) => `You are in the group ${place} now. /goto ${place} opens it.`,
    missed: (n: number, place: string) =>
      n === 1
        ? `1 entry of ${place} was missed: /history shows it.`
        : `${n} entries of ${place} were missed: /history shows them.`,
  },

  link: {
    lost: (reason: string) => `The connection is lost (${reason}). It is tried again by itself.`,
    back: 'Connected again.',
    stuck: 'The server cannot save anything now. What you say waits here and goes out when it can.',
    unstuck: 'The server can save again.',
    retrying: 'It is tried again by itself. Ctrl-C twice ends.',
  },

  trust: {
    title: (address: string) => `${address} is new to this computer.`,
    words: (words: string) => `Its key in words: ${words}`,
    full: (key: string) => `Its key in full: ${key}`,
    question:
      'Is that the right key? yes remembers it, once connects and remembers nothing, anything else ends.',
    pipe: (address: string, key: string) =>
      `${address} is new to this computer, its key is ${key}. If that is what whoever runs it says: --trust ${key}`,
    changed: (address: string, old: string, now: string) =>
      `the key of ${address} has CHANGED: it was ${old} and is now ${now}. Another server answers there, or someone is in between; nothing was sent. If whoever runs it says that the new key is right: --trust ${now}`,
    no: 'the key is not trusted: nothing was sent',
  },

  logIn: {
    title: (address: string) => `Log in to ${address}.`,
    account: 'Have you an account there? yes or no.',
    name: 'Your name?',
    nameOr: (name: string) => `Your name? An empty line: ${name}.`,
    password: 'Your password? It is not shown while you type.',
    newPassword: 'A password, at least 8 characters? It is not shown while you type.',
    again: 'The same password again?',
    notTheSame: 'The two passwords are not the same.',
    invite: 'The invite: its code, or the whole line that you were given?',
    pipe: (address: string, user: string) =>
      `nobody is logged in at ${address} on this computer: 'tchat login --server ${address}${user === '' ? '' : ` --user ${user}`}' first, or give --user and TCHAT_PASSWORD`,
    over: (reason: string) => `the session is over: ${reason}`,
    gaveUp: 'nobody is logged in',
  },

  end: {
    again: 'Ctrl-C again ends.',
    waiting: (n: number) =>
      n === 1
        ? '1 message was not sent yet. It is kept, and goes out when you connect the next time.'
        : `${n} messages were not sent yet. They are kept, and go out when you connect the next time.`,
  },

  input: {
    lost: (command: string) =>
      `'${command}' has led nowhere: what follows is not done until a /goto, /join or /create has`,
    notUtf8: (line: number) => `line ${line} of the input is not UTF-8: it was passed over`,
    tooLong: (line: number, bytes: number) =>
      `line ${line} of the input is longer than ${bytes} bytes: it was passed over`,
  },

  yes: ['yes', 'y'],
  no: ['no', 'n'],
  once: ['once', 'o'],

  /** Commands that line mode says or does in its own way. */
  history: { usage: '[how many [before which number]]', meaning: 'read back what was said' },
  helpTexts:
    'What begins with no slash is said in the open conversation; //text says what begins with one. A message is named by the number behind it.',
  message: (number: string) => `There is no message ${number} here.`,
  overlay: 'That takes the full screen: tchat connect without --line.',
  inviteNeeded: (group: string) => `${group} is by invitation: /join ${group} and the code.`,
  beginning: (place: string) => `That is the beginning of ${place}.`,
  more: (n: number) => `There are more than these ${n}; more words find fewer.`,
  found: (n: number) => (n === 0 ? 'Nothing found.' : n === 1 ? '1 found.' : `${n} found.`),
  conversation: (number: number, place: string, about: string) =>
    `${number} ${place}${about === '' ? '' : `, ${about}`}`,
  withAbout: (name: string, about: string) => `${name}, ${about}`,
  noContacts: 'There is nobody on your contact list.',
  publicGroups: 'Public groups:',
  names: (place: string, names: string) => `In ${place}: ${names}.`,
  online: (place: string, names: string) =>
    names === '' ? `Nobody else in ${place} is online.` : `Online in ${place}: ${names}.`,
  oneOnline: (name: string, about: string) => `${name} is ${about}.`,
  topic: (place: string, topic: string) =>
    topic === '' ? `${place} has no topic.` : `The topic of ${place}: ${topic}`,
  about: (number: number, when: string, text: string) => `Message ${number}, ${when}, ${text}`,
  reactionsBy: (reaction: string, count: number) => `${reaction} ${count}`,
  groupNameToDelete: (name: string) =>
    `All messages of ${name} are deleted, for everyone, and cannot be had back. Type the name of the group to be sure.`,
  leaveInvite: (group: string) =>
    `${group} is by invitation: you come back by a new invite only. Leave it? yes or no.`,
  stayed: 'Nothing was done.',
  logOutWaiting: (waiting: string) => `${waiting} Log out and lose them? yes or no.`,
  logOutEverywhere: 'Every client of this account is logged out. Go on? yes or no.',
  deleteAccount:
    'You leave all groups; contacts and sessions are deleted, what you said stays, and nobody is ever given your name again. Type your name to be sure.',
  presentPassword: 'The present password?',

  /** Why a command has nothing to do here; where something stands in for it, that. */
  screen: {
    membersPane: '/sidebar is about the full screen. /names says who is here.',
    copyMessage: '/copy is about the full screen. /history shows messages again.',
    previousMention:
      '/mention is about the full screen. /search and your name finds what names you.',
    nextMention:
      '/mention-down is about the full screen. /search and your name finds what names you.',
    zoom: '/zoom is about the full screen: nothing else stands beside the log here.',
    mouse: '/mouse is about the full screen: the mouse is the terminal’s here.',
    focusNext: '/pane is about the full screen: there are no panes here.',
    focusPrevious: '/pane-back is about the full screen: there are no panes here.',
    pageUp: '/page-up is about the full screen. /history reads back.',
    pageDown: '/page-down is about the full screen. /history reads back.',
    oldest: '/top is about the full screen. /history 100 reads far back.',
    newest: '/end is about the full screen: the newest comes by itself here.',
    menu: '/menu is about the full screen. /help lists the commands.',
    theme: '/theme is about the full screen: there are no colours here.',
    redraw: '/redraw is about the full screen: nothing is drawn here.',
    suspend: '/suspend is about the full screen: Ctrl-Z does it here.',
    externalEditor: '/editor is about the full screen. tchat send takes a text of many lines.',
  },

  /** What stands behind a command here, where that is not what the full screen takes. */
  usages: {
    reply: '[number] text',
    editMessage: '[number] text',
    deleteMessage: 'number',
    react: '[number] emoji',
    unreact: '[number] [emoji]',
    messageInfo: '[number]',
    openLink: '[number]',
    markUnread: '[number|off]',
    createGroup: 'group [first members…]',
    renameGroup: 'name',
    addMembers: 'names…',
    search: 'words',
    searchAll: 'words',
    help: '[command]',
    nthConversation: 'number',
  },
}

/** What every language has words for. */
export type LineWords = Words<typeof lineWords>
