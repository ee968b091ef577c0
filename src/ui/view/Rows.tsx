import { Box, Text, Transform } from 'ink'
import { memo, type ReactNode } from 'react'
import { steady } from './places.ts'

/** One screen row: a text that is cut and styled already. */
export const Row = memo(function Row({ row }: Readonly<{ row: string }>): ReactNode {
  // An empty Text has no height.
  return <Text wrap="truncate">{row === '' ? ' ' : steady(row)}</Text>
})

/**
 * A column of rows, exactly as many as there are, each cut to the width already. To Ink they are dots
 * that become rows when they are drawn: it would measure and cut every text again with every frame,
 * which costs more than all the rest.
 */
export function Rows({
  rows,
  width,
}: Readonly<{ rows: readonly string[]; width: number }>): ReactNode {
  return (
    <Box width={width} height={rows.length} overflowY="hidden" flexShrink={0}>
      <Transform
        transform={(_, index) => steady(rows[index] ?? '')}
        accessibilityLabel={rows.join('\n')}
      >
        {rows.map(() => '.').join('\n')}
      </Transform>
    </Box>
  )
}
