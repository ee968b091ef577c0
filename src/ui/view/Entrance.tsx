import { Box } from 'ink'
import type { ReactNode } from 'react'
import { type Fingerprint, fingerprintWords } from '../../net/fingerprint.ts'
import { choicesOf } from '../flow/screens.ts'
import { layoutEditor } from '../input/editor-layout.ts'
import type { Look } from '../look.ts'
import type { LogInScreen, Screen } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { Choices, PAGE_MARGIN, Page, Paragraph, type Size } from './Page.tsx'
import { Prompt } from './Prompt.tsx'
import { Row } from './Rows.tsx'

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
  const [host, connect, ...recent] = choices
  const first = [host, connect].filter((choice) => choice !== undefined)
  return (
    <Page size={size} title={`${words.product} ${version}`} keys={words.start.keys} look={look}>
      <Paragraph text={words.start.title} size={size} style={theme.faint} />
      <Row row="" />
      <Choices choices={first} chosen={screen.chosen} size={size} look={look} />
      {recent.length > 0 && <Row row="" />}
      {recent.length > 0 && <Row row={theme.strong(serversTitle(screen, look))} />}
      {recent.length > 0 && (
        <Choices choices={recent} chosen={screen.chosen - first.length} size={size} look={look} />
      )}
      {complaint !== '' && <Row row="" />}
      <Paragraph text={complaint} size={size} style={theme.careful} />
    </Page>
  )
}

function serversTitle({ recent }: StartScreen, { words }: Look): string {
  const named = recent.some(({ name }) => name !== undefined)
  return named ? words.configuration.servers : words.start.recentTitle
}

function HostFailed({ screen, size, look }: EntranceProps<'hostFailed'>): ReactNode {
  const { words, theme } = look
  return (
    <Page size={size} title={words.start.hostFailed} keys={words.failed.keys} look={look}>
      <Paragraph text={screen.text} size={size} style={theme.bad} />
      <Row row="" />
      <Choices choices={choicesOf(screen, look)} chosen={screen.chosen} size={size} look={look} />
    </Page>
  )
}

function Leaving({ screen, size, look }: EntranceProps<'leaving'>): ReactNode {
  const { quit, failed } = look.words
  const words = screen.elsewhere ? quit.elsewhere : quit
  return (
    <Page size={size} title={words.title} keys={failed.keys} look={look}>
      <Paragraph text={words.connected(screen.connected)} size={size} />
      <Row row="" />
      <Choices choices={choicesOf(screen, look)} chosen={screen.chosen} size={size} look={look} />
    </Page>
  )
}

function AskAddress({ screen, size, look, calls }: EntranceProps<'address'>): ReactNode {
  const { words, theme } = look
  return (
    <Page size={size} title={words.address.title} keys={words.address.keys} look={look}>
      <Prompt
        label={`${words.address.label}  `}
        value={screen.text}
        focus
        onChange={calls.address}
        onSubmit={calls.submitAddress}
      />
      <Row row="" />
      <Paragraph text={words.address.help} size={size} style={theme.faint} />
      <Paragraph text={screen.fault} size={size} style={theme.bad} />
    </Page>
  )
}

function Failed({ screen, now, size, look }: EntranceProps<'failed'>): ReactNode {
  const { words, theme } = look
  const { next, waiting } = screen
  return (
    <Page
      size={size}
      title={words.failed.title(screen.address)}
      keys={words.failed.keys}
      look={look}
    >
      <Paragraph text={screen.text} size={size} style={theme.bad} />
      {next !== undefined && <Row row={nextTry(next, now, look)} />}
      {waiting > 0 && <Paragraph text={words.failed.waiting(waiting)} size={size} />}
      <Row row="" />
      <Choices choices={choicesOf(screen, look)} chosen={screen.chosen} size={size} look={look} />
    </Page>
  )
}

function nextTry(next: number | 'now', now: number, { words: { failed } }: Look): string {
  if (next === 'now') return failed.trying
  return failed.next(Math.max(0, Math.ceil((next - now) / 1000)))
}

function Trust({ screen, size, look }: EntranceProps<'trust'>): ReactNode {
  const { words } = look
  return (
    <Page size={size} title={words.trust.title(screen.address)} keys={words.trust.keys} look={look}>
      <Paragraph text={words.trust.why} size={size} />
      <Row row="" />
      <Key
        title={words.trust.words}
        text={fingerprintWords(screen.fingerprint).join(' ')}
        size={size}
        look={look}
      />
      <Key title={words.trust.hex} text={screen.fingerprint} size={size} look={look} />
      <Row row="" />
      <Choices choices={choicesOf(screen, look)} chosen={screen.chosen} size={size} look={look} />
    </Page>
  )
}

