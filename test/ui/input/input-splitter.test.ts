import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type InputPart, InputSplitter } from '../../../src/ui/input/input-splitter.ts'

const ESC = '\x1b'

function split(...chunks: string[]): InputPart[] {
  const splitter = new InputSplitter()
  return chunks.flatMap((chunk) => splitter.push(chunk))
}

/** Keys as bare strings, the rest as it is. */
function short(parts: readonly InputPart[]): unknown[] {
  return parts.map((part) => (part.kind === 'keys' ? part.text : part))
}

/** Characters that follow each other as one text, however the chunks were cut. */
function joined(parts: readonly InputPart[]): InputPart[] {
  const done: InputPart[] = []
  for (const part of parts) {
    const last = done.at(-1)
    const goesOn = part.kind === 'keys' && last?.kind === 'keys' && !isKey(part.text + last.text)
    if (goesOn) done[done.length - 1] = { kind: 'keys', text: last.text + part.text }
    else done.push(part)
  }
  return done
}

function isKey(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys are.
  return /[\x00-\x1f\x7f]/.test(text)
}

describe('keys', () => {
  it.each<[string, string[]]>([
    ['hello\r', ['hello', '\r']],
    ['\x18cops\r', ['\x18', 'cops', '\r']],
    ['ab\x7f\x7fc', ['ab', '\x7f', '\x7f', 'c']],
    ['a\tb', ['a', '\t', 'b']],
    ['a\r\n', ['a', '\r']],
    ['\r\r', ['\r', '\r']],
    ['日本👨‍👩‍👧‍👦', ['日本👨‍👩‍👧‍👦']],
    [`${ESC}[A${ESC}[Bx`, [`${ESC}[A`, `${ESC}[B`, 'x']],
    [`${ESC}OA${ESC}[1;5D`, [`${ESC}OA`, `${ESC}[1;5D`]],
    [`${ESC}a${ESC}1${ESC}\r${ESC}\x7f`, [`${ESC}a`, `${ESC}1`, `${ESC}\r`, `${ESC}\x7f`]],
    [`${ESC}日x`, [`${ESC}日`, 'x']],
    [`${ESC}😀x`, [`${ESC}😀`, 'x']],
    [`${ESC}[3~${ESC}[5~${ESC}[Z`, [`${ESC}[3~`, `${ESC}[5~`, `${ESC}[Z`]],
    [`${ESC}[13;2u`, [`${ESC}[13;2u`]],
    [`${ESC}[27;2;13~`, [`${ESC}[13;2u`]],
    [`${ESC}${ESC}[A`, [`${ESC}${ESC}[A`]],
    [`${ESC}${ESC}x`, [`${ESC}[27u`, `${ESC}x`]],
    [`${ESC}\x07${ESC}\x18c`, [`${ESC}[27u`, '\x07', `${ESC}[27u`, '\x18', 'c']],
    [`${ESC}]x`, [`${ESC}[93;3u`, 'x']],
    [`${ESC}Px`, [`${ESC}[80;3u`, 'x']],
    [`${ESC}[\rx`, [`${ESC}[91;3u`, '\r', 'x']],
    [`${ESC}[12\rx`, ['\r', 'x']],
  ])('%j is %j', (chunk, keys) => {
    expect(short(split(chunk))).toEqual(keys)
  })
})

