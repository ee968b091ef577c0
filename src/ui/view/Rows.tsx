import { Box, Text } from 'ink'
import { memo, type ReactNode } from 'react'
import { steady } from './places.ts'

/** One screen row: a text that is cut and styled already. */
export const Row = memo(function Row({ row }: Readonly<{ row: string }>): ReactNode {
  // An empty Text has no height.
  return <Text wrap="truncate">{row === '' ? ' ' : steady(row)}</Text>
})

/** A column of rows, exactly as many as there are. Keys are screen rows, so that Row's memo holds. */
export function Rows({
  rows,
  width,
}: Readonly<{ rows: readonly string[]; width: number }>): ReactNode {
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
