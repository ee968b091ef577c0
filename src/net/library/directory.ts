import type { Entry, Head } from '../../protocol/messages.ts'
import { isId, nameKey } from '../../protocol/names.ts'
import type { Target } from '../events.ts'

/** How one's conversations are called, as the heads told it and renamings changed it. */
export class Directory {
  #heads = new Map<string, Head>()

  take(heads: readonly Head[]): void {
    for (const head of heads) this.#heads.set(head.conversation, head)
  }

  /** An entry may rename its group. */
  see(conversation: string, entry: Entry): void {
    const head = this.#heads.get(conversation)
    if (entry.kind !== 'renamed' || head === undefined || entry.seq <= head.last) return
    this.#heads.set(conversation, { ...head, name: entry.text })
  }

  /** `#name`, or the other's name; the id of what is not known. */
  labelOf(conversation: string): string {
    const head = this.#heads.get(conversation)
    return head === undefined ? conversation : labelOfHead(head)
  }

  find(target: Target): Head | undefined {
    return [...this.#heads.values()].find((head) => isTargetOf(target, head))
  }
}

/** How people call the conversation. */
export function labelOfHead({ kind, name, peer, conversation }: Head): string {
  return kind === 'group' ? `#${name}` : (peer?.name ?? conversation)
}

/** Whether the target means that conversation. */
export function isTargetOf({ kind, id }: Target, head: Head): boolean {
  if (kind !== head.kind) return false
  const [own, name] =
    kind === 'group' ? [head.conversation, head.name] : [head.peer?.id, head.peer?.name ?? '']
  return isId(id) ? id === own : nameKey(id) === nameKey(name)
}
