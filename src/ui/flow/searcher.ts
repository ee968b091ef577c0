import { ChatError } from '../../protocol/errors.ts'
import { chatOf } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { editorText } from '../input/editor.ts'
import type { ClientState } from '../state/model.ts'
import type { Found, SearchWindow } from '../state/windows.ts'
import { askedOf } from '../windows/search.ts'
import { inWords } from './refusal.ts'

/** How long typing pauses before the server is asked, milliseconds. */
const PAUSE_MS = 200
/** More hits are asked for when so few are left below the chosen one. */
const AHEAD = 8

/** Searches while one types, and goes on while one scrolls down; looks at every new state. */
export class Searcher {
  readonly #context: Context
  /** What is waited for, or was asked last. */
  #wanted = ''
  #cancel: (() => void) | undefined

  constructor(context: Context) {
    this.#context = context
  }

  look({ overlay, link }: ClientState): void {
    if (overlay?.type !== 'search') return this.stop()
    const asked = askedOf(overlay)
    if (editorText(overlay.query).trim() === '') {
      this.stop()
      if (overlay.found.state !== 'nothing') this.#found(overlay, { state: 'nothing' })
      return
    }
    const { found } = overlay
    const answered = found.state !== 'nothing' && found.asked === asked
    if (!answered) return this.#await(asked)
    if (found.state === 'failed' && found.offline && link.state === 'online') {
      return this.#found(overlay, { state: 'nothing' })
    }
    this.#goOn(overlay, found)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#wanted = ''
  }

  #await(asked: string): void {
    if (this.#wanted === asked && this.#cancel !== undefined) return
    this.#cancel?.()
    this.#wanted = asked
    this.#cancel = this.#context.clock.after(PAUSE_MS, () => {
      this.#cancel = undefined
      const window = this.#windowFor(asked)
      if (window !== undefined) this.#ask(window, asked)
    })
  }

  /** The window, while it still wants this. */
  #windowFor(asked: string): SearchWindow | undefined {
    const { overlay } = this.#context.store.getSnapshot()
    return overlay?.type === 'search' && askedOf(overlay) === asked ? overlay : undefined
  }

  #ask(window: SearchWindow, asked: string): void {
    this.#found(window, { state: 'searching', asked })
    this.#request(window, '').then(
      ({ hits, next }) =>
        this.#answer(asked, { state: 'found', asked, hits, next, loading: false }),
      (error: unknown) => this.#answer(asked, this.#failed(asked, error)),
    )
  }

  /** The rest of a list that one scrolls through. */
  #goOn(window: SearchWindow, found: Found): void {
    if (found.state !== 'found' || found.loading || found.next === '') return
    if (window.chosen + AHEAD < found.hits.length) return
    const { asked, hits } = found
    this.#found(window, { ...found, loading: true })
    this.#request(window, found.next).then(
      (more) =>
        this.#answer(asked, {
          ...found,
          hits: [...hits, ...more.hits],
          next: more.next,
          loading: false,
        }),
      // What is there stays; the rest is not asked for again and again.
      () => this.#answer(asked, { ...found, next: '', loading: false }),
    )
  }

  #request({ query, where }: SearchWindow, after: string) {
    const { store } = this.#context
    const head =
      where === undefined ? undefined : store.getSnapshot().conversations.get(where)?.head
    return chatOf(this.#context).request({
      type: 'search',
      after,
      text: editorText(query).trim(),
      conversation: head?.conversation ?? '',
    })
  }

  #failed(asked: string, error: unknown): Found {
    const { look, store } = this.#context
    const { unavailable, offline } = look.words.windows.search
    const online = store.getSnapshot().link.state === 'online'
    if (!online) return { state: 'failed', asked, fault: offline, offline: true }
    const building = error instanceof ChatError && error.code === 'unavailable'
    const fault = building ? unavailable : inWords(error, look)
    return { state: 'failed', asked, fault, offline: false }
  }

  #answer(asked: string, found: Found): void {
    const window = this.#windowFor(asked)
    if (window !== undefined) this.#found(window, found)
  }

  #found(window: SearchWindow, found: Found): void {
    show(this.#context, { ...window, found })
  }
}
