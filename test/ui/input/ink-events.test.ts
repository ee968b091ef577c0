import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { render, Text, useInput, usePaste } from 'ink'
import TextInput from 'ink-text-input'
import { createElement, type ReactNode, useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TerminalReport } from '../../../src/ui/input/input-splitter.ts'
import { keysOf } from '../../../src/ui/input/key.ts'
import { FilteredStdin, inkStdin } from '../../../src/ui/input/stdin-filter.ts'
import { PATIENCE } from '../../support/patience.ts'

/** What arrives in the interface when a terminal sends something: the real Ink in between. */
type Heard = {
  names: string[]
  texts: string
  pastes: string[]
  reports: TerminalReport[]
  raw: boolean[]
}

const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0)) end()
})

function terminal(view: (heard: Heard) => ReactNode = listener) {
  const heard: Heard = { names: [], texts: '', pastes: [], reports: [], raw: [] }
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => heard.raw.push(on),
    ref: () => {},
    unref: () => {},
  })
  const stdin = new FilteredStdin(keyboard, (report) => heard.reports.push(report))
  const screen = { isTTY: true, columns: 80, rows: 24, writable: true, write: () => true }
  const stdout = Object.assign(new EventEmitter(), screen) as unknown as NodeJS.WriteStream
  const options = { stdin: inkStdin(stdin), stdout, interactive: true, patchConsole: false }
  const app = render(view(heard), { ...options, exitOnCtrlC: false })
  endings.push(() => app.unmount())
  return { heard, keyboard, stdin, app }
}

function listener(heard: Heard): ReactNode {
  return createElement(function Listener() {
    useInput((input, key) => {
      for (const press of keysOf(input, key)) {
        heard.names.push(press.name)
        heard.texts += press.text
      }
    })
    usePaste((text) => heard.pastes.push(text))
    return createElement(Text, null, 'x')
  })
}

describe('keys through Ink', () => {
  it.each<[string, string[]]>([
    ['hello\r', ['h', 'e', 'l', 'l', 'o', 'enter']],
    ['j', ['j']],
    ['J? ', ['J', '?', 'space']],
    ['日本', ['日', '本']],
    ['\n', ['ctrl+j']],
    ['\x1b\r', ['alt+enter']],
    ['\x1b\n', ['alt+enter']],
    ['\x1b[13;2u', ['shift+enter']],
    ['\x1b[27;2;13~', ['shift+enter']],
    ['\t\x1b[Z', ['tab', 'shift+tab']],
    ['\x7f\x08', ['backspace', 'backspace']],
    ['\x1b\x7f', ['alt+backspace']],
    ['\x1b[3~', ['delete']],
    ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1bOA', ['up']],
    ['\x1b[1;5A\x1b[1;3B\x1b\x1b[B', ['ctrl+up', 'alt+down', 'alt+down']],
    ['\x1b[H\x1b[F\x1b[1;5H\x1b[1;5F', ['home', 'end', 'ctrl+home', 'ctrl+end']],
    ['\x1b[5~\x1b[6~', ['pageup', 'pagedown']],
    ['\x01\x02\x05\x0b\x18', ['ctrl+a', 'ctrl+b', 'ctrl+e', 'ctrl+k', 'ctrl+x']],
    ['\x1f\x00', ['ctrl+_', 'ctrl+space']],
    ['\x03\x1a\x0c', ['ctrl+c', 'ctrl+z', 'ctrl+l']],
    ['\x1ba\x1bA\x1b1\x1b/', ['alt+a', 'alt+a', 'alt+1', 'alt+/']],
    ['\x1b', ['esc']],
    ['\x1b\x1b', ['esc', 'esc']],
    ['\x1b]', ['alt+]']],
    ['\x18cops\r', ['ctrl+x', 'c', 'o', 'p', 's', 'enter']],
  ])('%j is %j', async (sent, names) => {
    const { heard, keyboard } = terminal()
    keyboard.write(sent)
    await vi.waitFor(() => expect(heard.names).toEqual(names), PATIENCE)
  })

  it('loses nothing that comes at once in many chunks', async () => {
    const { heard, keyboard } = terminal()
    for (const key of 'hello world\r') keyboard.write(key)
    await vi.waitFor(() => expect(heard.names.at(-1)).toBe('enter'), PATIENCE)
    expect(heard.texts).toBe('hello world')
  })

  it('puts characters together that were cut apart', async () => {
    const { heard, keyboard } = terminal()
    for (const byte of Buffer.from('日👍🏽é')) keyboard.write(Buffer.of(byte))
    await vi.waitFor(() => expect(heard.texts).toBe('日👍🏽é'), PATIENCE)
  })

  it('takes a very long run of characters for one text', async () => {
    const { heard, keyboard } = terminal()
    keyboard.write('x'.repeat(500))
    await vi.waitFor(() => expect(heard.names).toEqual(['text']), PATIENCE)
    expect(heard.texts).toHaveLength(500)
  })

  it('gives pastes to usePaste, marked or not', async () => {
    const { heard, keyboard } = terminal()
    keyboard.write('a\x1b[200~one\r\n\x1b[Atwo\x1b[201~')
    keyboard.write('three\nfour\nfive')
    const pastes = ['one\r\n\x1b[Atwo', 'three\nfour\nfive']
    await vi.waitFor(() => expect(heard.pastes).toEqual(pastes), PATIENCE)
    expect(heard.names).toEqual(['a'])
  })

  it('keeps what a terminal says by itself out of the text', async () => {
    const { heard, keyboard } = terminal()
    keyboard.write('a\x1b[I\x1b]11;rgb:0/0/0\x1b\\\x1b[2;2R\x1b[<0;1;1M\x1bOP\x1bP>|x\x1b\\b\r')
    await vi.waitFor(() => expect(heard.names).toEqual(['a', 'b', 'enter']), PATIENCE)
    expect(heard.reports.map(({ kind }) => kind)).toEqual([
      ...['focus', 'reply', 'reply', 'mouse', 'key', 'reply'],
    ])
  })
})

