import { key, keys } from './live-keys.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')

/** The words of what helps with writing: pastes, the editor, completion, looking through what was sent. */
export const writingWords = {
  longText: {
    title: (lines: number, size: string) =>
      lines === 1 ? `Paste ${size} as…` : `Paste ${lines} lines, ${size}, as…`,
    titleSent: (lines: number, size: string) =>
      lines === 1 ? `Send ${size} as…` : `Send ${lines} lines, ${size}, as…`,
    tooLong: (size: string, most: string) => `It makes ${size}; a message holds ${most}.`,
    split: (parts: number) => `send as ${parts} messages, in order`,
    keys: `${CHOOSE} choose · ${key('accept')} do · ${key('close')} not now: ${key('edit.yank', 'compose')} puts it in`,
    keysSent: `${CHOOSE} choose · ${key('accept')} do · ${key('close')} go on writing`,
    kept: `Not put in. ${key('edit.yank', 'compose')} puts it in after all.`,
    nowLong: (size: string, most: string) =>
      `The text makes ${size}, a message holds ${most}: ${key('send', 'compose')} asks how to send it.`,
  },

  history: {
    label: 'history: ',
    keys: `${key('edit.searchHistory', 'compose')} older · ${key('edit.searchAccept', 'compose')} take · ${key('edit.searchCancel', 'compose')} back`,
    none: 'nothing sent here has that in it',
    noneOlder: 'nothing older here has that in it',
  },

  editor: {
    none: 'No editor was found: name one in $EDITOR, or as compose.editor in the configuration file.',
    notFound: 'there is no such program',
    exitCode: (code: number) => `it ended with code ${code}`,
    failed: (command: string, reason: string) =>
      `The editor (${command}) failed: ${reason}. Your text is as it was.`,
    failedSaved: (command: string, reason: string) =>
      `The editor (${command}) failed: ${reason}. Your text is as it was; ${key('edit.yank', 'compose')} puts in what the editor saved.`,
  },
}

export type EditorWords = typeof writingWords.editor
