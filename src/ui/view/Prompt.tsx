import { Box, Text, useInput } from 'ink'
import TextInput from 'ink-text-input'
import { type ReactNode, useRef, useState } from 'react'

/**
 * A plain prompt: server address and password, where no more than typing and Backspace is needed.
 * Everything else that takes text is our own editor.
 */
export function Prompt({
  label,
  value,
  mask,
  focus,
  onChange,
  onSubmit,
}: Readonly<{
  label: string
  value: string
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
      <TextInput
        key={beginning}
        value={value}
        focus={focus}
        {...(mask === undefined ? {} : { mask })}
        onChange={changed}
        onSubmit={onSubmit}
      />
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
