import { act, leaveServer, run } from '../commands/actions.ts'
import { namesOf } from '../commands/arguments.ts'
import { goToItems } from '../commands/go-to.ts'
import { addContact, createGroup, leaveGroup, openByName, openWith } from '../commands/requests.ts'
import { type Context, notify, show } from '../context.ts'
import { sharedLines } from '../flow/share.ts'
import { mainLayout, overlaySize } from '../frame.ts'
import { editorText } from '../input/editor.ts'
import type { KeyPress } from '../input/key.ts'
import type { Meaning } from '../input/keymap.ts'
import { infoKey } from '../messages/info.ts'
import { linksKey } from '../messages/links.ts'
import { deleteKey, reactKey } from '../messages/window-keys.ts'
import { helpPage, helpTopMax } from '../panes/overlay.ts'
import { sharedGroup } from '../panes/share.ts'
import type { ClientState, Overlay } from '../state/model.ts'
import { joinableGroups } from '../state/selectors.ts'
import { askKey } from '../windows/ask.ts'
import { catchUpKey, peekKey } from '../windows/catch-up.ts'
import { choiceKey } from '../windows/choice-keys.ts'
import { formWindowKey, joinOrAskCode, joinWritten } from '../windows/form.ts'
import { listKey } from '../windows/list.ts'
import { memberKey } from '../windows/member-keys.ts'
import { searchKey } from '../windows/search.ts'
import { leaveLongText, longTextKey } from './long-text-keys.ts'
import { formKey, type Press, stepped, submit, typed } from './window-keys.ts'

/** A key while an overlay is open. */
export function overlayKey(
  context: Context,
  overlay: Overlay,
  key: KeyPress,
  meaning: Meaning | undefined,
): void {
  const action = meaning?.action
  if (action === 'close' && overlay.type === 'longText') return leaveLongText(context, overlay)
  if (action === 'close') return show(context, 'back' in overlay ? overlay.back : undefined)
  const press = presses[overlay.type] as (context: Context, overlay: Overlay, key: Press) => void
  press(context, overlay, { ...key, action, argument: meaning?.argument ?? '' })
}

type Presses = {
  [T in Overlay['type']]: (
    context: Context,
    overlay: Extract<Overlay, { type: T }>,
    key: Press,
  ) => void
}

