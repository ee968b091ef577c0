import type { ReactNode } from 'react'
import { type Fingerprint, fingerprintWords } from '../../net/fingerprint.ts'
import { choicesOf } from '../flow/screens.ts'
import type { EditorState } from '../input/editor.ts'
import { layoutLine } from '../input/editor-layout.ts'
import type { Look } from '../look.ts'
import { isTooSmall } from '../panes/too-small.ts'
import type { LogInScreen, Screen } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { choiceRows, GAP, PAGE_MARGIN, Page, pageRows, paragraph, type Size } from './Page.tsx'
import { Prompt } from './Prompt.tsx'
import type { PageRow } from './page-rows.ts'

/** What the entrance screens call. */
export type EntranceCalls = Readonly<{
  address: (text: string) => void
  submitAddress: () => void
  password: (text: string) => void
  submitPassword: () => void
}>

export type EntranceProps<T extends Screen['type'] = Screen['type']> = Readonly<{
  screen: Extract<Screen, { type: T }>
  address: string
  version: string
  /** What is wrong in the configuration; '' when nothing is. */
  complaint: string
  /** What countdowns count from, milliseconds since 1970. */
  now: number
  size: Size
  look: Look
  calls: EntranceCalls
}>

/** The screens before the chat. */
export function Entrance(props: EntranceProps): ReactNode {
  const Screen = screens[props.screen.type] as ((props: EntranceProps) => ReactNode) | undefined
  return Screen === undefined ? null : <Screen {...props} />
}

type Screens = { [T in Screen['type']]?: (props: EntranceProps<T>) => ReactNode }

const screens: Screens = {
  start: Start,
  hosting: ({ size, look }) => (
    <Page size={size} title={look.words.start.hosting} keys="" look={look} />
  ),
  hostFailed: HostFailed,
  address: AskAddress,
  connecting: ({ screen, size, look }) => (
    <Page
      size={size}
      title={look.words.connecting.title(screen.address)}
      keys={look.words.connecting.keys}
      look={look}
    />
  ),
  failed: Failed,
  trust: Trust,
  changedKey: ChangedKey,
  logIn: LogIn,
  leaving: Leaving,
}

type StartScreen = Extract<Screen, { type: 'start' }>

function Start({ screen, version, complaint, size, look }: EntranceProps<'start'>): ReactNode {
  const { words, theme } = look
  const choices = choicesOf(screen, look)
  const first = choiceRows(choices.slice(0, 2), screen.chosen, size, look)
  const recent = choiceRows(choices.slice(2), screen.chosen - 2, size, look)
  const servers =
    recent.length === 0
      ? []
      : [GAP, { is: 'note', row: theme.strong(serversTitle(screen, look)) } as const, ...recent]
  const rows = [
    ...paragraph(words.start.title, 'help', size, theme.faint),
    GAP,
    ...first,
    ...servers,
    ...(complaint === '' ? [] : [GAP]),
    ...paragraph(complaint, 'note', size, theme.careful),
  ]
  const title = `${words.product} ${version}`
  return <Page size={size} title={title} keys={words.start.keys} look={look} rows={rows} />
}

function serversTitle({ recent }: StartScreen, { words }: Look): string {
  const named = recent.some(({ name }) => name !== undefined)
  return named ? words.configuration.servers : words.start.recentTitle
}

function HostFailed({ screen, size, look }: EntranceProps<'hostFailed'>): ReactNode {
  const { words, theme } = look
  const rows = [
    ...paragraph(screen.text, 'fault', size, theme.bad),
    GAP,
    ...choiceRows(choicesOf(screen, look), screen.chosen, size, look),
  ]
  const { hostFailed: title } = words.start
  return <Page size={size} title={title} keys={words.failed.keys} look={look} rows={rows} />
}

