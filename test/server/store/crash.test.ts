import { spawn } from 'node:child_process'
import { cpSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { Entry } from '../../../src/protocol/messages.ts'
import { withBuffer } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { conversationText } from '../../../src/server/store/ids.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { SeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

type Acknowledged = Readonly<{ conversation: string; seq: number; text: string }>

test('after SIGKILL in mid-load every acknowledged message is there, once, in order', async () => {
  const folder = temporaryFolder()
  const acknowledged: Acknowledged[] = []
  // Enough that conversations have left the journal for their place, and others have not.
  for (const [run, count] of [300, 1_500, 40, 700].entries()) {
    acknowledged.push(...(await appendUntilKilled(folder, `${run}`, count)))
    const logs = logsIn(folder)
    for (const [conversation, log] of logs) {
      expectWhole(log)
      for (const { seq, text } of acknowledged.filter((one) => one.conversation === conversation)) {
        expect(log[seq - 1]).toMatchObject({ seq, text })
      }
    }
    const texts = [...logs.values()].flat().filter(({ kind }) => kind === 'text')
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length)
  }
})

test('a message from before the kill is repeated without a double', async () => {
  const folder = temporaryFolder()
  await appendUntilKilled(folder, 'run', 500)
  const before = logsIn(folder)
  const store = await openSqliteStore({ folder, onAppended: () => expect.unreachable() })
  for (const [conversation, log] of before) {
    const last = log.findLast(({ kind }) => kind === 'text')
    if (last === undefined) expect.unreachable()
    const again = await store.append({
      sender: last.from,
      kind: log[0]?.kind === 'text' ? 'direct' : 'group',
      target: log[0]?.kind === 'text' ? await partnerOf(store, last.from) : conversation,
      nonce: last.nonce,
      text: last.text,
      time: 0,
    })
    expect(again).toEqual({ conversation, seq: last.seq, time: last.time })
  }
  await store.close()
  expect(logsIn(folder)).toEqual(before)
})

test('own cursors are where they were after a kill', async () => {
  const folder = temporaryFolder()
  await appendUntilKilled(folder, 'run', 200)
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  for (const name of ['ann', 'bob']) {
    const user = (await store.findUser(name))?.id ?? ''
    for (const head of await headsOf(store, user)) {
      const log = await store.read(head.conversation, 0, 100_000)
      const own = log.findLast(({ from, kind }) => from === user && kind === 'text')
      expect(head).toMatchObject({ read: own?.seq, delivered: own?.seq, readN: own?.n })
    }
  }
  await store.close()
})

test('a log that was cut or torn anywhere reopens to a clean beginning of what was', async () => {
  const whole = temporaryFolder()
  await appendUntilKilled(whole, 'run', 400)
  const length = statSync(join(whole, 'tchat.db-wal')).size
  const random = new SeededRandom(11)
  const torn = temporaryFolder()
  for (let round = 0; round < 12; round += 1) {
    const folder = join(torn, `${round}`)
    cpSync(whole, folder, { recursive: true })
    const at = 40_000 + random.below(length - 40_000)
    tear(join(folder, 'tchat.db-wal'), at, round % 2 === 0 ? 'cut' : 'torn')
    for (const log of logsIn(folder).values()) expectWhole(log)
  }
})

/** Runs a process that appends, and kills it when it has acknowledged so many. */
async function appendUntilKilled(
  folder: string,
  run: string,
  count: number,
): Promise<readonly Acknowledged[]> {
  const program = fileURLToPath(new URL('appending.ts', import.meta.url))
  const child = spawn(process.execPath, [program, folder, run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  let lines = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
    lines += chunk.split('\n').length - 1
    if (lines >= count) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  expect(lines).toBeGreaterThanOrEqual(count)
  return output.split('\n').slice(0, lines).map(acknowledgedIn)
}

function acknowledgedIn(line: string): Acknowledged {
  const [conversation = '', seq, text = ''] = line.split(' ')
  return { conversation, seq: Number(seq), text }
}

function logsIn(folder: string): ReadonlyMap<string, readonly Entry[]> {
  const db = openDatabase(folder)
  const batches = batchesOn(db)
  const conversations = db.prepare('SELECT id FROM conversations').all()
  const ids = conversations.map((row) => conversationText(Number(row['id'])))
  const { answers } = batches.run(ids.map((id) => ['read', id, 0, 100_000]))
  db.close()
  return new Map(ids.map((id, at) => [id, (answers[at] as readonly Entry[]).map(withBuffer)]))
}

async function headsOf(store: Store, user: string) {
  return (await store.heads({ user, after: '', limit: 10, conversations: [] })).items
}

async function partnerOf(store: Store, user: string): Promise<string> {
  const ann = (await store.findUser('ann'))?.id ?? ''
  return user === ann ? 'bob' : ann
}

/** 1, 2, 3, … with the right count, and each writer’s texts in the order in which it wrote them. */
function expectWhole(log: readonly Entry[]): void {
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
  const texts = log.filter(({ kind }) => kind === 'text')
  expect(texts.map(({ n }) => n)).toEqual(texts.map((_, index) => index + 1))
  const latest = new Map<string, number>()
  for (const { text } of texts) {
    const [run, writer, index] = text.split('-')
    const key = `${run} ${writer}`
    expect(Number(index)).toBe((latest.get(key) ?? -1) + 1)
    latest.set(key, Number(index))
  }
}

function tear(path: string, at: number, how: 'cut' | 'torn'): void {
  if (how === 'cut') return truncateSync(path, at)
  writeSync(openSync(path, 'r+'), Buffer.alloc(64, 0xa5), 0, 64, at)
}
