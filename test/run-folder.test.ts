import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { leftFolders, runFolder } from './support/run-folder.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

test('of what test runs have in memory that of processes that are gone is found, and nothing else', () => {
  const parent = temporaryFolder()
  const gone = spawnSync(process.execPath, ['--version']).pid
  const left = [`tchat-pg-${gone}-a`, `tchat-simulation-${gone}-b`, `tchat-guards-${gone}-c`]
  const others = [`tchat-pg-${process.pid}-a`, `tchat-cluster-${gone}-d`, 'tchat-pg-old', `${gone}`]
  for (const name of [...left, ...others]) mkdirSync(join(parent, name))
  expect(
    leftFolders(parent)
      .map((path) => basename(path))
      .sort(),
  ).toEqual([...left].sort())
})

test('a folder says whose it is', () => {
  expect(basename(runFolder('guards', temporaryFolder()))).toMatch(`tchat-guards-${process.pid}-`)
})
