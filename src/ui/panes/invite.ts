import { sharedLines } from '../flow/share.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import type { InviteWindow } from '../state/windows.ts'
import { wrapText } from '../text/wrap.ts'
import { timeOf } from './listed.ts'
import { hereOnlyRows, lineRows } from './share.ts'
import type { Body, Size } from './window.ts'

/** A line that lets somebody in, whole, so that it can be copied. */
export function invitePane(
  state: ClientState,
  { invite }: InviteWindow,
  size: Size,
  look: Look,
): Body {
  const { words } = look
  const its = words.windows.invite
  const { code, group, uses, used, expires } = invite
  const name = state.conversations.get(group)?.name ?? ''
  const whole = (line: string) => wrapText(line, Math.max(1, size.width - 1))
  return {
    title: its.title(name === '' ? '' : `#${name}`),
    bare: lineRows(sharedLines(state, name, code), size, look),
    body: [
      ...hereOnlyRows(state, size, look),
      '',
      ...whole(its.paste),
      ...(name === '' ? [] : whole(its.join(`#${name}`, code))),
      ...whole(its.lasts(Math.max(0, uses - used), timeOf(expires, look))),
    ],
    keys: its.keys,
  }
}
