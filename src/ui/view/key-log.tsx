import { render, Static, Text, useApp, useInput, usePaste } from 'ink'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { meaningOf } from '../commands/help.ts'
import { MENU_KEY } from '../input/bindings.ts'
import type { TerminalReport } from '../input/input-splitter.ts'
import { type KeyPress, keysOf } from '../input/key.ts'
import { isPrefix, keyLine, meaningsOf, nameOfPress } from '../input/key-line.ts'
import { FilteredStdin, inkStdin } from '../input/stdin-filter.ts'
import type { Look } from '../look.ts'

type Streams = Readonly<{ stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream }>

/** Longer than the rest of a sequence is waited for: what nobody has taken then means nothing. */
const UNKNOWN_MS = 600

/** What was sent since it was asked last, as it came. */
type Sent = Readonly<{ take: () => string }>

/** Prints a line for each key press until the person ends it; the terminal is as it was then. */
export async function logKeys({ stdin, stdout }: Streams, look: Look): Promise<void> {
  let sent = ''
  const reports = new Reports()
  let timer: NodeJS.Timeout | undefined
  const record = (chunk: Buffer | string): void => {
    sent += chunk.toString()
    clearTimeout(timer)
    timer = setTimeout(() => sent !== '' && reports.say({ kind: 'unknown' }), UNKNOWN_MS)
  }
  stdin.on('data', record)
  const filtered = new FilteredStdin(stdin, (report) => reports.say(report))
  const take = () => {
    const taken = sent
    sent = ''
    return taken
  }
  // Before anything is drawn: a terminal that is not raw yet turns an early Enter into a Ctrl-J.
  filtered.setRawMode(true)
  const ink = render(<KeyLog look={look} sent={{ take }} reports={reports} />, {
    stdin: inkStdin(filtered),
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
  })
  filtered.on('end', () => ink.unmount())
  try {
    await ink.waitUntilExit()
  } finally {
    stdin.off('data', record)
    clearTimeout(timer)
    filtered.setRawMode(false)
    filtered.destroy()
  }
}

/** `unknown`: what nobody has made anything of. */
type KeyLogReport = TerminalReport | Readonly<{ kind: 'unknown' }>

/** What the terminal says that is no typing, for whoever listens. */
class Reports {
  listener: (report: KeyLogReport) => void = () => {}

  say(report: KeyLogReport): void {
    this.listener(report)
  }
}

function KeyLog({
  look,
  sent,
  reports,
}: Readonly<{ look: Look; sent: Sent; reports: Reports }>): ReactNode {
  const { words } = look
  const { exit } = useApp()
  const [lines, setLines] = useState<readonly string[]>([])
  const last = useRef('')
  const add = (name: string, meaning: string): void => {
    const line = keyLine(sent.take(), name, meaning)
    setLines((before) => [...before, line])
  }
  const press = (key: KeyPress): void => {
    const prefix = isPrefix(last.current) ? MENU_KEY : ''
    add(nameOfPress(key, prefix), meaningText(key, prefix, look))
    const ends = key.name === 'q' || (key.name === 'ctrl+c' && last.current === 'ctrl+c')
    last.current = prefix === '' ? key.name : ''
    if (ends && prefix === '') exit()
  }
  useInput((input, key) => {
    const keys = keysOf(input, key)
    if (keys.length === 0) return add('', words.keyLog.unknown)
    for (const each of keys) press(each)
  })
  usePaste((text) => add('', words.keyLog.paste([...text].length)))
  useEffect(() => {
    reports.listener = (report) => {
      if (report.kind === 'key') return press({ name: report.name, text: '' })
      if (report.kind === 'focus') return add('', words.keyLog.focus(report.focused))
      add('', words.keyLog[report.kind])
    }
  })
  return (
    <>
      <Static items={[...lines]}>{(line, index) => <Text key={index}>{line}</Text>}</Static>
      <Text>{words.keyLog.begin}</Text>
    </>
  )
}

/** 'writing: send; in the log: reply' */
function meaningText(key: KeyPress, prefix: string, look: Look): string {
  const { help, keyLog } = look.words
  if (prefix === '' && isPrefix(key.name)) return keyLog.prefix
  const meanings = meaningsOf(look.keymap, key.name, prefix).map(
    ({ where, action, argument }) =>
      `${help.places[where]}: ${meaningOf(action, look)}${argument === '' ? '' : ` ${argument}`}`,
  )
  if (meanings.length > 0) return [...new Set(meanings)].join('; ')
  return key.text === '' || prefix !== '' ? keyLog.nothing : keyLog.writes
}
