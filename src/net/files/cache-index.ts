import { type Contact, messages } from '../../protocol/messages.ts'
import type { CachedConversation } from '../cache.ts'
import { recordOf, wordOf } from './record-body.ts'
import { SealedFile } from './sealed-file.ts'
import { unseal } from './sealed-line.ts'

const HEAD = messages.heads.fields.heads
const CONTACT = messages.contacts.fields.contacts
/** A file below this many bytes is never too large. */
const LARGE_BYTES = 64 * 1_024

/** Heads and contacts in a file to which changes are appended: the last line of each counts. */
export class CacheIndex {
  readonly conversations: Map<string, CachedConversation>
  readonly contacts: Map<string, Contact>
  readonly #file: SealedFile
  #bodies: string[] = []
  #large = LARGE_BYTES

  private constructor(file: SealedFile, lines: readonly string[]) {
    this.#file = file
    this.conversations = new Map()
    this.contacts = new Map()
    for (const line of lines) this.#take(unseal(line) ?? '')
  }

  static async open(path: string): Promise<CacheIndex> {
    const file = new SealedFile(path)
    return new CacheIndex(file, await file.lines())
  }

  setConversation(conversation: CachedConversation): void {
    this.conversations.set(conversation.head.conversation, conversation)
    this.#bodies.push(headBody(conversation))
  }

  removeConversation(id: string): void {
    if (this.conversations.delete(id)) this.#bodies.push(`x ${id}`)
  }

  setContact(contact: Contact): void {
    this.contacts.set(contact.user?.id ?? '', contact)
    this.#bodies.push(contactBody(contact))
  }

  removeContact(id: string): void {
    if (this.contacts.delete(id)) this.#bodies.push(`y ${id}`)
  }

  /** Writes what was set and removed. */
  async flush(): Promise<void> {
    if (this.#bodies.length === 0) return
    const bodies = this.#bodies
    this.#bodies = []
    if ((await this.#file.append(bodies)) > this.#large) await this.#compact()
  }

  async #compact(): Promise<void> {
    const size = await this.#file.replace([
      ...[...this.conversations.values()].map(headBody),
      ...[...this.contacts.values()].map(contactBody),
    ])
    this.#large = Math.max(LARGE_BYTES, 2 * size)
  }

  /** What a line says; of a kind that is not known, nothing. */
  #take(body: string): void {
    const [kind, word = '', more = ''] = body.split(' ')
    if (kind === 'h') {
      const head = recordOf(HEAD, word)
      const kept = Number(more)
      if (head === undefined || !Number.isSafeInteger(kept)) return
      this.conversations.set(head.conversation, { head, kept })
    } else if (kind === 'c') {
      const contact = recordOf(CONTACT, word)
      if (contact?.user !== undefined) this.contacts.set(contact.user.id, contact)
    } else if (kind === 'x') this.conversations.delete(word)
    else if (kind === 'y') this.contacts.delete(word)
  }
}

function headBody({ head, kept }: CachedConversation): string {
  return `h ${wordOf(HEAD, head)} ${kept}`
}

function contactBody(contact: Contact): string {
  return `c ${wordOf(CONTACT, contact)}`
}