function Leaving({ screen, size, look }: EntranceProps<'leaving'>): ReactNode {
  const { quit, failed } = look.words
  const words = screen.elsewhere ? quit.elsewhere : quit
  const rows = [
    ...paragraph(words.connected(screen.connected), 'note', size),
    GAP,
    ...choiceRows(choicesOf(screen, look), screen.chosen, size, look),
  ]
  return <Page size={size} title={words.title} keys={failed.keys} look={look} rows={rows} />
}

function AskAddress({ screen, size, look, calls }: EntranceProps<'address'>): ReactNode {
  const { address } = look.words
  const label = `${address.label}${' '.repeat(LABEL_GAP)}`
  const prompt = (
    <Prompt
      label={label}
      value={screen.text}
      cells={fieldCells(size, textWidth(label))}
      focus
      onChange={calls.address}
      onSubmit={calls.submitAddress}
    />
  )
  const rows: readonly PageRow[] = [
    { is: 'focus', row: prompt, id: 'address' },
    GAP,
    ...paragraph(address.help, 'help', size, look.theme.faint),
    ...paragraph(screen.fault, 'fault', size, look.theme.bad),
  ]
  return <Page size={size} title={address.title} keys={address.keys} look={look} rows={rows} />
}

function Failed({ screen, now, size, look }: EntranceProps<'failed'>): ReactNode {
  const { theme } = look
  const { failed } = look.words
  const { next, waiting } = screen
  const rows: readonly PageRow[] = [
    ...paragraph(screen.text, 'fault', size, theme.bad),
    ...(next === undefined ? [] : [{ is: 'note', row: nextTry(next, now, look) } as const]),
    ...(waiting === 0 ? [] : paragraph(failed.waiting(waiting), 'help', size)),
    GAP,
    ...choiceRows(choicesOf(screen, look), screen.chosen, size, look),
  ]
  const title = failed.title(screen.address)
  return <Page size={size} title={title} keys={failed.keys} look={look} rows={rows} />
}

function nextTry(next: number | 'now', now: number, { words: { failed } }: Look): string {
  if (next === 'now') return failed.trying
  return failed.next(Math.max(0, Math.ceil((next - now) / 1000)))
}

function Trust({ screen, size, look }: EntranceProps<'trust'>): ReactNode {
  const { trust } = look.words
  const { fingerprint } = screen
  const rows = [
    ...paragraph(trust.why, 'help', size),
    GAP,
    ...keyRows(trust.words, fingerprintWords(fingerprint).join(' '), size, look),
    ...keyRows(trust.hex, fingerprint, size, look),
    GAP,
    ...choiceRows(choicesOf(screen, look), screen.chosen, size, look),
  ]
  const title = trust.title(screen.address)
  return <Page size={size} title={title} keys={trust.keys} look={look} rows={rows} />
}

function ChangedKey({ screen, size, look }: EntranceProps<'changedKey'>): ReactNode {
  const { changedKey } = look.words
  const inFull = (fingerprint: Fingerprint) =>
    `${fingerprintWords(fingerprint).join(' ')}\n${fingerprint}`
  const rows = [
    ...paragraph(changedKey.why, 'fault', size, look.theme.bad),
    GAP,
    ...keyRows(changedKey.old, inFull(screen.pinned), size, look),
    ...keyRows(changedKey.new, inFull(screen.fingerprint), size, look),
    GAP,
    ...paragraph(changedKey.advice(screen.address), 'help', size),
    GAP,
    ...choiceRows(choicesOf(screen, look), screen.chosen, size, look),
  ]
  const title = changedKey.title(screen.address)
  return <Page size={size} title={title} keys={changedKey.keys} look={look} rows={rows} />
}

function keyRows(title: string, text: string, size: Size, { theme }: Look): readonly PageRow[] {
  return [{ is: 'note', row: theme.faint(title) }, ...paragraph(text, 'note', size, theme.accent)]
}

/** Blank cells between a label and its field. */
const LABEL_GAP = 2

