import { expect, test, vi } from 'vitest'
import { PATIENCE } from '../../support/patience.ts'
import { Screen } from '../../support/screen.ts'
import { ScriptedWorld } from '../../support/scripted-world.ts'

async function passwordFor(...chunks: readonly string[]): Promise<string> {
  const world = new ScriptedWorld()
  world.group('lobby')
  const screen = Screen.open({ columns: 80, rows: 24 }, {}, { connector: world })
  await screen.waitFor('Log in to')
  for (const chunk of chunks) screen.type(chunk)
  screen.type('\r')
  await vi.waitFor(() => expect(world.logIns).toHaveLength(1), PATIENCE)
  return world.logIns[0]?.password ?? ''
}

test.each<[string, string[]]>([
  ['typed key by key', ['s', 'e', 'c', 'r', 'e', 't']],
  ['in one chunk', ['secret']],
  ['with a mistake', ['secrex\x7ft']],
  ['with an emoji taken back', ['secret👍', '\x7f']],
  ['pasted in brackets', ['\x1b[200~secret\x1b[201~']],
  ['begun again with Ctrl-U', ['wrong', '\x15', 'secret']],
  ['with keys that only an editor has', ['\x01se\x1bbc\x05\x17\x0bre', '\x1bfx\x02\x7ft']],
  ['while the terminal talks', ['sec\x1b[I\x1b]11;rgb:0/0/0\x07', '\x1b[1;1Rret\x1bOP']],
])('a password %s is what was meant', async (_, chunks) => {
  expect(await passwordFor(...chunks)).toBe('secret')
})