describe('ink-text-input behind the filter', () => {
  /** Two prompts; Tab goes to the second: as name and password are. */
  function Prompts({ heard }: { heard: Heard }): ReactNode {
    const [values, setValues] = useState(['', ''])
    const [field, setField] = useState(0)
    useInput((_, key) => {
      if (key.tab) setField(1)
      if (key.return) heard.pastes.push(...values)
    })
    const prompt = (index: number): ReactNode =>
      createElement(TextInput, {
        key: index,
        value: values[index] ?? '',
        focus: field === index,
        onChange: (text: string) => setValues((old) => old.with(index, text)),
      })
    return createElement(Text, null, prompt(0), prompt(1))
  }

  it('gets every character, also when all of it comes in one chunk', async () => {
    const { heard, keyboard } = terminal((into) => createElement(Prompts, { heard: into }))
    keyboard.write('alice\tsecreT\x7ft\r')
    await vi.waitFor(() => expect(heard.pastes).toEqual(['alice', 'secret']), PATIENCE)
  })

  it('gets every character of many chunks at once', async () => {
    const { heard, keyboard } = terminal((into) => createElement(Prompts, { heard: into }))
    for (const key of 'alice\tsecret\r') keyboard.write(key)
    await vi.waitFor(() => expect(heard.pastes).toEqual(['alice', 'secret']), PATIENCE)
  })
})

describe('FilteredStdin', () => {
  it('reads the keyboard only while it is raw', async () => {
    const { heard, keyboard, stdin } = terminal()
    await vi.waitFor(() => expect(heard.raw).toEqual([true]), PATIENCE)
    stdin.setRawMode(false)
    expect(keyboard.isPaused()).toBe(true)
    keyboard.write('for the editor')
    expect(heard.names).toEqual([])
    stdin.setRawMode(true)
    await vi.waitFor(() => expect(heard.texts).toBe('for the editor'), PATIENCE)
  })

  it('keeps keys apart that nobody has read yet when the encoding is set', async () => {
    const keyboard = new PassThrough()
    const stdin = new FilteredStdin(keyboard, () => {})
    stdin.setRawMode(true)
    keyboard.write('ab\rc')
    await vi.waitFor(() => expect(stdin.readableLength).toBe(3), PATIENCE)
    stdin.setEncoding()
    expect([stdin.read(), stdin.read(), stdin.read(), stdin.read()]).toEqual([
      'ab',
      '\r',
      'c',
      null,
    ])
  })

  it('ends when the terminal goes away', async () => {
    const { stdin, keyboard } = terminal()
    keyboard.end('last')
    await vi.waitFor(() => expect(stdin.readableEnded).toBe(true), PATIENCE)
  })
})
