import { type ActionName, isActionName } from '../commands/action-names.ts'
import { act, run } from '../commands/actions.ts'
import { changePreference, isPreferenceAction } from '../commands/preferences.ts'
import { type Context, notify, show } from '../context.ts'
import { type ActionId, MENU_KEY } from '../input/bindings.ts'
import { type EditorState, emptyEditor, isAtEnd, type SimpleAction } from '../input/editor.ts'
import type { KeyPress } from '../input/key.ts'
import {
  actionFor,
  isWindowPlace,
  type KeyPlace,
  keyLabel,
  keysOfAction,
  type Meaning,
  type Situation,
} from '../input/keymap.ts'
import { enterLog, leaveLog } from '../messages/actions.ts'
import { cancelComposing } from '../messages/composing.ts'
import { draftOf } from '../state/drafts.ts'
import { shownRows } from '../state/list-filter.ts'
import type { ClientState, Overlay } from '../state/model.ts'
import { highlighted, openConversation } from '../state/selectors.ts'
import { blockRow } from '../windows/block-row.ts'
import { Composer } from './composer.ts'
import { entranceKey } from './entrance-keys.ts'
import { filterKey } from './filter-keys.ts'
import { overlayKey } from './overlay-keys.ts'

/** How long after Ctrl-X its menu opens, and how soon a second Ctrl-C must follow. Milliseconds. */
const MENU_MS = 300
const QUIT_MS = 2_000

/** Turns keys into what they do. Keeps nothing but what the keys before said. */
export class Keys {
  readonly #context: Context
  readonly composer: Composer
  #cancelMenu: (() => void) | undefined
  #quitUntil = Number.NEGATIVE_INFINITY

  constructor(context: Context) {
    this.#context = context
    this.composer = new Composer(context)
  }