function LogIn({ screen, address, size, look, calls }: EntranceProps<'logIn'>): ReactNode {
  const { logIn } = look.words
  const password = (
    <Prompt
      label={label(logIn.password, look)}
      value={screen.password}
      cells={fieldCells(size, labelCells(look))}
      mask="•"
      focus={screen.field === 'password' && !screen.busy}
      onChange={calls.password}
      onSubmit={calls.submitPassword}
    />
  )
  const rows = logInRows(screen, size, look, password)
  return <Page size={size} title={logIn.title(address)} keys={logIn.keys} look={look} rows={rows} />
}

/** Below the title; `password`: what draws that row. */
function logInRows(
  screen: LogInScreen,
  size: Size,
  look: Look,
  password: ReactNode,
): readonly PageRow[] {
  const { logIn: words } = look.words
  const { theme } = look
  const { field, invite, name, fault } = screen
  const input = (id: LogInScreen['field'], row: string | ReactNode): PageRow => ({
    is: id === field ? 'focus' : 'other',
    row,
    id,
  })
  const editorRow = (text: string, editor: EditorState) =>
    label(text, look) + layoutLine(editor, fieldCells(size, labelCells(look))).row
  return [
    ...(screen.plaintext ? paragraph(words.plaintext, 'note', size, theme.careful) : []),
    input('name', editorRow(words.name, name)),
    input('password', password),
    ...(invite === undefined
      ? []
      : [
          input('invite', editorRow(words.invite, invite)),
          ...paragraph(words.inviteHelp, 'help', size, theme.faint),
        ]),
    GAP,
    ...buttonRows(field, size, look),
    GAP,
    ...(screen.busy
      ? [{ is: 'fault', row: theme.faint(words.busy) } as const]
      : paragraph(fault, 'fault', size, theme.bad)),
  ]
}

/** Beside each other, where both have room. */
function buttonRows(
  field: LogInScreen['field'],
  { columns }: Size,
  look: Look,
): readonly PageRow[] {
  const { logIn, create } = look.words.logIn
  const width = Math.max(1, columns - PAGE_MARGIN)
  const buttons = [
    { id: 'logIn', text: logIn },
    { id: 'create', text: create },
  ].map(({ id, text }): PageRow => {
    const isChosen = id === field
    const row = isChosen
      ? look.theme.chosen(`▸ ${cutText(text, width - 3)} `)
      : `[ ${cutText(text, Math.min(BUTTON_CELLS_MAX, width - 4))} ]`
    return { is: isChosen ? 'focus' : 'other', row, id }
  })
  const cells = textWidth(logIn) + textWidth(create) + 2 * '[  ]'.length + BUTTON_GAP.length
  if (cells > width) return buttons
  const row = buttons.map((button) => button.row).join(BUTTON_GAP)
  return [{ is: buttons.some(({ is }) => is === 'focus') ? 'focus' : 'other', row }]
}

const BUTTON_CELLS_MAX = 30
const BUTTON_GAP = '  '

function label(text: string, look: Look): string {
  return fitText(text, labelCells(look) - LABEL_GAP) + ' '.repeat(LABEL_GAP)
}

/** With the gap behind them. */
function labelCells({ words: { logIn } }: Look): number {
  return Math.max(textWidth(logIn.name), textWidth(logIn.password)) + LABEL_GAP
}

/** What a field has beside its label. */
function fieldCells({ columns }: Size, labelled: number): number {
  return Math.max(2, columns - 2 * PAGE_MARGIN - labelled)
}

/** Where the cursor of the name's field stands; the prompts draw their own. */
export function logInCursor(
  screen: LogInScreen,
  size: Size,
  look: Look,
): Readonly<{ x: number; y: number }> | undefined {
  const { field } = screen
  const editor = field === 'name' || field === 'invite' ? screen[field] : undefined
  if (editor === undefined || screen.busy || isTooSmall(size)) return undefined
  const { column } = layoutLine(editor, fieldCells(size, labelCells(look)))
  const rows = pageRows('', logInRows(screen, size, look, ''), size, look)
  const y = rows.findIndex(({ id }) => id === field)
  return { x: PAGE_MARGIN + labelCells(look) + column, y }
}
