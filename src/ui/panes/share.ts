import { isForHereOnly, sharedLines } from '../flow/share.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { wrapText } from '../text/wrap.ts'
import { keyLines } from './intro.ts'
import type { Body, Size } from './window.ts'

/** How others come to the group that is open: a line, and the key to compare. */
export function sharePane(state: ClientState, size: Size, look: Look): Body {
  const { share } = look.words
  const key = keyLines(state, look).flatMap((line) => whole(line, size))
  return {
    title: share.title,
    body: [...hereOnlyRows(state, size, look), ...(key.length > 0 ? ['', ...key, ''] : [])],
    bare: lineRows(sharedLines(state, sharedGroup(state)), size, look),
    keys: share.keys,
  }
}

/** The group that a line from here leads to: the one that is open, else the lobby, where there is one. */
export function sharedGroup({ open, conversations }: ClientState): string {
  const here = conversations.get(open ?? '')
  if (here?.kind === 'group') return here.name
  const groups = [...conversations.values()].filter(({ kind }) => kind === 'group')
  return groups.find(({ name }) => name === 'lobby')?.name ?? ''
}

/**
 * Lines that are selected with the mouse and pasted: from the first column, and where one needs more
 * than a row, each row filled to the last. Nothing of the screen gets between its parts then.
 */
export function lineRows(lines: readonly string[], size: Size, look: Look): readonly string[] {
  const columns = size.width + 1
  const apart = lines.some((line) => line.length > columns)
  return lines.flatMap((line, index) => {
    const rows = line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []
    const styled = rows.map(look.theme.accent)
    return apart && index > 0 ? ['', ...styled] : styled
  })
}

/** What is said of a line that leads nowhere from other computers. */
export function hereOnlyRows(state: ClientState, size: Size, { words, theme }: Look) {
  return isForHereOnly(state) ? whole(words.share.hereOnly, size).map(theme.careful) : []
}

function whole(line: string, { width }: Size): readonly string[] {
  return wrapText(line, Math.max(1, width - 1))
}
