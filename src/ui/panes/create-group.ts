import type { Look } from '../look.ts'
import type { ClientState, Overlay } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { type Body, formBody, labelIn, type Size } from './window.ts'

/** A new group: its name, its first members, and who else may enter. */
export function createGroupPane(
  _: ClientState,
  { fields, field, access, ...form }: Extract<Overlay, { type: 'createGroup' }>,
  size: Size,
  look: Look,
): Body {
  const { words, theme } = look
  const { name, members, who, whoHelp, membersHelp, entry } = words.createGroup
  const labels = [name, members]
  const widest = Math.max(...[...labels, who].map(textWidth))
  const padded = labels.map((label) => fitText(label, widest))
  const chosen = `‹ ${entry[access]} ›`
  const label = labelIn(`${fitText(who, widest)}  `, size.width - textWidth(chosen))
  const choice = cutText(label + chosen, size.width)
  const onChoice = field === fields.length
  const help = onChoice ? whoHelp : membersHelp
  const row = onChoice ? theme.chosen(choice) : choice
  return formBody(words.createGroup, padded, fields, field, form, size, look, [help], [row])
}
