import { repeatAfterMs } from '../../net/requests.ts'
import type { ShareLine } from '../../net/share-line.ts'
import { ChatError } from '../../protocol/errors.ts'
import type { Context } from '../context.ts'
import { joinOrAskCode } from '../windows/form.ts'

/** Where a share line leads, beyond the server. */
export type Destination = Pick<ShareLine, 'group' | 'invite'>

/**
 * Goes where a share line leads. What the server refuses is forgotten; what was cut off is not.
 * @throws what the server or the connection said
 */
export async function goToDestination(
  context: Context,
  { group, invite }: Destination,
): Promise<void> {
  try {
    await joinOrAskCode(context, group, invite)
    context.flow.arrived()
  } catch (error) {
    if (error instanceof ChatError && repeatAfterMs(error) === undefined) context.flow.arrived()
    throw error
  }
}
