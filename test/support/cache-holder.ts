import { openCache } from '../../src/net/files/cache-folder.ts'
import { openDrafts } from '../../src/net/files/draft-folder.ts'
import { headOf } from './scripted-world.ts'

/**
 * A process of its own that opens the cache and the drafts of an account, writes into both, says so
 * in one line, and holds them until it is killed.
 * Arguments: state folder, the text of a draft.
 */
const [stateFolder = '', text = ''] = process.argv.slice(2)
const account = { stateFolder, server: 'sha256:key', user: '~me' }
const [cache, drafts] = [await openCache(account), await openDrafts(account)]
const head = headOf({ conversation: '~held', kind: 'group', name: 'held' })
const nothing = { entries: new Map(), gone: [], contacts: [], contactsGone: [] }
const wrote = await cache.write({ heads: [head], ...nothing })
await drafts.save([{ target: '~alice', text, cursor: 0, time: Date.now() }])
process.stdout.write(`${JSON.stringify({ wrote, kept: drafts.kept.map((it) => it.text) })}\n`)
setInterval(() => undefined, 60_000)
