import { ChatError } from '../../protocol/errors.ts'
import type { LogFields } from '../log.ts'
import type { Services } from '../services.ts'
import type { Report } from './report.ts'
import type { AdminContext, Asked } from './verb.ts'
import { isAdminVerb, verbs } from './verbs.ts'

/**
 * Does what an operator asked for, whichever way they came.
 * @throws ChatError
 */
export async function administer(
  context: AdminContext & Pick<Services, 'log'>,
  verb: string,
  asked: Asked,
): Promise<Report> {
  if (!isAdminVerb(verb)) throw new ChatError('badRequest', 'this server does not know that verb')
  const row = verbs[verb]
  if (row.owner === true && context.operator !== undefined) {
    const where = 'in the data folder, on the server’s machine'
    throw new ChatError('notAllowed', `only who owns the data folder can do that, ${where}`)
  }
  // Arguments may be secrets: codes, passwords.
  const by: LogFields = { verb, by: context.operator?.name ?? 'owner' }
  if (asked.after === '') context.log.info('an operator acts', by)
  return row.run(context, asked)
}