describe('reports', () => {
  it.each<[string, InputPart]>([
    [`${ESC}[I`, { kind: 'focus', focused: true }],
    [`${ESC}[O`, { kind: 'focus', focused: false }],
    [`${ESC}[<0;12;4M`, { kind: 'mouse', text: `${ESC}[<0;12;4M` }],
    [`${ESC}[<64;1;1m`, { kind: 'mouse', text: `${ESC}[<64;1;1m` }],
    [`${ESC}[12;40R`, { kind: 'reply', text: `${ESC}[12;40R` }],
    [`${ESC}[?62;22c`, { kind: 'reply', text: `${ESC}[?62;22c` }],
    [`${ESC}[?2026;2$y`, { kind: 'reply', text: `${ESC}[?2026;2$y` }],
    [
      `${ESC}]11;rgb:0000/0000/0000\x07`,
      { kind: 'reply', text: `${ESC}]11;rgb:0000/0000/0000\x07` },
    ],
    [`${ESC}]11;rgb:0/0/0${ESC}\\`, { kind: 'reply', text: `${ESC}]11;rgb:0/0/0${ESC}\\` }],
    [`${ESC}P>|xterm(367)${ESC}\\`, { kind: 'reply', text: `${ESC}P>|xterm(367)${ESC}\\` }],
    [`${ESC}_Gi=1;OK${ESC}\\`, { kind: 'reply', text: `${ESC}_Gi=1;OK${ESC}\\` }],
    [`${ESC}OP`, { kind: 'key', name: 'f1' }],
    [`${ESC}[1;5P`, { kind: 'key', name: 'f1' }],
    [`${ESC}[12~`, { kind: 'key', name: 'f2' }],
    [`${ESC}OR`, { kind: 'key', name: 'f3' }],
    [`${ESC}[[E`, { kind: 'key', name: 'f5' }],
    [`${ESC}[24;2~`, { kind: 'key', name: 'f12' }],
    [`${ESC}[2~`, { kind: 'key', name: 'insert' }],
  ])('%j', (text, report) => {
    expect(split(`a${text}b`)).toEqual([
      { kind: 'keys', text: 'a' },
      report,
      { kind: 'keys', text: 'b' },
    ])
  })

  it('takes an answer that was cut off for one', () => {
    expect(short(split(`${ESC}]11;rgb:00${ESC}[Ax`))).toEqual([
      { kind: 'reply', text: `${ESC}]11;rgb:00` },
      `${ESC}[A`,
      'x',
    ])
  })
})

describe('pastes', () => {
  const paste = (text: string): InputPart => ({ kind: 'paste', text })

  it('leaves what is between the markers alone', () => {
    const body = `one\r\ntwo\t${ESC}[A\x07日本`
    expect(short(split(`a${ESC}[200~${body}${ESC}[201~\r`))).toEqual(['a', paste(body), '\r'])
  })

  it.each([
    ['an end', `safe${ESC}[201~\r/quit\r`, 'safe\r/quit\r'],
    ['an end and a start', `safe${ESC}[201~\r/quit\r${ESC}[200~`, 'safe\r/quit\r'],
    ['an end in an end', `safe${ESC}[20${ESC}[201~1~\r/quit\r`, 'safe\r/quit\r'],
    ['ends alone', `${ESC}[201~${ESC}[201~`, ''],
  ])('runs no keys of a text that was made to be pasted, with %s in it', (_, text, whole) => {
    const sent = `${ESC}[200~${text}${ESC}[201~`
    expect(split(`a${sent}b`)).toEqual([
      { kind: 'keys', text: 'a' },
      paste(whole),
      { kind: 'keys', text: 'b' },
    ])
    // Also where the first piece ends before the first end.
    expect(split(sent.slice(0, 7), sent.slice(7))).toEqual([paste(whole)])
  })

  it('takes two or more line ends in one chunk for a paste', () => {
    expect(split('one\ntwo\n')).toEqual([paste('one\ntwo\n')])
    expect(split('one\rtwo\rthree')).toEqual([paste('one\rtwo\rthree')])
    expect(split('one\r\ntwo\r\n')).toEqual([paste('one\r\ntwo\r\n')])
  })

  it('does not take keys for a paste', () => {
    expect(short(split('\x01one\rtwo\r'))).toEqual(['\x01', 'one', '\r', 'two', '\r'])
    expect(short(split('\n\n'))).toEqual(['\n', '\n'])
  })

  it('takes one line end in a chunk for Enter, wherever it is', () => {
    expect(short(split('one\rtwo'))).toEqual(['one', '\r', 'two'])
    expect(short(split('one\r\n'))).toEqual(['one', '\r'])
    expect(short(split('secret\t\t\r'))).toEqual(['secret', '\t', '\t', '\r'])
  })

  it('takes what has a Tab in it for typing in a form, however much comes at once', () => {
    const keys = new InputSplitter().push('me\rsecret\t\t\r', true)
    expect(short(keys)).toEqual(['me', '\r', 'secret', '\t', '\t', '\r'])
    expect(new InputSplitter().push('one\ntwo\n', true)).toEqual([paste('one\ntwo\n')])
  })

  it('ends a paste whose end never comes', () => {
    const splitter = new InputSplitter()
    expect(splitter.push(`${ESC}[200~half`)).toEqual([])
    expect(splitter.waiting).toBe('paste')
    expect(splitter.flush()).toEqual([paste('half')])
    expect(short(splitter.push('x'))).toEqual(['x'])
  })

  it('sees Esc and a paste behind it', () => {
    expect(short(split(ESC, `${ESC}[200~x${ESC}[201~`))).toEqual([`${ESC}[27u`, paste('x')])
    expect(short(split(`${ESC}${ESC}[200~x${ESC}[201~`))).toEqual([`${ESC}[27u`, paste('x')])
  })
})

