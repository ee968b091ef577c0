import { Box, Text } from 'ink'
import TextInput from 'ink-text-input'
import type { ReactNode } from 'react'

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
  return (
    <Box height={1} overflow="hidden" flexShrink={0}>
      <Text wrap="truncate">{label}</Text>
      <TextInput
        value={value}
        focus={focus}
        {...(mask === undefined ? {} : { mask })}
        onChange={(text) => onChange(oneLine(text))}
        onSubmit={onSubmit}
      />
    </Box>
  )
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get in.
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '')
}
