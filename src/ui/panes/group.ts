import { isActionName } from '../commands/action-names.ts'
import { accountChoices, groupChoices } from '../commands/choices.ts'
import type { Binding } from '../input/bindings.ts'
import { keyLabel } from '../input/keymap.ts'
import type { Look } from '../look.ts'
import { crowdOf } from '../state/crowd.ts'
import type { ClientState, Conversation, Overlay } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { preferencesRow } from './preferences.ts'
import { type Body, belowSaid, type Size } from './window.ts'

/** What the open group is, and what one may do in it. */
export function groupPane(
  state: ClientState,
  { chosen }: Extract<Overlay, { type: 'group' }>,
  size: Size,
  look: Look,
): Body {
  const { group } = look.words.windows
  const open = openConversation(state)
  const { access = 'unknown', role = 'none', topic = '' } = open?.head ?? {}
  const lines = [
    group.about(group.access[access]),
    group.members(countOf(state, open, look), group.roles[role]),
    ...preferencesRow(open, look),
  ]
  const more = lines.map((line) => cutText(sureText(line), size.width))
  // Here is where all of it is read; still it must not push out what one can do.
  const room = Math.max(1, size.height - more.length - 1 - CHOICES_MIN)
  const said = topic === '' ? group.noTopic : topic
  const about = [...labelledRows(group.topic(''), sureText(said), room, size), ...more]
  const rows = choiceRows(groupChoices(state, look), size, look)
  return {
    title: group.title(open === undefined ? '' : `#${open.name}`),
    ...belowSaid([...about, ''], rows, chosen, size, look),
    keys: group.keys,
  }
}

/** Of what one can do, so many rows are always there. */
const CHOICES_MIN = 3

/** Further rows of the text stand below its first, unless the label leaves it too little. */
function labelledRows(label: string, text: string, room: number, size: Size): readonly string[] {
  const indent = textWidth(label)
  const width = size.width - indent
  if (width < HUNG_CELLS_MIN) return headRows(label + text, room, size)
  const rows = headRows(text, room, { ...size, width })
  return rows.map((row, index) => (index === 0 ? label : ' '.repeat(indent)) + row)
}

const HUNG_CELLS_MIN = 16

/** The first rows of a text; where there are more, the last of them says so. */
function headRows(text: string, room: number, { width }: Size): readonly string[] {
  const rows = wrapText(text, Math.max(1, width - 1))
  if (rows.length <= room) return rows
  return [...rows.slice(0, room - 1), cutText(rows.slice(room - 1).join(' '), width - 1)]
}

/** One's account, and what can be done with it. */
export function accountPane(
  state: ClientState,
  { chosen }: Extract<Overlay, { type: 'account' }>,
  size: Size,
  look: Look,
): Body {
  const { account } = look.words.windows
  const { hideReceipts } = state
  const { reading, unknown } = account
  const said = hideReceipts === undefined ? unknown : hideReceipts ? reading.hidden : reading.shown
  const { about: statusWords } = look.words.status
  const lines = [said, statusWords[state.status]]
  const about = lines.flatMap((line) => wrapText(line, Math.max(1, size.width - 1)))
  const rows = choiceRows(accountChoices(look), size, look)
  return {
    title: account.title(state.me?.name ?? ''),
    ...belowSaid([...about, ''], rows, chosen, size, look),
    keys: account.keys,
  }
}

function countOf(state: ClientState, open: Conversation | undefined, { words }: Look): string {
  const { counted, count } = words.windows.group
  const crowd = open && state.link.state === 'online' ? crowdOf(state, open) : undefined
  return crowd === undefined
    ? count(open?.head?.members ?? 0)
    : counted(crowd.online, crowd.members)
}

const KEY_CELLS = 3

/** 't  set the topic' */
function choiceRows(choices: readonly Binding[], { width }: Size, look: Look): readonly string[] {
  return choices.map(({ keys, action, argument }) => {
    const key = keys[0] === undefined ? '' : keyLabel(keys[0])
    return fitText(`${fitText(key, KEY_CELLS)}${meaningOf(action, argument, look)}`, width - 2)
  })
}

function meaningOf(action: string, argument: string | undefined, { words }: Look): string {
  const { special } = words.windows
  const own = special[`${action} ${argument ?? ''}`.trim() as keyof typeof special]
  return own ?? (isActionName(action) ? words.actions[action] : '')
}
