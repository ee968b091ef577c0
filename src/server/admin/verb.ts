import type { User } from '../../protocol/messages.ts'
import type { adminVerb } from '../../protocol/records.ts'
import type { Services } from '../services.ts'
import type { Report } from './report.ts'

/** What a verb of operators is and what it is handed; verbs.ts has the table of them. */

export type AdminVerb = Exclude<keyof typeof adminVerb.values, 'unknown'>

/** What an operator asked for, as the message `administer` carries it. */
export type Asked = Readonly<{ target: string; value: string; after: string }>

export type AdminContext = Pick<
  Services,
  'store' | 'passwords' | 'presence' | 'shared' | 'busIsUp' | 'publish' | 'now' | 'jobs'
> &
  Readonly<{
    /** Whose account asks; undefined: who owns the data folder. */
    operator: User | undefined
    /** The connection that asks, when one does: its session. */
    caller?: Readonly<{ tokenHash: Uint8Array }>
  }>

export type Verb = Readonly<{
  /** Its arguments: names in capitals, in brackets what may be left out. */
  args: string
  meaning: string
  /** Only for who owns the data folder, not for an operator's account. */
  owner?: true
  /** @throws ChatError when it is refused */
  run: (context: AdminContext, asked: Asked) => Promise<Report>
}>
