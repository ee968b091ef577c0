import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { PROGRAM } from '../support/pty.ts'

test('tchat dissector prints a plugin, and takes nothing else', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [PROGRAM, 'dissector', ...args], { encoding: 'utf8' })
  const { stdout, stderr, status } = run()
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  expect(stdout).toMatch(/^-- The protocol of tchat for Wireshark/)
  expect(stdout).toContain('tchat:register_heuristic')
  const refused = run('x')
  expect(refused.stderr).toBe("tchat: 'tchat dissector' takes no argument, but 'x' was given\n")
  expect(refused.status).toBe(2)
})