const presses: Presses = {
  goTo: (context, overlay, key) => {
    const { query: typedText, found } = overlay
    const items = goToItems(context.store.getSnapshot(), editorText(typedText), context.look, found)
    const chosen = stepped(key, overlay.chosen, items.length)
    if (chosen !== undefined) return show(context, { ...overlay, chosen })
    if (key.action === 'accept') return goTo(context, items[overlay.chosen])
    const query = typed(overlay.query, key)
    if (query !== undefined) show(context, { ...overlay, query, chosen: 0 })
  },
  // Its keys are those after Ctrl-X.
  menu: () => {},
  createGroup: (context, overlay, key) => {
    if (overlay.busy) return
    const { access, nonce } = overlay
    const onAccess = overlay.field === overlay.fields.length
    if (onAccess && [' ', 'left', 'right'].includes(key.name === 'space' ? ' ' : key.name)) {
      return show(context, { ...overlay, access: access === 'public' ? 'invite' : 'public' })
    }
    if (key.action !== 'accept') return formKey(context, overlay, key)
    const [name = '', members = ''] = overlay.fields.map(editorText)
    submit(context, overlay, () => createGroup(context, name, namesOf(members), { access, nonce }))
  },
  joinGroup: (context, overlay, key) => {
    if (overlay.busy) return
    const query = editorText(overlay.query)
    const groups = joinableGroups(context.store.getSnapshot(), query)
    const chosen = stepped(key, overlay.chosen, groups.length)
    if (chosen !== undefined) return show(context, { ...overlay, chosen })
    if (key.action === 'accept') {
      const name = groups[overlay.chosen]?.name
      return submit(context, overlay, () =>
        name === undefined
          ? joinWritten(context, query)
          : joinOrAskCode(context, name, namesOf(query)[1] ?? ''),
      )
    }
    const next = typed(overlay.query, key)
    if (next !== undefined) show(context, { ...overlay, query: next, chosen: 0, fault: '' })
  },
  addContact: (context, overlay, key) => {
    if (overlay.busy) return
    if (key.action !== 'accept') return formKey(context, overlay, key)
    const [name = ''] = overlay.fields.map(editorText)
    submit(context, overlay, () => addContact(context, name))
  },
  members: memberKey,
  search: searchKey,
  group: choiceKey,
  account: choiceKey,
  list: listKey,
  catchUp: catchUpKey,
  peek: peekKey,
  invite: (context, { invite }, key) => {
    const { conversations } = context.store.getSnapshot()
    const name = conversations.get(invite.group)?.name ?? ''
    copyKey(context, key, (state) => sharedLines(state, name, invite.code))
  },
  ask: askKey,
  form: formWindowKey,
  deleteMessage: deleteKey,
  react: reactKey,
  longText: longTextKey,
  messageInfo: infoKey,
  links: (context, overlay, key) => run(context, () => linksKey(context, overlay, key)),
  // Only to be read.
  whois: () => {},
  help: (context, overlay, key) => {
    const { log, form } = mainLayout(context.store.getSnapshot())
    const size = overlaySize(log, form)
    const count = helpTopMax(size, context.look) + 1
    const top = stepped(key, overlay.top, count, helpPage(size))
    if (top !== undefined) show(context, { ...overlay, top })
  },
  share: (context, _, key) =>
    copyKey(context, key, (state) => sharedLines(state, sharedGroup(state))),
  leave: (context, overlay, key) => {
    const chosen = stepped(key, overlay.chosen, 2)
    if (chosen !== undefined) return show(context, { ...overlay, chosen })
    if (key.action !== 'accept') return
    show(context, undefined)
    if (overlay.chosen === 0) run(context, () => leaveGroup(context))
  },
  quit: (context, overlay, key) => {
    const chosen = stepped(key, overlay.chosen, 3)
    if (chosen !== undefined) return show(context, { ...overlay, chosen })
    if (key.action === 'accept') run(context, () => quit(context, overlay.chosen))
  },
  logOut: (context, overlay, key) => {
    const chosen = stepped(key, overlay.chosen, 2)
    if (chosen !== undefined) return show(context, { ...overlay, chosen })
    if (key.action !== 'accept') return
    show(context, undefined)
    if (overlay.chosen === 1) run(context, () => context.flow.logOut())
  },
}

/** The first line goes to the clipboard. */
function copyKey(
  context: Context,
  { action }: Press,
  linesOf: (state: ClientState) => readonly string[],
): void {
  const [line] = linesOf(context.store.getSnapshot())
  if (action !== 'copyLine' || line === undefined) return
  context.copy(line)
  notify(context, 'info', context.look.words.share.copied)
}

function goTo(context: Context, item: ReturnType<typeof goToItems>[number] | undefined): void {
  if (item === undefined) return
  show(context, undefined)
  const { to } = item
  if (to.type === 'open') return context.store.dispatch({ type: 'opened', target: to.target })
  if (to.type === 'begin') return openWith(context, to.user)
  if (to.type === 'ask') return run(context, () => openByName(context, to.name))
  if (to.type === 'create') return run(context, () => createGroup(context, to.name, []))
  if (to.type === 'join') return run(context, () => joinOrAskCode(context, to.name, ''))
  const { me } = context.store.getSnapshot()
  if (to.type === 'notes') return me === undefined ? undefined : openWith(context, me)
  if (to.type === 'command') act(context, to.action)
}

/** Whether the server goes on is the host's to say. */
async function quit(context: Context, chosen: number): Promise<void> {
  show(context, undefined)
  if (chosen !== 2) await leaveServer(context, chosen === 0 ? 'keep' : 'stop')
}
