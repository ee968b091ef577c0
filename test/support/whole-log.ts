import type { Entry } from '../../src/protocol/messages.ts'
import type { RawClient } from './raw-client.ts'

/** Everything that a member may read of a conversation, by pages, newest first. */
export async function wholeLog(client: RawClient, conversation: string): Promise<readonly Entry[]> {
  const log: Entry[] = []
  for (;;) {
    const before = log[0]?.seq ?? 0
    const page = await client.ask({ type: 'getPage', conversation, before })
    log.unshift(...page.entries)
    if (page.entries.length === 0 || page.entries[0]?.seq === page.first) return log
  }
}
