import { ChatError } from '../../protocol/errors.ts'
import type { AnswerOf, Entry, Head } from '../../protocol/messages.ts'
import { isId, nameKey } from '../../protocol/names.ts'
import type { Target } from '../events.ts'
import { Directory, isTargetOf } from './directory.ts'
import { type Pages, seqBefore } from './pages.ts'
import type { Standing } from './standing.ts'

/** One's conversations: how they stand, how they are called, and which one somebody means. */
export class Conversations {
  readonly #standing: Standing
  readonly #directory = new Directory()
  /** Stretches of their logs. */
  readonly pages: Pages = (draft) => this.#standing.ask({ type: 'getPage', ...draft })

  constructor(standing: Standing) {
    this.#standing = standing
  }

  /** Heads that were told. */
  take(heads: readonly Head[]): void {
    this.#directory.take(heads)
  }

  /** An entry that was told: it may rename its group. */
  see(conversation: string, entry: Entry): void {
    this.#directory.see(conversation, entry)
  }

  /** `#name`, or the other's name; the id of what is not known. */
  labelOf(conversation: string): string {
    return this.#directory.labelOf(conversation)
  }

  /** As they stand on the server now. */
  async all(): Promise<readonly Head[]> {
    const heads: Head[] = []
    let after = ''
    do {
      const page: AnswerOf<'sync'> = await this.#standing.ask({ type: 'sync', after })
      heads.push(...page.heads)
      after = page.next
    } while (after !== '')
    this.#directory.take(heads)
    return heads
  }

  /**
   * Undefined: a user to whom one has never written, and who has not written.
   * @throws ChatError (an unknown target, or no member)
   */
  async find(target: Target): Promise<Head | undefined> {
    const known = this.#directory.find(target)
    const heads = known === undefined ? await this.all() : [known]
    const found = heads.find((head) => isTargetOf(target, head))
    if (found === undefined) await this.#checkStranger(target)
    return found
  }

  /** Seq of the last entry that is older than that. */
  async seqAt(head: Head, since: Date): Promise<number> {
    if (head.last === 0 || head.time < since.getTime()) return head.last
    return seqBefore(this.pages, head, since.getTime())
  }

  /**
   * No conversation with it yet: a user may write one day, a group must be entered first.
   * @throws ChatError the server's refusal
   */
  async #checkStranger({ kind, id }: Target): Promise<void> {
    if (kind === 'group') await this.#standing.ask({ type: 'listMembers', group: id })
    if (kind === 'group' || isId(id)) return
    const { users } = await this.#standing.ask({ type: 'find', text: id })
    if (users.some(({ name }) => nameKey(name) === nameKey(id))) return
    throw new ChatError('unknownUser', `there is no user ${id}`)
  }
}
