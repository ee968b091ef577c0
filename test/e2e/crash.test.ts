import { expect, test } from 'vitest'
import { crashRun } from '../support/crash/crash-run.ts'

const KILLS = 20

test('a server that is killed twenty times in mid-load keeps everything it acknowledged, once, in order, for everyone', async () => {
  const { kills, acknowledged } = await crashRun({ seed: 1, kills: KILLS })
  expect(kills).toBe(KILLS)
  expect(acknowledged).toBeGreaterThan(KILLS * 10)
})
