import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { MainFrame } from '../frame.ts'
import { placedBeside } from './places.ts'
import { Row, Rows } from './Rows.tsx'

/** The chat itself. Every row of it is made by `mainFrame`; this only places the columns. */
export function Main({ frame }: Readonly<{ frame: MainFrame }>): ReactNode {
  const { layout } = frame
  const at = layout.columns - layout.right - 1
  const right = frame.right.map((row, index) => placedBeside(frame.log[index] ?? '', row, at))
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.rows} overflowY="hidden">
      {frame.above.length > 0 && <Rows rows={frame.above} width={layout.columns} />}
      <Box width={layout.columns} height={frame.log.length} flexShrink={0}>
        {frame.left.length > 0 && <Rows rows={frame.left} width={layout.left + 1} />}
        <Rows rows={frame.log} width={layout.log.width} />
        {right.length > 0 && <Rows rows={right} width={layout.right + 1} />}
      </Box>
      {frame.below.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its index.
        <Row key={index} row={row} />
      ))}
    </Box>
  )
}
