import { ChatError } from '../../protocol/errors.ts'
import type { AnswerOf, Entry, Head, User } from '../../protocol/messages.ts'
import { isId, nameKey } from '../../protocol/names.ts'
import type { Target } from '../events.ts'
import { Directory, isTargetOf } from './directory.ts'
import { type Pages, seqBefore } from './pages.ts'
import type { Standing } from './standing.ts'

/** One's conversations: how they stand, how they are called, and which one somebody means. */
export class Conversations {
  readonly #standing: Standing
  readonly #directory = new Directory()
  /** Names that the server is being asked about. */
  readonly #resolving = new Map<string, Promise<Target>>()
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

  /**
   * The same target by its id: a name may be another's by the time that a message is repeated, and a
   * nonce counts once in each conversation (rule 3). As it is where the server knows nobody of that
   * name: then it refuses the message. Whoever asks first is answered first.
   * @throws the signal's reason; what ended the session
   */
  async resolve(target: Target, signal?: AbortSignal): Promise<Target> {
    if (isId(target.id)) return target
    const key = `${target.kind} ${nameKey(target.id)}`
    const asked = this.#resolving.get(key) ?? this.#resolveAnew(target, key)
    return unlessAborted(asked, signal)
  }

  #resolveAnew(target: Target, key: string): Promise<Target> {
    const asked = this.#idOf(target).then(
      (id) => {
        this.#resolving.delete(key)
        return id === undefined ? target : { ...target, id }
      },
      (error: unknown) => {
        this.#resolving.delete(key)
        if (error instanceof ChatError) return target
        throw error
      },
    )
    this.#resolving.set(key, asked)
    return asked
  }

  async #idOf(target: Target): Promise<string | undefined> {
    const known = this.#directory.find(target)
    if (known !== undefined) return idOf(known)
    if (target.kind === 'direct') return (await this.#userNamed(target.id))?.id
    const head = await this.#headNamed(target)
    return head && idOf(head)
  }

  /** Asks for no more pages than it needs. */
  async #headNamed(target: Target): Promise<Head | undefined> {
    let after = ''
    do {
      const page: AnswerOf<'sync'> = await this.#standing.ask({ type: 'sync', after })
      this.#directory.take(page.heads)
      const found = page.heads.find((head) => isTargetOf(target, head))
      if (found !== undefined) return found
      after = page.next
    } while (after !== '')
    return undefined
  }

  async #userNamed(text: string): Promise<User | undefined> {
    const { users } = await this.#standing.ask({ type: 'find', text })
    return users.find(({ name }) => nameKey(name) === nameKey(text))
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
    if ((await this.#userNamed(id)) !== undefined) return
    throw new ChatError('unknownUser', `there is no user ${id}`)
  }
}

function idOf({ kind, conversation, peer }: Head): string {
  return kind === 'group' ? conversation : (peer?.id ?? conversation)
}

/** Takes as long with a signal as without: who asks first goes on first. @throws the signal's reason */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  try {
    signal?.throwIfAborted()
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal?.removeEventListener('abort', onAbort)
    promise.catch(() => undefined)
  }
}
