import { isAbsolute } from 'node:path'
import { ChatError } from '../../protocol/errors.ts'
import { ADMIN_REPORT_BYTES_MAX } from '../../protocol/limits.ts'
import type { Verdict } from '../store/store.ts'
import { type Report, report } from './report.ts'
import type { Verb } from './verb.ts'

/** Verbs about the data as a whole. */

/** Rows of an export in one report; the longest text takes as much in JSON. */
const EXPORT_BYTES_MAX = ADMIN_REPORT_BYTES_MAX - 8_192

export const backup: Verb = {
  args: 'FILE',
  meaning: 'write everything, the key too, into one new file on the server’s machine',
  owner: true,
  run: ({ store, jobs }, { target, after }) => {
    if (!isAbsolute(target)) {
      throw new ChatError('badRequest', `the path of a backup begins at the root, not '${target}'`)
    }
    return jobs.step(after, async () => report({ ...(await store.backup(target)) }))
  },
}

export const verify: Verb = {
  args: '',
  meaning: 'check everything that is kept; exit code 1 and a list when something is wrong',
  run: ({ store, jobs }, { after }) =>
    jobs.step(after, async () => verdictReport(await store.verify())),
}

export const exporting: Verb = {
  args: '[user NAME | group NAME]',
  meaning: 'what was said, as JSON lines: all, of a user, in a group',
  owner: true,
  run: async ({ store }, { target, value, after }) => {
    if (!['', 'user', 'group'].includes(target)) {
      throw new ChatError('badRequest', `export user NAME, or export group NAME, not '${target}'`)
    }
    if (target !== '' && value === '') {
      throw new ChatError('badRequest', `export ${target} NAME: the name is missing`)
    }
    const user = target === 'user' ? value : ''
    const group = target === 'group' ? value : ''
    const page = await store.exportPage({ user, group, after, maxBytes: EXPORT_BYTES_MAX })
    return { rows: page.items, next: page.next }
  },
}

/** A row of figures, then one for each fault. */
export function verdictReport({ faults, ...figures }: Verdict): Report {
  return report({ ...figures, faults: faults.length }, ...faults.map((fault) => ({ fault })))
}