function ChangedKey({ screen, size, look }: EntranceProps<'changedKey'>): ReactNode {
  const { words, theme } = look
  const inFull = (fingerprint: Fingerprint) =>
    `${fingerprintWords(fingerprint).join(' ')}\n${fingerprint}`
  return (
    <Page
      size={size}
      title={words.changedKey.title(screen.address)}
      keys={words.changedKey.keys}
      look={look}
    >
      <Paragraph text={words.changedKey.why} size={size} style={theme.bad} />
      <Row row="" />
      <Key title={words.changedKey.old} text={inFull(screen.pinned)} size={size} look={look} />
      <Key title={words.changedKey.new} text={inFull(screen.fingerprint)} size={size} look={look} />
      <Row row="" />
      <Paragraph text={words.changedKey.advice(screen.address)} size={size} />
      <Row row="" />
      <Choices choices={choicesOf(screen, look)} chosen={screen.chosen} size={size} look={look} />
    </Page>
  )
}

function Key({
  title,
  text,
  size,
  look,
}: Readonly<{ title: string; text: string; size: Size; look: Look }>): ReactNode {
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Row row={look.theme.faint(title)} />
      <Paragraph text={text} size={size} style={look.theme.accent} />
    </Box>
  )
}

/** Cells of the labels' column, and the gap behind it. */
const LABEL_GAP = 2

function LogIn({ screen, address, size, look, calls }: EntranceProps<'logIn'>): ReactNode {
  const { words, theme } = look
  const label = (text: string) => fitText(text, labelCells(look)) + ' '.repeat(LABEL_GAP)
  const name = layoutEditor(screen.name, nameCells(size, look), 1)
  const invite = screen.invite && layoutEditor(screen.invite, nameCells(size, look), 1)
  const buttons = [
    button(words.logIn.logIn, screen.field === 'logIn', look),
    button(words.logIn.create, screen.field === 'create', look),
  ]
  return (
    <Page size={size} title={words.logIn.title(address)} keys={words.logIn.keys} look={look}>
      {screen.plaintext && (
        <Paragraph text={words.logIn.plaintext} size={size} style={theme.careful} />
      )}
      <Row row={label(words.logIn.name) + (name.rows[0] ?? '')} />
      <Prompt
        label={label(words.logIn.password)}
        value={screen.password}
        mask="•"
        focus={screen.field === 'password' && !screen.busy}
        onChange={calls.password}
        onSubmit={calls.submitPassword}
      />
      {invite !== undefined && <Row row={label(words.logIn.invite) + (invite.rows[0] ?? '')} />}
      {invite !== undefined && (
        <Paragraph text={words.logIn.inviteHelp} size={size} style={theme.faint} />
      )}
      <Row row="" />
      <Row row={buttons.join('  ')} />
      <Row row="" />
      {screen.busy ? (
        <Row row={theme.faint(words.logIn.busy)} />
      ) : (
        <Paragraph text={screen.fault} size={size} style={theme.bad} />
      )}
    </Page>
  )
}

function button(label: string, chosen: boolean, { theme }: Look): string {
  return chosen ? theme.chosen(`▸ ${label} `) : `[ ${cutText(label, 30)} ]`
}

function labelCells({ words }: Look): number {
  return Math.max(textWidth(words.logIn.name), textWidth(words.logIn.password))
}

function nameCells(size: Size, look: Look): number {
  return Math.max(2, size.columns - 2 * PAGE_MARGIN - labelCells(look) - LABEL_GAP)
}

/** Where the cursor of the name's field stands; the prompts draw their own. */
export function logInCursor(
  screen: LogInScreen,
  size: Size,
  look: Look,
): Readonly<{ x: number; y: number }> | undefined {
  const { field } = screen
  const editor = field === 'name' || field === 'invite' ? screen[field] : undefined
  if (editor === undefined || screen.busy) return undefined
  const { cursorColumn } = layoutEditor(editor, nameCells(size, look), 1)
  const x = PAGE_MARGIN + labelCells(look) + LABEL_GAP + cursorColumn
  const y = (size.rows >= 12 ? 3 : 1) + (screen.plaintext ? 1 : 0) + (field === 'invite' ? 2 : 0)
  return { x, y }
}
