import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import { longTextChoices, partsOf, wholeText } from '../commands/long-text.ts'
import { keyLabel } from '../input/keymap.ts'
import type { Look } from '../look.ts'
import type { LongTextWindow } from '../state/long-text-window.ts'
import type { ClientState } from '../state/model.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { wrapText } from '../text/wrap.ts'
import { type Body, belowSaid, type Size } from './window.ts'

const PREVIEW_ROWS_MAX = 3
/** No row shows more of a line. */
const PREVIEW_CHARS = 300
const KEY_CELLS = 3

/** Asks what becomes of a long text, under how it begins. */
export function longTextPane(
  state: ClientState,
  window: LongTextWindow,
  size: Size,
  look: Look,
): Body {
  const { words, theme } = look
  const its = words.longText
  const { pasted } = window
  const text = (pasted ?? wholeText(state, window)).trimEnd()
  const whole = wholeText(state, window)
  const choices = longTextChoices(state, window, look)
  const bytes = Buffer.byteLength(whole)
  const tooLong = bytes > TEXT_BYTES_MAX ? its.tooLong(sizeOf(bytes), sizeOf(TEXT_BYTES_MAX)) : ''
  const notes = tooLong === '' ? [] : wrapText(tooLong, Math.max(1, size.width - 1))
  const parts = choices.some(({ action }) => action === 'pasteSplit') ? partsOf(whole).length : 0
  const rows = choices.map(({ action, keys }) => {
    const meaning = action === 'pasteSplit' ? its.split(parts) : words.keys[action as 'pasteEdit']
    return fitText(`${fitText(keyLabel(keys[0] ?? ''), KEY_CELLS)}${meaning}`, size.width - 2)
  })
  const room = Math.max(0, size.height - rows.length - notes.length - 2)
  const head = previewOf(text)
    .slice(0, room)
    .map((line) => theme.faint(cutText(`│ ${line}`, size.width)))
  const gap = head.length + notes.length > 0 ? [''] : []
  return {
    title: (pasted === undefined ? its.titleSent : its.title)(
      text.split('\n').length,
      sizeOf(Buffer.byteLength(text)),
    ),
    ...belowSaid([...head, ...notes.map(theme.careful), ...gap], rows, window.chosen, size, look),
    keys: pasted === undefined ? its.keysSent : its.keys,
  }
}

function previewOf(text: string): readonly string[] {
  const lines = text.slice(0, PREVIEW_CHARS * PREVIEW_ROWS_MAX).split('\n')
  const shown = lines.filter((line) => line.trim() !== '').slice(0, PREVIEW_ROWS_MAX)
  return shown.map((line) => sureText(line.slice(0, PREVIEW_CHARS)))
}

/** '900 B', '8 KB', '12.1 KB'. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  return `${Number.isInteger(kilobytes) ? kilobytes : kilobytes.toFixed(1)} KB`
}
