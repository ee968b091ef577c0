import type { User } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { DraftKeeper, type DraftKeeperOptions } from './draft-keeper.ts'
import { Keeper } from './keeper.ts'
import type { Memory } from './memory.ts'
import { fileFault } from './refusal.ts'

export type RemembranceOptions = Omit<DraftKeeperOptions, 'onFault'> & Readonly<{ look: Look }>

/** What this computer remembers of the account that is on the screen: its cache and its drafts. */
export class Remembrance {
  readonly #options: RemembranceOptions
  readonly #keeper: Keeper
  readonly #drafts: DraftKeeper

  constructor(options: RemembranceOptions) {
    const { cacheFault, draftFault } = options.look.words.memory
    this.#options = options
    this.#keeper = new Keeper({
      ...options,
      onFault: (why) => this.#say(cacheFault(fileFault(why, options.look))),
    })
    this.#drafts = new DraftKeeper({
      ...options,
      onFault: (why) => this.#say(draftFault(fileFault(why, options.look))),
    })
  }

  /** What was known is on the screen, before anything is connected. */
  restore(memory: Memory, me: User): void {
    const { conversations, contacts } = memory.cache
    const heads = conversations.map(({ head }) => head)
    this.#options.store.dispatch({ type: 'restored', me, heads, contacts })
    this.begin(memory, me)
  }

  /** From now on what is on the screen is remembered for this account. */
  begin({ cache, drafts, fault }: Memory, me: User): void {
    this.#keeper.begin(cache, me)
    this.#drafts.begin(drafts)
    const { look } = this.#options
    if (fault !== undefined) this.#say(look.words.memory.cacheFault(fileFault(fault, look)))
  }

  /** The rest is written, and the account let go. */
  async end(): Promise<void> {
    await Promise.all([this.#keeper.end(), this.#drafts.end()])
  }

  /** Nothing of the account stays. */
  async forget(): Promise<void> {
    await Promise.all([this.#keeper.forget(), this.#drafts.forget()])
  }

  /** The server has ended the session: what was being written is the person's still. */
  async endSession(): Promise<void> {
    await Promise.all([this.#keeper.forget(), this.#drafts.end()])
  }

  /** After each change of the state. */
  look(state: ClientState): void {
    this.#keeper.look(state)
    this.#drafts.look(state)
  }

  /** The process ends at once. */
  saveNow(): void {
    this.#drafts.saveNow()
  }

  /** Gets what is remembered of a conversation. Resolves when it is in the state. */
  recall(target: string): Promise<void> {
    return this.#keeper.recall(target)
  }

  /** What is remembered of a conversation is on its way. */
  isRecalling(target: string): boolean {
    return this.#keeper.isReading(target)
  }

  #say(text: string): void {
    this.#options.store.dispatch({ type: 'notice', notice: { kind: 'error', text } })
  }
}
