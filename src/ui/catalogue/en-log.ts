import { key, keys } from './live-keys.ts'

/** The people of entries that are folded into one line. */
export type FoldedPeople = Readonly<
  Record<'joined' | 'added' | 'left' | 'passed' | 'returned', readonly string[]>
>

/** The words of reading: folded lines, addresses, copying, mentions, the zoomed log, the mouse. */
export const readingWords = {
  /** 'alice, bob and 3 others joined, carol left' */
  folded: ({ joined, added, left, passed, returned }: FoldedPeople) =>
    [
      joined.length === 0 ? '' : `${listed(joined)} joined`,
      added.length === 0 ? '' : `${listed(added)} ${added.length === 1 ? 'was' : 'were'} added`,
      left.length === 0 ? '' : `${listed(left)} left`,
      passed.length === 0 ? '' : `${listed(passed)} came and went`,
      returned.length === 0 ? '' : `${listed(returned)} left and came back`,
    ]
      .filter((part) => part !== '')
      .join(', '),
  /** Behind a folded line that is selected. */
  unfold: `· ${key('reply', 'log')} shows each`,
  /** Below the first rows of a very long text. */
  moreRows: (n: number) => `… ${n} more rows · select it: ${key('messageInfo', 'log')} shows all`,
  copied: 'Copied, if this terminal lets programs copy (in tmux: set-clipboard on).',
  copyTooLong: (bytes: number, max: number) =>
    `That is ${bytes} bytes; terminals take ${max} at most. Select it with the mouse: ${key('zoom', 'log')}.`,
  noLink: 'There is no address in that message.',
  opened: (url: string) => `Opening ${url}`,
  linkCopied: (url: string) => `No browser is on this side: copied instead, ${url}`,
  notOpened: (program: string, reason: string) =>
    `${program} did not open it: ${reason}. Copied instead.`,
  noMention: 'You are not mentioned further up here.',
  noMentionBelow: 'You are not mentioned further down here.',
  noMentionLoaded: (n: number) =>
    `You are not mentioned in the ${n} messages above. Once more looks further up.`,
  zoomKeys: `${key('pageUp', 'log')} ${key('pageDown', 'log')} ${key('selectPrevious', 'log')}${key('selectNext', 'log')} move · ${key('copyMessage', 'log')} copy · ${key('focusCompose', 'log')} back`,
  mouseOn: 'The mouse is on: click and wheel. The terminal selects while Shift is held.',
  mouseOff: 'The mouse is off: the terminal selects text.',
  links: {
    title: 'Open which address?',
    keys: `${keys('choosePrevious', 'chooseNext')} choose · ${key('accept')} open · ${key('copyLine', 'links')} copy · ${key('close')} close`,
  },
}

/** 'alice', 'alice and bob', 'alice, bob and 3 others' */
function listed(names: readonly string[]): string {
  const shown = names.length > 3 ? names.slice(0, 2) : names
  const others = names.length - shown.length
  const last = others > 0 ? `${others} others` : (shown.at(-1) ?? '')
  const before = others > 0 ? shown : shown.slice(0, -1)
  return before.length === 0 ? last : `${before.join(', ')} and ${last}`
}
