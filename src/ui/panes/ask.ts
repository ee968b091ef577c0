import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import type { AskWindow } from '../state/windows.ts'
import { sureText } from '../text/fit.ts'
import { wrapText } from '../text/wrap.ts'
import { type Body, belowSaid, choices, faultRows, type Size } from './window.ts'

/** A question before something is done, what it means, and the two answers. */
export function askPane(
  state: ClientState,
  { deed, chosen, busy, fault }: AskWindow,
  size: Size,
  look: Look,
): Body {
  const { asks } = look.words.windows
  const its = asks[deed.name]
  const name = state.conversations.get(deed.group)?.name
  const help = wrapText(its.help, Math.max(1, size.width - 1))
  const said = faultRows({ busy, fault }, size, look)
  const answers = choices([its.yes, asks.no], size)
  const height = Math.max(2, size.height - said.length - 1)
  const { body, focus } = belowSaid([...help, ''], answers, chosen, { height }, look)
  return {
    title: sureText(its.title(deed.label, name === undefined ? '' : `#${name}`)),
    body: [...body, '', ...said],
    focus,
    keys: asks.keys,
  }
}
