import { joinedLabels } from '../catalogue/live-keys.ts'
import type { ActionId } from '../input/bindings.ts'
import { type KeyPlace, keyInPlace, keyLabel } from '../input/keymap.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'

type Word = keyof Look['words']['composer']['hints']
type Hint = Readonly<{ actions: readonly ActionId[]; word: Word }>

const send: Hint = { actions: ['send'], word: 'send' }
const newline: Hint = { actions: ['edit.newline'], word: 'newline' }
const goTo: Hint = { actions: ['goTo'], word: 'goTo' }
const nextUnread: Hint = { actions: ['nextUnread'], word: 'nextUnread' }
const menu: Hint = { actions: ['menu'], word: 'menu' }
const help: Hint = { actions: ['help'], word: 'help' }
const reply: Hint = { actions: ['reply'], word: 'reply' }
const edit: Hint = { actions: ['editMessage'], word: 'edit' }
const remove: Hint = { actions: ['deleteMessage'], word: 'delete' }
const react: Hint = { actions: ['react'], word: 'react' }
const info: Hint = { actions: ['messageInfo'], word: 'info' }
const copy: Hint = { actions: ['copyMessage'], word: 'copy' }
const link: Hint = { actions: ['openLink'], word: 'link' }
const write: Hint = { actions: ['focusCompose'], word: 'write' }
const message: Hint = { actions: ['selectPrevious', 'selectNext'], word: 'choose' }
const row: Hint = { actions: ['choosePrevious', 'chooseNext'], word: 'choose' }
const open: Hint = { actions: ['accept'], word: 'open' }
const filter: Hint = { actions: ['filterList'], word: 'filter' }
const nextPane: Hint = { actions: ['focusNext'], word: 'nextPane' }

/** What the last row says of the keys where one is, in fewer and fewer words. */
const HINTS: Readonly<Record<'compose' | 'log' | 'lists', readonly (readonly Hint[])[]>> = {
  compose: [
    [send, newline, goTo, nextUnread, menu],
    [send, goTo, menu, help],
  ],
  log: [
    [message, reply, edit, remove, react, copy, link, info, write],
    [message, reply, edit, remove, react, info, write],
  ],
  lists: [[row, open, filter, nextPane, write, help]],
}
const HINTS_SINGLE: Readonly<Record<'compose' | 'log' | 'lists', readonly Hint[]>> = {
  compose: [goTo, menu],
  log: [reply, edit, remove, react],
  lists: [goTo, menu],
}

/** The rows that would do for the last one, the longest first. */
export function hintRows({ focus }: ClientState, look: Look): readonly string[] {
  const place = placeOf(focus)
  return HINTS[place].map((hints) => hintText(hints, place, look))
}

/** The same where all is one pane. */
export function singleHints({ focus }: ClientState, look: Look): string {
  const place = placeOf(focus)
  return hintText(HINTS_SINGLE[place], place, look)
}

/** The key of an action in a place, as people write it; '' when it has none there. */
export function keyText(action: ActionId, place: KeyPlace, { keymap }: Look): string {
  const key = keyInPlace(keymap, place, action)
  return key === undefined ? '' : keyLabel(key)
}

/** What has no key any more is left out. */
function hintText(hints: readonly Hint[], place: KeyPlace, look: Look): string {
  const words = look.words.composer.hints
  const parts = hints.flatMap(({ actions, word }) => {
    const labels = actions.map((action) => keyText(action, place, look))
    const keys = joinedLabels(labels.filter((label) => label !== ''))
    return keys === '' ? [] : [`${keys} ${words[word]}`]
  })
  return parts.join(' · ')
}

function placeOf(focus: ClientState['focus']): 'compose' | 'log' | 'lists' {
  return focus === 'people' || focus === 'groups' ? 'lists' : focus
}
