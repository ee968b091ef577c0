import { createHash, randomUUID } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FolderClaim } from '../../../src/net/files/folder-claim.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ROUNDS = 100

/** A process of this machine that is gone. */
function gone(): string {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
  return `${host}-999999999-x~${randomUUID()}`
}

async function takers(folder: string, count: number): Promise<readonly FolderClaim[]> {
  const claims = Array.from({ length: count }, () => new FolderClaim(folder))
  const taken = await Promise.all(claims.map((claim) => claim.take()))
  return claims.filter((_, at) => taken[at])
}

test.each([
  ['nobody', undefined],
  ['one that is gone', gone()],
  ['a crash that left it empty', ''],
])('of several that follow %s one writes', async (_, left) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = temporaryFolder()
    if (left !== undefined) await writeFile(join(folder, 'writer.1'), left)
    expect(await takers(folder, 4)).toHaveLength(1)
  }
})

test('of several that follow one after the other one writes at a time, and one file stays', async () => {
  const folder = temporaryFolder()
  for (let round = 0; round < ROUNDS; round += 1) {
    const [writer, ...others] = await takers(folder, 3)
    expect(others).toEqual([])
    expect(await new FolderClaim(folder).take()).toBe(false)
    expect(await writer?.take()).toBe(true)
    await writer?.release()
  }
  expect(await readdir(folder)).toHaveLength(1)
})

test('who lets go of a folder that is gone is told nothing', async () => {
  const folder = temporaryFolder()
  const claim = new FolderClaim(folder)
  expect(await claim.take()).toBe(true)
  await rm(folder, { recursive: true })
  await claim.release()
})