  press(key: KeyPress): void {
    const state = this.#state
    if (state.notice !== undefined) {
      this.#context.store.dispatch({ type: 'notice', notice: undefined })
    }
    const always = ALWAYS.find((action) => this.#has(action, key.name))
    if (always !== undefined) return act(this.#context, always)
    if (state.screen.type !== 'main') return entranceKey(this.#context, state.screen, key)
    if (state.prefix || state.overlay?.type === 'menu') return this.#menuKey(key)
    if (key.name === MENU_KEY) return this.#prefix()
    if (state.overlay !== undefined) return this.#overlayKey(state, key)
    this.#mainKey(state, key)
  }

  paste(text: string): void {
    const state = this.#state
    if (state.screen.type !== 'main' || state.overlay !== undefined) {
      return this.press({ name: 'text', text: text.replace(/\s*[\r\n]+\s*/g, ' ') })
    }
    if (state.focus !== 'compose') this.#context.store.dispatch({ type: 'focus', focus: 'compose' })
    this.composer.paste(state, text)
  }

  stop(): void {
    this.#cancelMenu?.()
  }

  #prefix(): void {
    const { store, clock } = this.#context
    show(this.#context, undefined)
    store.dispatch({ type: 'prefix', pressed: true })
    this.#cancelMenu = clock.after(MENU_MS, () => {
      store.dispatch({ type: 'prefix', pressed: false })
      act(this.#context, 'menu')
    })
  }

  #menuKey(key: KeyPress): void {
    const { overlay } = this.#state
    this.#cancelMenu?.()
    this.#context.store.dispatch({ type: 'prefix', pressed: false })
    show(this.#context, undefined)
    if (key.name === 'esc' || key.name === MENU_KEY || key.name === 'ctrl+c') return
    const turn = MENU_TURNS[key.name]
    if (turn !== undefined && overlay?.type === 'menu') {
      return show(this.#context, { ...overlay, page: (overlay.page ?? 0) + turn })
    }
    // Who keeps Ctrl down means the same.
    const name = key.name.replace(/^ctrl\+/, '')
    const state = this.#state
    const place = placeOf(state)
    const meaning = actionFor(this.#context.keymap, place, name, situationOf(state), MENU_KEY)
    if (meaning !== undefined) return this.#do(state, meaning)
    notify(this.#context, 'error', this.#context.look.words.notices.noKey(keyLabel(name)))
  }

  #overlayKey(state: ClientState, key: KeyPress): void {
    if (state.overlay === undefined) return
    const { overlay } = state
    const situation = overlaySituation(overlay)
    const place = isWindowPlace(overlay.type) ? overlay.type : 'overlay'
    const meaning = actionFor(this.#context.keymap, place, key.name, situation)
    overlayKey(this.#context, overlay, key, meaning)
  }

  #mainKey(state: ClientState, key: KeyPress): void {
    const place = placeOf(state)
    const meaning = actionFor(this.#context.keymap, place, key.name, situationOf(state))
    if (meaning !== undefined) return this.#do(state, meaning)
    if (key.text === '') return
    if (place === 'filter') return filterKey(this.#context, key, undefined)
    // What is no key where one is was meant for the message.
    if (place !== 'compose') this.compose()
    this.composer.edit({ kind: 'insert', text: key.text })
  }

  #do(before: ClientState, { action, argument }: Meaning): void {
    const state = action.startsWith('edit.') ? before : this.#withoutSearch(before)
    if (isActionName(action)) return this.#act(state, action, argument)
    const deed = deeds[action]
    if (deed !== undefined) return deed(this, state)
    if (action.startsWith('edit.')) {
      if (placeOf(state) === 'filter') return filterKey(this.#context, undefined, action)
      this.composer.edit({ kind: action.slice('edit.'.length) as SimpleAction })
    }
  }

  /** What is done elsewhere ends the search for what was sent. */
  #withoutSearch(state: ClientState): ClientState {
    if (draftOf(state).search === undefined) return state
    this.composer.edit({ kind: 'searchAccept' })
    return this.#state
  }

  /** What concerns one group concerns, in a list, the one on the highlighted row. */
  #act(state: ClientState, action: ActionName, argument: string): void {
    const onRow = state.focus !== 'compose' && placeOf(state) !== 'log' && ON_ROW.has(action)
    const { list, rows } = listOf(state)
    const row = highlighted(state, list, rows)
    if (!onRow || row === undefined) return act(this.#context, action, argument)
    if (action === 'block') return blockRow(this.#context, list, row)
    if (isPreferenceAction(action)) {
      return run(this.#context, () => changePreference(this.#context, row.target, action))
    }
    if (list === 'people') {
      if (action === 'group') return act(this.#context, 'whois', row.name)
      const { onlyGroups, leaveIsForGroups } = this.#context.look.words.members
      const text = action === 'members' ? onlyGroups : leaveIsForGroups
      return notify(this.#context, 'error', text)
    }
    this.#context.store.dispatch({ type: 'opened', target: row.target })
    act(this.#context, action, argument)
  }

  /** Ctrl-C on an empty line: twice within two seconds it quits. */
  interrupt(): void {
    const now = this.#context.clock.now()
    if (now < this.#quitUntil) return act(this.#context, 'quit')
    this.#quitUntil = now + QUIT_MS
    notify(this.#context, 'info', this.#context.look.words.quit.again)
  }

  /** Esc on an empty line: the newest message first, then the log. */
  escape(state: ClientState): void {
    if (openConversation(state)?.anchor !== undefined) return act(this.#context, 'newest')
    enterLog(this.#context)
  }

  /** Esc, from the log or a list. */
  leaveLog(): void {
    leaveLog(this.#context)
  }

  cancelComposing(): void {
    cancelComposing(this.#context)
  }

  compose(): void {
    this.#context.store.dispatch({ type: 'focus', focus: 'compose' })
  }

  /** Another row of the list that has the focus. */
  choose(state: ClientState, by: number): void {
    const { list, rows } = listOf(state)
    const row = highlighted(state, list, rows)
    const at = row === undefined ? 0 : rows.indexOf(row)
    const index = Math.max(0, Math.min(rows.length - 1, at + by))
    this.#context.store.dispatch({ type: 'chose', list, target: rows[index]?.target })
  }

  openChosen(state: ClientState): void {
    const { list, rows } = listOf(state)
    const row = highlighted(state, list, rows)
    if (row !== undefined) this.#context.store.dispatch({ type: 'opened', target: row.target })
  }

  /** Narrows the lists down; with undefined all of them is shown again. */
  filter(filter: EditorState | undefined): void {
    this.#context.store.dispatch({ type: 'filter', filter })
  }

  #has(action: ActionName, key: string): boolean {
    return keysOfAction(this.#context.keymap, action as ActionId).includes(key)
  }

  get #state(): ClientState {
    return this.#context.store.getSnapshot()
  }
}

/** What works on every screen, the ones before the chat among them. */
const ALWAYS = ['suspend', 'redraw'] as const

/** Keys that go to another page of the menu, where it has more than one. */
const MENU_TURNS: Readonly<Record<string, number>> = { down: 1, pagedown: 1, up: -1, pageup: -1 }

/** What, in a list, concerns the highlighted row. */
const ON_ROW: ReadonlySet<ActionName> = new Set([
  'leaveGroup',
  'members',
  'group',
  'block',
  'mute',
  'pin',
  'markUnread',
] as const)

/** What keys do that no slash command does. */
const deeds: Partial<Record<ActionId, (keys: Keys, state: ClientState) => void>> = {
  send: ({ composer }, state) => composer.send(state),
  quitTwice: (keys) => keys.interrupt(),
  focusLog: (keys, state) => keys.escape(state),
  focusCompose: (keys) => keys.leaveLog(),
  cancelComposing: (keys) => keys.cancelComposing(),
  choosePrevious: (keys, state) => keys.choose(state, -1),
  chooseNext: (keys, state) => keys.choose(state, 1),
  chooseFirst: (keys, state) => keys.choose(state, Number.NEGATIVE_INFINITY),
  chooseLast: (keys, state) => keys.choose(state, Number.POSITIVE_INFINITY),
  accept: (keys, state) => keys.openChosen(state),
  filterList: (keys) => keys.filter(emptyEditor({ oneLine: true })),
  openFiltered: (keys, state) => keys.openChosen(state),
  endFilter: (keys) => keys.filter(undefined),
  'edit.completeNext': ({ composer }, state) => composer.complete(state, 1),
  'edit.completePrevious': ({ composer }, state) => composer.complete(state, -1),
}

function situationOf(state: ClientState): Situation {
  if (state.filter !== undefined) {
    return { empty: state.filter.clusters.length === 0, atEnd: isAtEnd(state.filter) }
  }
  const draft = draftOf(state)
  if (draft.search !== undefined && state.focus === 'compose') return { searching: true }
  const composing = openConversation(state)?.composing !== undefined
  return { composing, empty: draft.clusters.length === 0, atEnd: isAtEnd(draft) }
}

function overlaySituation(overlay: Overlay): Situation {
  const field = fieldOf(overlay)
  if (field === undefined) return { empty: true, atEnd: true }
  return { empty: field.clusters.length === 0, atEnd: isAtEnd(field) }
}

/** The field of a window that takes what is typed. */
function fieldOf(overlay: Overlay): EditorState | undefined {
  if ('query' in overlay) return overlay.query
  return 'fields' in overlay ? overlay.fields[overlay.field] : undefined
}

function placeOf({ focus, filter }: ClientState): KeyPlace {
  if (filter !== undefined) return 'filter'
  return focus === 'people' || focus === 'groups' ? 'lists' : focus
}

function listOf(state: ClientState) {
  const list = state.focus === 'people' ? 'people' : 'groups'
  return { list, rows: shownRows(state, list) } as const
}
