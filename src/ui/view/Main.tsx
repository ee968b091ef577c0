import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { MainFrame } from '../frame.ts'
import { Row, Rows } from './Rows.tsx'

/** The chat itself. Every row of it is made by `mainFrame`; this only places the columns. */
export function Main({ frame }: Readonly<{ frame: MainFrame }>): ReactNode {
  const { layout } = frame
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.rows} overflow="hidden">
      {frame.above.length > 0 && <Rows rows={frame.above} width={layout.columns} />}
      <Box width={layout.columns} height={frame.log.length} flexShrink={0}>
        {frame.left.length > 0 && <Rows rows={frame.left} width={layout.left + 1} />}
        <Rows rows={frame.log} width={layout.log.width} />
        {frame.right.length > 0 && <Rows rows={frame.right} width={layout.right + 1} />}
      </Box>
      {frame.below.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its index.
        <Row key={index} row={row} />
      ))}
    </Box>
  )
}
