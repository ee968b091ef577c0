import { key, keys } from './live-keys.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')

/** The words of the windows in which groups and accounts are managed and messages searched. */
export const windowWords = {
  search: {
    title: (where: string | undefined) =>
      where === undefined ? 'Search everywhere' : `Search ${where}`,
    hint: 'Type words: messages that have all of them are found.',
    searching: 'Searching…',
    nothing: (everywhere: boolean) =>
      everywhere
        ? 'Nothing found.'
        : `Nothing found here. ${key('searchAll', 'search')} searches everywhere.`,
    more: 'More…',
    offline: 'Not connected: searching needs the server.',
    unavailable: `The server cannot search now; its index is being built. ${key('accept')} tries again.`,
    keys: `${CHOOSE} choose · ${key('accept')} go there · ${key('searchAll', 'search')} here/everywhere · ${key('close')} close`,
    keysShort: `${CHOOSE} · ${key('accept')} go · ${key('searchAll', 'search')} here/all · ${key('close')}`,
    notes: 'notes to self',
    somewhere: 'elsewhere',
  },

  group: {
    title: (name: string) => `Group ${name}`,
    topic: (text: string) => `Topic    ${text}`,
    noTopic: 'none',
    access: { unknown: '', public: 'public: anyone may join', invite: 'by invitation only' },
    about: (access: string) => `Entry    ${access}`,
    roles: {
      none: 'you are none',
      member: 'you are one',
      admin: 'you are an admin',
      owner: 'you are an owner',
    },
    members: (count: string, role: string) => `Members  ${count} · ${role}`,
    counted: (online: number, members: number) => `${members}, ${online} online`,
    count: (members: number) => `${members}`,
    keys: `${CHOOSE} choose · ${key('accept')} go · ${key('close')} close`,
  },

  account: {
    title: (name: string) => `Account of ${name}`,
    reading: {
      shown: 'Others see what you have read.',
      hidden: 'Others do not see what you have read.',
    },
    unknown: 'Whether others see what you have read: asking…',
    keys: `${CHOOSE} choose · ${key('accept')} go · ${key('close')} close`,
  },

  /** Rows that say more than the command does. */
  special: {
    'logOut everywhere': 'log out here and everywhere',
    shareReceipts: 'show others what you read, or not',
    invite: 'make an invite',
    members: 'its members',
    share: 'the line to share',
    leaveGroup: 'leave it',
    renameGroup: 'rename it',
    makePublic: 'make it public',
    makePrivate: 'make it by invitation',
    deleteGroup: 'delete it',
    bans: 'who is banned',
  },

  sessions: {
    title: 'Your sessions',
    current: 'this one',
    now: 'in use now',
    used: (when: string) => `used ${when}`,
    created: (when: string) => `since ${when}`,
    none: 'There is no session.',
    keys: `${CHOOSE} · ${key('endChosen', 'list')} end it · ${key('endOthers', 'list')} end all others · ${key('close')} close`,
  },

  bans: {
    title: (group: string) => `Banned from ${group}`,
    none: 'Nobody is banned.',
    keys: `${CHOOSE} choose · ${key('endChosen', 'list')} let back in · ${key('close')} close`,
  },

  invites: {
    title: (group: string) => (group === '' ? 'Your invites' : `Invites to ${group}`),
    none: 'There is no invite that is still good. /invite makes one.',
    uses: (used: number, uses: number) => `${used} of ${uses} used`,
    until: (when: string) => `until ${when}`,
    by: (name: string) => `by ${name}`,
    keys: `${key('accept')} show the line · ${key('endChosen', 'list')} revoke · ${key('close')} close`,
  },

  invite: {
    title: (group: string) => (group === '' ? 'An invite' : `An invite to ${group}`),
    paste: 'Whoever pastes this line is let in; pass it on in private.',
    join: (group: string, code: string) => `Who is on this server already: /join ${group} ${code}`,
    lasts: (left: number, when: string) =>
      left === 1
        ? `It lets in one person, until ${when}.`
        : `It lets in ${left} people, until ${when}.`,
    keys: `${key('copyLine', 'invite')} copy the line · ${key('close')} close`,
  },

  asks: {
    no: 'No, go back',
    keys: `${CHOOSE} choose · ${key('accept')} go · ${key('close')} close`,
    removeMember: {
      title: (name: string, group: string) => `Remove ${name} from ${group}?`,
      help: 'They see nothing more of it. They can come back when they are let in again.',
      yes: 'Remove',
    },
    ban: {
      title: (name: string, group: string) => `Ban ${name} from ${group}?`,
      help: 'They are put out and cannot come back until the ban is lifted.',
      yes: 'Ban',
    },
    unban: {
      title: (name: string, group: string) => `Let ${name} back into ${group}?`,
      help: 'They may join again; they are not added by this.',
      yes: 'Lift the ban',
    },
    makeOwner: {
      title: (name: string, group: string) => `Make ${name} an owner of ${group}?`,
      help: 'An owner may do everything, and take it from you, too.',
      yes: 'Make them an owner',
    },
    block: {
      title: (name: string) => `Block ${name}?`,
      help: 'You take no direct messages from them; they cannot add you to groups, nor see when you are online, write or read. They learn of it when they try. In groups that you share, each still sees what the other says.',
      yes: 'Block',
    },
    revoke: {
      title: (code: string) => `Revoke the invite ${code}?`,
      help: 'It lets nobody in any more. Whoever is in stays.',
      yes: 'Revoke',
    },
    endSession: {
      title: (device: string) => `End the session of ${device}?`,
      help: 'It is logged out at once.',
      yes: 'End it',
    },
    endOthers: {
      title: (_: string) => 'End all other sessions?',
      help: 'Every other client of this account is logged out at once.',
      yes: 'End them',
    },
    logOutEverywhere: {
      title: (_: string) => 'Log out here and everywhere?',
      help: 'Every client of this account is logged out. Messages that wait here are lost.',
      yes: 'Log out everywhere',
    },
  },

  forms: {
    keys: `${key('nextField')} next · ${key('accept')} go · ${key('close')} close`,
    keysOne: `${key('accept')} go · ${key('close')} close`,
    topic: {
      title: (group: string) => `Topic of ${group}`,
      labels: ['Topic'],
      help: ['One line; an empty one takes it away.'],
    },
    renameGroup: {
      title: (group: string) => `Rename ${group}`,
      labels: ['New name'],
      help: ['Its members, messages and invites stay.'],
    },
    addMembers: {
      title: (group: string) => `Add members to ${group}`,
      labels: ['Names'],
      help: ['Names with spaces between.'],
    },
    deleteGroup: {
      title: (group: string) => `Delete ${group}`,
      labels: ['Its name'],
      help: [
        'All its messages are deleted, for everyone, and cannot be had back.',
        'Type the name of the group to be sure.',
      ],
    },
    inviteCode: {
      title: (group: string) => `${group} is by invitation`,
      labels: ['Invite'],
      help: ['The code, or the whole line, that a member gave you. Members make one with /invite.'],
    },
    password: {
      title: (_: string) => 'Change the password',
      labels: ['Present one', 'New one', 'New, again'],
      help: ['At least 8 characters. All other sessions end.'],
    },
    deleteAccount: {
      title: (_: string) => 'Delete this account',
      labels: ['Password', 'Your name'],
      help: [
        'You leave all groups; contacts and sessions are deleted. What you said stays, and nobody is ever given your name again. Type your name to be sure.',
      ],
    },
    waiting: (n: number) =>
      n === 1
        ? '1 message was not sent yet and would be lost.'
        : `${n} messages were not sent yet and would be lost.`,
    notTheName: (name: string) => `That is not the name: it is ${name}.`,
    notTheSame: 'The two new passwords are not the same.',
    missing: (label: string) => `Missing: ${label}.`,
  },

  done: {
    topic: (group: string) => `The topic of ${group} is set.`,
    renamed: (group: string) => `The group is ${group} now.`,
    added: (names: string, group: string) =>
      `${names} ${names.includes(',') ? 'are' : 'is'} in ${group} now.`,
    removed: (name: string, group: string) => `${name} is not in ${group} any more.`,
    banned: (name: string, group: string) => `${name} is banned from ${group}.`,
    unbanned: (name: string, group: string) => `${name} may come back to ${group}.`,
    role: {
      none: (name: string) => `${name} is no member.`,
      member: (name: string) => `${name} is a plain member now.`,
      admin: (name: string) => `${name} is an admin now.`,
      owner: (name: string) => `${name} is an owner now.`,
    },
    public: (group: string) => `${group} is public: anyone may join.`,
    private: (group: string, history: boolean) =>
      history
        ? `${group} is by invitation; newcomers can read back.`
        : `${group} is by invitation; newcomers cannot read back.`,
    groupDeleted: (group: string) => `${group} is deleted.`,
    blocked: (name: string) => `No direct messages from ${name} now; /unblock undoes it.`,
    unblocked: (name: string) => `You take direct messages from ${name} again.`,
    revoked: 'The invite is revoked.',
    sessionEnded: 'The session is ended.',
    othersEnded: 'All other sessions are ended.',
    password: 'The password is changed; all other sessions ended.',
    accountDeleted: 'The account is deleted.',
    receipts: {
      shown: 'Others see what you have read.',
      hidden: 'Others do not see what you have read.',
    },
    notBanned: (name: string, group: string) => `${name} is not banned from ${group}.`,
    notBlocked: (name: string) => `${name} is not blocked.`,
    needs: {
      admin: (group: string) => `Only admins and owners of ${group} may do that.`,
      owner: (group: string) => `Only owners of ${group} may do that.`,
    },
    inviteNumbers: (uses: number, days: number) =>
      `An invite is for 1 to ${uses} people and lasts 1 to ${days} days.`,
    onlyPeople: `Only people can be blocked; ${key('leaveGroup', 'lists')} leaves a group.`,
    onlyGroups: 'That is about a group: open one first.',
    roleWords: 'Write owner, admin or member behind the name.',
    elsewhere: (address: string) =>
      `That line leads to another server: leave this one and connect to ${address}.`,
    noGroup: 'That line leads to this server, but to no group.',
    history: 'Write /private, or /private history.',
    onOff: 'Write on or off.',
    everywhere: 'Write /logout, or /logout everywhere.',
    leftTo: (name: string) => `You are its last owner: ${name} will be the next.`,
    leftToNobody: {
      unknown:
        'You are its last member. A public group keeps its messages, one by invitation ends.',
      public: 'You are its last member. It keeps its messages: anyone may join it later.',
      invite: 'You are its last member: it ends when you leave.',
    },
    notFound: 'The message cannot be shown: it is in no conversation of yours.',
  },

  /** What to do about a refusal; the server's own words stand before it. */
  advice: {
    registrationClosed: 'Whoever runs the server can make an account for you.',
    badInvite: 'Ask whoever invited you for a new one.',
    banned: 'Its admins can lift that.',
    storageFull: 'Whoever runs the server must make room.',
  },
}
