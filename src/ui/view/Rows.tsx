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
  if (width < SURE_WIDTH) return <CutRows rows={rows} width={width} />
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

/** In less, what is drawn may be too wide: there nothing can be read, but the frame must hold. */
const SURE_WIDTH = 10

function CutRows({ rows, width }: Readonly<{ rows: readonly string[]; width: number }>): ReactNode {
  return (
    <Box
      flexDirection="column"
      width={width}
      height={rows.length}
      overflowY="hidden"
      flexShrink={0}
    >
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its index.
        <Row key={index} row={row} />
      ))}
    </Box>
  )
}
