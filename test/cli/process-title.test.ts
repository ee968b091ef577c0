import { expect, test, vi } from 'vitest'
import { main } from '../../src/cli/main.ts'

test('the process is called tchat, with nothing of its arguments', async () => {
  const { title, exitCode } = process
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  await main(['--version'])
  const told = process.title
  write.mockRestore()
  process.title = title
  process.exitCode = exitCode
  expect(told).toBe('tchat')
})
