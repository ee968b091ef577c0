import { formatAddress } from '../../net/address.ts'
import { looksLikeShareLine, parseShareLine, type ShareLine } from '../../net/share-line.ts'
import { ChatError } from '../../protocol/errors.ts'
import { nameKey, nameOf } from '../../protocol/names.ts'
import { namesOf } from '../commands/arguments.ts'
import { joinGroup } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import { editorText, emptyEditor } from '../input/editor.ts'
import { codeOf, isMasked } from '../keys/forms.ts'
import { formKey, type Press } from '../keys/window-keys.ts'
import type { FormName, FormWindow } from '../state/windows.ts'
import { changePassword, deleteAccount } from './account-requests.ts'
import { addMembers, deleteGroup, renameGroup, setTopic } from './group-requests.ts'

/** Opens a form; `texts` are what its fields hold at first. */
export function openForm(
  context: Context,
  form: FormName,
  group: string,
  texts: readonly string[] = [],
): void {
  const { labels } = context.look.words.windows.forms[form]
  const fields = labels.map((_, index) => emptyEditor({ oneLine: true, text: texts[index] ?? '' }))
  show(context, { type: 'form', form, group, fields, field: 0, busy: false, fault: '' })
}

/** A key in a form. What is refused is said in it, and can be mended there. */
export function formWindowKey(context: Context, overlay: FormWindow, key: Press): void {
  if (overlay.busy) return
  if (key.action !== 'accept') return formKey(context, overlay, key)
  const values = overlay.fields.map((field, index) =>
    isMasked(overlay.form, index) ? editorText(field) : editorText(field).trim(),
  )
  const fault = faultOf(context, overlay, values)
  if (fault !== undefined) return show(context, { ...overlay, fault })
  show(context, { ...overlay, busy: true, fault: '' })
  submits[overlay.form](context, overlay.group, values).then(
    () => {
      // What was done may have opened something else.
      if (context.store.getSnapshot().overlay?.type === 'form') show(context, undefined)
    },
    (error: unknown) => {
      const now = context.store.getSnapshot().overlay
      if (now?.type !== 'form') return
      show(context, { ...now, busy: false, fault: inWords(error, context.look) })
    },
  )
}

type Values = readonly string[]

/** What is wrong with a form before anybody is asked. */
function faultOf(
  context: Context,
  { form, group }: FormWindow,
  values: Values,
): string | undefined {
  const { forms } = context.look.words.windows
  const empty = form === 'topic' ? -1 : values.indexOf('')
  if (empty !== -1) return forms.missing(forms[form].labels[empty] ?? '')
  if (form === 'password' && values[1] !== values[2]) return forms.notTheSame
  const name = nameToType(context, form, group)
  const typed = values.at(-1) ?? ''
  if (name === undefined || nameKey(nameOf(typed)) === nameKey(name)) return undefined
  return forms.notTheName(name)
}

/** The name that is typed to be sure. */
function nameToType({ store }: Context, form: FormName, group: string): string | undefined {
  const { me, conversations } = store.getSnapshot()
  if (form === 'deleteGroup') return conversations.get(group)?.name
  return form === 'deleteAccount' ? me?.name : undefined
}

const submits: Readonly<
  Record<FormName, (context: Context, group: string, values: Values) => Promise<void>>
> = {
  topic: (context, group, [topic = '']) => setTopic(context, group, topic),
  renameGroup: (context, group, [name = '']) => renameGroup(context, group, name),
  addMembers: (context, group, [names = '']) => addMembers(context, group, namesOf(names)),
  deleteGroup: (context, group) => deleteGroup(context, group),
  inviteCode: async (context, group, [code = '']) =>
    joinGroup(context, group, codeOf(code, context.look)),
  password: (context, _, [old = '', password = '']) => changePassword(context, old, password),
  deleteAccount: (context, _, [password = '']) => deleteAccount(context, password),
}

/**
 * Joins what a person wrote: a name, perhaps with an invite behind it, or a share line, as it was
 * copied.
 * @throws what the server or the connection said; Error for a line that leads elsewhere
 */
export async function joinWritten(context: Context, text: string): Promise<void> {
  if (looksLikeShareLine(text)) return joinByLine(context, parseShareLine(text))
  const [name = '', invite = ''] = namesOf(text)
  return joinOrAskCode(context, name, invite)
}

/** Joins; where that takes an invite, it is asked for. @throws what the server or the connection said */
export async function joinOrAskCode(context: Context, name: string, invite: string): Promise<void> {
  try {
    await joinGroup(context, name, codeOf(invite, context.look))
  } catch (error) {
    const needed = error instanceof ChatError && error.code === 'inviteNeeded' && invite === ''
    if (!needed) throw error
    openForm(context, 'inviteCode', nameOf(name))
  }
}

/** A line may lead to another server, and say so by its key. */
async function joinByLine(context: Context, line: ShareLine): Promise<void> {
  const { serverKey } = context.store.getSnapshot()
  const { elsewhere, noGroup } = context.look.words.windows.done
  const { fingerprint, group, invite, address } = line
  if (fingerprint !== undefined && serverKey !== undefined && fingerprint !== serverKey) {
    throw new Error(elsewhere(formatAddress(address)))
  }
  if (group === '') throw new Error(noGroup)
  return joinOrAskCode(context, group, invite)
}
