import { Box, Text, Transform, useInput } from 'ink'
import TextInput from 'ink-text-input'
import { type ReactNode, useRef, useState } from 'react'
import { graphemes } from '../text/graphemes.ts'
import { textWidth } from '../text/width.ts'

/**
 * A plain prompt: server address and password, where no more than typing and Backspace is needed.
 * Everything else that takes text is our own editor.
 */
export function Prompt({
  label,
  value,
  cells,
  mask,
  focus,
  onChange,
  onSubmit,
}: Readonly<{
  label: string
  value: string
  /** Of what is shown; it goes along with the cursor. */
  cells: number
  mask?: string
  focus: boolean
  onChange: (value: string) => void
  onSubmit: () => void
}>): ReactNode {
  // ink-text-input takes Ctrl-A for 'a' and Alt-B for 'b', which nobody sees in a password. Its
  // cursor has moved then, so it begins anew.
  const refused = useRef(false)
  const [beginning, setBeginning] = useState(0)
  const changed = (text: string): void => {
    if (refused.current) setBeginning(beginning + 1)
    else onChange(oneLine(text))
  }
  return (
    <Box height={1} overflow="hidden" flexShrink={0}>
      <KeysBefore
        active={focus}
        onKey={(input, modified) => {
          refused.current = modified
          if (input === 'u' && modified) onChange('')
        }}
      />
      <Text wrap="truncate">{label}</Text>
      <Text wrap="truncate">
        <Transform transform={(text) => aroundCursor(text, cells)}>
          <TextInput
            key={beginning}
            value={value}
            focus={focus}
            {...(mask === undefined ? {} : { mask })}
            onChange={changed}
            onSubmit={onSubmit}
          />
        </Transform>
      </Text>
    </Box>
  )
}

/** Hears of a key before what stands behind it in the tree: effects run in that order. */
function KeysBefore({
  active,
  onKey,
}: Readonly<{ active: boolean; onKey: (input: string, modified: boolean) => void }>): ReactNode {
  useInput((input, key) => onKey(input, key.ctrl || key.meta), { isActive: active })
  return null
}

/** Its Backspace leaves half an emoji behind. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get in.
  return text.replace(/[\x00-\x1f\x7f-\x9f]|\p{Cs}/gu, '')
}

/** Its cursor is one cluster that is inverse. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told so.
const CURSOR = /\x1b\[7m(.*?)\x1b\[27m/

/** So much of it as has room, and the cursor in it; without a cursor its end. */
export function aroundCursor(text: string, cells: number): string {
  if (textWidth(text.replace(CURSOR, '$1')) <= cells) return text
  const [drawn = '', under = ''] = CURSOR.exec(text) ?? []
  const at = drawn === '' ? text.length : text.indexOf(drawn)
  const room = cells - textWidth(under)
  const before = endOf(text.slice(0, at), room)
  const after = graphemes(text.slice(at + drawn.length))
  let row = before + drawn
  let free = room - textWidth(before)
  for (const cluster of after) {
    free -= textWidth(cluster)
    if (free < 0) break
    row += cluster
  }
  return row
}

function endOf(text: string, cells: number): string {
  let end = ''
  for (const cluster of graphemes(text).toReversed()) {
    if (textWidth(cluster + end) > cells) break
    end = cluster + end
  }
  return end
}
