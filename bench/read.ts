import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { ChatError } from '../src/protocol/errors.ts'
import { openSqliteStore } from '../src/server/store/sqlite.ts'
import type { Store } from '../src/server/store/store.ts'
import type { Bench, Figure } from './figure.ts'
import { registerAll } from './population.ts'

/**
 * Reads of a log of a million entries, half of them English and half Chinese, in a hundred groups
 * of one member: a page at any place, and searches in all of them. Beside it bare node:sqlite: the
 * rows of the same page, and a scan with LIKE.
 */
export const bench: Bench = { name: 'read', unit: 'microseconds, p50', run }

const ENTRIES = 1_000_000
const GROUPS = 100
/** Appends under way while they are written. */
const AT_ONCE = 1_024
const PAGES = 300
const SEARCHES = 30
const SCANS = 3
const RETRY_MS = 500
const TIME = Date.UTC(2026, 0, 1)

/** What is looked for, and how often it is said. */
const WANTED = [
  { words: '数据', what: 'two Chinese characters, in one of 20' },
  { words: '数', what: 'one Chinese character, in one of 20' },
  { words: '数据库连接', what: 'five Chinese characters, in one of 1,000' },
  { words: 'release', what: 'an English word, in one of 20' },
  { words: 'kubernetes', what: 'an English word, in one of 1,000' },
] as const

const ENGLISH =
  'we should look at this again tomorrow because some of them are still not green'.split(' ')
const CHINESE = [...'我们明天再看一下这个版本的测试结果然后决定要不要发布新功能给所有用户使用']

async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  const db = new DatabaseSync(join(folder, 'tchat.db'), { readOnly: true })
  try {
    const { user, groups } = await fill(store)
    await indexed(store, user)
    const figures = [await pageFigure(store, db, user, groups)]
    for (const wanted of WANTED) figures.push(await searchFigure(store, db, user, wanted))
    return figures
  } finally {
    db.close()
    await store.close()
    await rm(folder, { recursive: true })
  }
}

async function fill(store: Store): Promise<Readonly<{ user: string; groups: readonly string[] }>> {
  const [{ user } = { user: '' }] = await registerAll(store, 1)
  const groups = await Promise.all(
    Array.from({ length: GROUPS }, async (_, at) => {
      const draft = { by: user, nonce: randomBytes(16), name: `group${at}`, members: [] }
      return (await store.createGroup({ ...draft, time: TIME })).group.id
    }),
  )
  let next = 0
  const flow = async () => {
    while (next < ENTRIES) {
      const at = next
      next += 1
      const target = groups[at % GROUPS] ?? ''
      const text = { text: textOf(at), nonce: randomBytes(16), time: TIME + at * 1_000 }
      await store.append({ sender: user, kind: 'group', target, ...text })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, flow))
  return { user, groups }
}

/** Some twelve words, or thirty characters; now and then with one that is looked for. */
function textOf(at: number): string {
  const chinese = at % 2 === 1
  const letters = chinese ? CHINESE : ENGLISH
  const size = chinese ? 30 : 12
  const words = Array.from(
    { length: size },
    (_, one) => letters[(at * 7 + one * 11) % letters.length],
  )
  words.splice((at >> 4) % size, 0, rare(at, chinese))
  return words.join(chinese ? '' : ' ')
}

function rare(at: number, chinese: boolean): string {
  if (at % 1_000 < 2) return chinese ? '数据库连接' : 'kubernetes'
  if (at % 20 < 2) return chinese ? '数据' : 'release'
  return ''
}

async function indexed(store: Store, user: string): Promise<void> {
  for (;;) {
    try {
      await store.search({ user, text: WANTED[0].words, conversation: '', after: '', ...PAGE })
      return
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      await setTimeout(RETRY_MS)
    }
  }
}

const PAGE = { limit: 20, maxBytes: 60_000 } as const

async function pageFigure(
  store: Store,
  db: DatabaseSync,
  user: string,
  groups: readonly string[],
): Promise<Figure> {
  const rows = db.prepare(
    'SELECT * FROM entries WHERE conversation = ? AND seq < ? ORDER BY seq DESC LIMIT 100',
  )
  const ours: number[] = []
  const bare: number[] = []
  for (let at = 0; at < PAGES; at += 1) {
    const conversation = groups[(at * 37) % GROUPS] ?? ''
    const before = 200 + ((at * 7_919) % (ENTRIES / GROUPS - 200))
    const query = { user, conversation, before, after: 0, around: 0, limit: 100, maxBytes: 60_000 }
    ours.push(await microseconds(() => store.page(query)))
    bare.push(await microseconds(() => rows.all(1 + ((at * 37) % GROUPS), before)))
  }
  return figure('a page of 100, anywhere', ours, bare, 'the same rows, bare node:sqlite')
}

async function searchFigure(
  store: Store,
  db: DatabaseSync,
  user: string,
  { words, what }: (typeof WANTED)[number],
): Promise<Figure> {
  const query = { user, text: words, conversation: '', after: '', ...PAGE }
  const scan = db.prepare('SELECT count(*) FROM entries WHERE text LIKE ?')
  const ours: number[] = []
  const bare: number[] = []
  for (let at = 0; at < SEARCHES; at += 1) ours.push(await microseconds(() => store.search(query)))
  for (let at = 0; at < SCANS; at += 1) bare.push(await microseconds(() => scan.all(`%${words}%`)))
  return figure(`search: ${what}`, ours, bare, 'a scan of all rows with LIKE')
}

function figure(
  what: string,
  ours: readonly number[],
  bare: readonly number[],
  beside: string,
): Figure {
  const [time, ceiling] = [median(ours), median(bare)]
  return { what, ours: time, ceiling, ratio: time / ceiling, beside }
}

async function microseconds(read: () => unknown): Promise<number> {
  const start = performance.now()
  await read()
  return (performance.now() - start) * 1_000
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? Number.NaN
}
