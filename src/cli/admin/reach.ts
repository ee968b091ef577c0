import type { Report } from '../../server/admin/report.ts'
import type { AdminVerb, Asked } from '../../server/admin/verb.ts'

/** A way to a server, or to the data folder of one that does not run. */
export type Reach = Readonly<{
  /** @throws ChatError the refusal */
  ask: (verb: AdminVerb, asked: Asked) => Promise<Report>
  /** What somebody can connect with to that server, into the group with the code. */
  lineWith?: (group: string, code: string) => string
  close: () => Promise<void>
}>