describe('chunks', () => {
  const part = fc.constantFrom(
    ...['a', '?', ' ', '日', '\x01', '\x18', '\x7f', `${ESC}a`, `${ESC}\r`, `${ESC}[A`],
    ...[`${ESC}[1;5D`, `${ESC}OB`, `${ESC}[3~`, `${ESC}[I`, `${ESC}[O`, `${ESC}[<0;1;1M`],
    ...[`${ESC}[4;5R`, `${ESC}[?1;2c`, `${ESC}]11;rgb:0/0/0\x07`, `${ESC}]4;1;x${ESC}\\`],
    ...[`${ESC}P1$r0m${ESC}\\`, `${ESC}OP`, `${ESC}[15~`],
  )
  const pasted = `${ESC}[200~\r\na${ESC}[Ab${ESC}[201~`
  const parts = fc.array(part, { maxLength: 6 })
  // Of two pastes it matters whether they came at once.
  const input = fc
    .tuple(parts, fc.boolean(), parts)
    .map(([before, hasPaste, after]) => [...before, ...(hasPaste ? [pasted] : []), ...after])

  it('may be cut anywhere', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 12 })
    fc.assert(
      fc.property(input, cuts, (sent, at) => {
        const text = sent.join('')
        const places = [...new Set(at.map((one) => one % (text.length + 1)))].sort((a, b) => a - b)
        const chunks = [0, ...places].map((from, index) => text.slice(from, places[index]))
        expect(joined(split(...chunks))).toEqual(joined(sent.flatMap((one) => split(one))))
      }),
      { numRuns: 1000 },
    )
  })

  it('lets no bytes at all stop it, and loses no typed text', () => {
    const unit = fc.constantFrom(
      ESC,
      '[',
      ']',
      'P',
      'O',
      '_',
      'G',
      '0',
      ';',
      '~',
      'M',
      '\r',
      '\\',
      'é',
    )
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 8 }), { maxLength: 8 }), (chunks) => {
        const splitter = new InputSplitter()
        for (const chunk of chunks) splitter.push(chunk)
        splitter.flush()
        expect(splitter.waiting).toBe('nothing')
        expect(short(splitter.push('ok'))).toEqual(['ok'])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('flush', () => {
  it.each<[string, string[]]>([
    [ESC, [`${ESC}[27u`]],
    [`${ESC}${ESC}`, [`${ESC}[27u`, `${ESC}[27u`]],
    [`${ESC}[`, [`${ESC}[91;3u`]],
    [`${ESC}O`, [`${ESC}[79;3u`]],
    [`${ESC}]`, [`${ESC}[93;3u`]],
  ])('makes %j a key', (chunk, keys) => {
    const splitter = new InputSplitter()
    expect(splitter.push(chunk)).toEqual([])
    expect(splitter.waiting).toBe('escape')
    expect(short(splitter.flush())).toEqual(keys)
  })

  it('is not needed when another key follows Esc by itself', () => {
    expect(short(split(ESC, `${ESC}[A`))).toEqual([`${ESC}[27u`, `${ESC}[A`])
  })

  it('forgets half a sequence', () => {
    const splitter = new InputSplitter()
    splitter.push(`${ESC}[<12;3`)
    expect(splitter.waiting).toBe('sequence')
    expect(splitter.flush()).toEqual([])
  })
})
