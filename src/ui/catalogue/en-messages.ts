import { key, keys } from './live-keys.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')

/** The words of what is done with messages: answering, editing, reactions, receipts, who is writing. */
export const messageWords = {
  deleted: 'deleted',
  deletedByOther: (name: string) => `deleted by ${name}`,
  edited: '(edited)',
  furtherUp: 'a message further up',
  gone: 'That message is not here any more.',
  none: 'There is no message here for that.',
  notOwn: 'Only what you said yourself can be edited.',
  notDeletable: 'Only your own messages can be deleted; in a group its admins delete others, too.',
  notReaction: 'A reaction is an emoji, a name like :tada: or a short word without blanks.',
  nothingPut: 'You put no reaction to that message.',
  whichReaction: (all: string) => `Which one? You put ${all}: /unreact and one of them.`,
  offline:
    'Not connected: changing a message needs the server. New messages are kept and sent later.',
  editedNow: 'Edited.',
  notEdited: 'Not edited; the message stays as it was.',
  editNeedsText: 'An edited message needs a text; /delete takes it away.',

  composing: {
    reply: (quote: string) => `replying to ${quote}`,
    edit: (quote: string) => `editing ${quote}`,
  },
  composingKeys: `${key('cancelComposing', 'compose')} cancels`,

  typing: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} is writing…`
      : names.length === 2
        ? `${names[0]} and ${names[1]} are writing…`
        : `${names.length} people are writing…`,

  delete: {
    title: 'Delete this message for everybody?',
    yes: 'Delete',
    no: 'Keep',
  },

  react: {
    title: 'React',
    takesBack: `yours; ${key('accept')} takes it back`,
    nothing: 'A reaction is an emoji or a short word without blanks.',
    keys: `type an emoji or :name: · ${CHOOSE} choose · ${key('accept')} put · ${key('close')} close`,
  },

  info: {
    title: 'About this message',
    keys: `${CHOOSE} scroll · ${key('close')} close`,
    counts: (read: number, delivered: number, of: number) =>
      of === 0 ? 'Nobody else is here.' : `Read by ${read} of ${of}, delivered to ${delivered}.`,
    stages: { read: 'has read it', delivered: 'has it', waits: 'gets it at the next log-in' },
  },

  whois: {
    id: (id: string) => `id ${id}`,
    online: 'online',
    offline: 'not online',
    contact: 'on your contact list',
    blocked: 'blocked by you: no direct messages, no adding you to groups',
    groups: (names: string) => `with you in ${names}`,
    keys: `${key('close')} close`,
  },
}
