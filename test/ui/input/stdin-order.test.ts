import { expect, onTestFinished, test, vi } from 'vitest'
import type { TerminalReport } from '../../../src/ui/input/input-splitter.ts'
import { FilteredStdin } from '../../../src/ui/input/stdin-filter.ts'
import { FakeStdin } from '../../support/fake-stdin.ts'

test('a function key that comes in one piece with text comes in its turn', async () => {
  const source = new FakeStdin()
  const seen: string[] = []
  const report = (it: TerminalReport) => seen.push(it.kind === 'key' ? it.name : it.kind)
  const filtered = new FilteredStdin(source, report)
  onTestFinished(() => void filtered.destroy())
  filtered.on('data', (text: string) => seen.push(text))
  filtered.setRawMode(true)
  source.write('ab\x1b[15~\x1b[17~cd\x1b[I')
  source.write('\x1b[15~')
  await vi.waitUntil(() => seen.length >= 6, { timeout: 30_000 })
  expect(seen).toEqual(['ab', 'f5', 'f6', 'cd', 'focus', 'f5'])
})
