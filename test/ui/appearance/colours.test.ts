import { describe, expect, it, test } from 'vitest'
import { answeredBackground, toldBackground } from '../../../src/ui/appearance/background.ts'
import { colourDepth } from '../../../src/ui/appearance/colour-depth.ts'
import {
  colourBlindDark,
  colourBlindLight,
  dark,
  type Ink,
  light,
  mono,
  type Palette,
  paletteOf,
} from '../../../src/ui/appearance/palettes.ts'
import { channels, near256, styleOf } from '../../../src/ui/appearance/sequences.ts'
import { createTheme } from '../../../src/ui/theme.ts'

/** Backgrounds that terminals have: black and white, and those of well-known dark and light themes. */
const DARK = ['#000000', '#1e1e1e', '#282c34', '#002b36'] as const
const LIGHT = ['#ffffff', '#fafafa', '#fdf6e3'] as const
/** WCAG 2.2, AA, for text. */
const READABLE = 4.5

describe.each([
  ['dark', dark, DARK],
  ['light', light, LIGHT],
  ['colour-blind, dark', colourBlindDark, DARK],
  ['colour-blind, light', colourBlindLight, LIGHT],
] as const)('the colours of %s', (_, palette, backgrounds) => {
  it.each(backgrounds)('can be read on %s', (background) => {
    const low = inksOf(palette)
      .map(({ hex }) => [hex, contrast(hex, background)] as const)
      .filter(([, ratio]) => ratio < READABLE)
    expect(low).toEqual([])
  })

  it('stand in the palette of 256 as they are', () => {
    const moved = inksOf(palette).filter(({ hex }) => hexOf256(near256(hex)) !== hex)
    expect(moved).toEqual([])
  })

  it('differ from name to name', () => {
    const names = palette.people.map(({ hex }) => hex)
    expect(new Set(names).size).toBe(names.length)
  })
})

test('who sees no red, no green or no blue tells good, careful and bad apart', () => {
  for (const palette of [colourBlindDark, colourBlindLight]) {
    for (const simulate of Object.values(SIMULATIONS)) {
      const [good, careful, bad] = [palette.good, palette.careful, palette.bad].map(({ hex }) =>
        simulate(hex ?? ''),
      ) as [Lab, Lab, Lab]
      expect(Math.min(far(good, bad), far(good, careful), far(careful, bad))).toBeGreaterThan(20)
    }
  }
})

test('mono has no colour at any depth', () => {
  const drawn = Object.values(createTheme(mono, 'truecolor')).map((style) =>
    style.length === 1 ? (style as (text: string) => unknown)('x') : '',
  )
  for (const text of drawn) if (typeof text === 'string') expect(text).not.toMatch(/\[3\d/)
})

test('one definition is drawn in as many colours as there are', () => {
  const ink: Ink = { hex: '#5fd7d7', ansi: 36, attributes: ['bold'] }
  expect(styleOf(ink, 'truecolor')('x')).toBe('\x1b[1m\x1b[38;2;95;215;215mx\x1b[22m\x1b[39m')
  expect(styleOf(ink, '256')('x')).toBe('\x1b[1m\x1b[38;5;80mx\x1b[22m\x1b[39m')
  expect(styleOf(ink, '16')('x')).toBe('\x1b[1m\x1b[36mx\x1b[22m\x1b[39m')
  expect(styleOf(ink, 'none')('x')).toBe('\x1b[1mx\x1b[22m')
  const faint: Ink = { hex: '#a8a8a8', otherwise: ['faint'] }
  expect(styleOf(faint, '16')('x')).toBe('\x1b[2mx\x1b[22m')
  expect(styleOf(faint, '256')('x')).toBe('\x1b[38;5;248mx\x1b[39m')
})

test('a theme by the background follows it', () => {
  expect(paletteOf('auto', 'light')).toBe(light)
  expect(paletteOf('auto', 'dark')).toBe(dark)
  expect(paletteOf('colour-blind', 'light')).toBe(colourBlindLight)
  expect(paletteOf('dark', 'light')).toBe(dark)
})

describe('how many colours there are', () => {
  it.each([
    [{}, '16'],
    [{ TERM: 'dumb' }, 'none'],
    [{ TERM: 'xterm' }, '16'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'truecolor'],
    [{ TERM: 'xterm-256color', COLORTERM: '24bit' }, 'truecolor'],
    [{ TERM: 'xterm-kitty' }, 'truecolor'],
    [{ TERM: 'screen-256color', COLORTERM: 'truecolor', TMUX: '/tmp/x' }, 'truecolor'],
    [{ TERM: 'screen-256color', COLORTERM: 'truecolor', STY: '1.pts' }, '256'],
    [{ TERM: 'screen', COLORTERM: 'truecolor' }, '16'],
    [{ TERM: 'xterm', COLORTERM: 'truecolor', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm', NO_COLOR: '' }, '16'],
    [{ TERM: 'xterm', FORCE_COLOR: '3' }, 'truecolor'],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, 'none'],
    [{ TERM: 'dumb', FORCE_COLOR: 'true' }, '16'],
    [{ NO_COLOR: '1', FORCE_COLOR: '3' }, 'none'],
  ] as const)('with %j: %s', (env, depth) => {
    expect(colourDepth('auto', env)).toBe(depth)
  })

  it('is what the person says, whatever the variables say', () => {
    expect(colourDepth('256', { NO_COLOR: '1' })).toBe('256')
    expect(colourDepth('none', { COLORTERM: 'truecolor' })).toBe('none')
  })
})

describe('the background', () => {
  it.each([
    ['\x1b]11;rgb:ffff/ffff/ffff\x1b\\', 'light'],
    ['\x1b]11;rgb:fd/f6/e3\x07', 'light'],
    ['\x1b]11;rgb:0000/2b2b/3636\x1b\\', 'dark'],
    ['\x1b]11;rgba:1e1e/1e1e/1e1e/ffff\x1b\\', 'dark'],
    ['\x1b]10;rgb:ffff/ffff/ffff\x1b\\', undefined],
    ['\x1b[?62c', undefined],
  ])('%j is %s', (reply, background) => {
    expect(answeredBackground(reply)).toBe(background)
  })

  it('is dark unless COLORFGBG says otherwise', () => {
    expect(toldBackground({})).toBe('dark')
    expect(toldBackground({ COLORFGBG: '0;15' })).toBe('light')
    expect(toldBackground({ COLORFGBG: '15;default;0' })).toBe('dark')
  })
})

type Coloured = Ink & Readonly<{ hex: `#${string}` }>
type Lab = readonly [number, number, number]

function inksOf({ people, ...inks }: Palette): readonly Coloured[] {
  return [...Object.values(inks), ...people].filter((ink): ink is Coloured => ink.hex !== undefined)
}

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05). */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [
    number,
    number,
  ]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [red, green, blue] = linear(hex)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(hex: string): Lab {
  return channels(hex).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as unknown as Lab
}

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
const SIMULATIONS = {
  protanopia: simulation([
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ]),
  deuteranopia: simulation([
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ]),
  tritanopia: simulation([
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ]),
}

function simulation(rows: readonly Lab[]): (hex: string) => Lab {
  return (hex) => {
    const seen = linear(hex)
    return labOf(rows.map((row) => Math.max(0, dot(row, seen))) as unknown as Lab)
  }
}

function dot(one: Lab, other: Lab): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
}

/** CIE L*a*b*, D65. */
function labOf(rgb: Lab): Lab {
  const x = dot([0.4124, 0.3576, 0.1805], rgb) / 0.9505
  const y = dot([0.2126, 0.7152, 0.0722], rgb)
  const z = dot([0.0193, 0.1192, 0.9505], rgb) / 1.089
  const [fx, fy, fz] = [x, y, z].map((value) =>
    value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116,
  ) as unknown as Lab
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}

function far(one: Lab, other: Lab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])
}

/** Of the cube and the greys of the palette of 256. */
function hexOf256(index: number): string {
  const levels = [0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff]
  const cube = index - 16
  const parts =
    index >= 232
      ? Array.from({ length: 3 }, () => 8 + 10 * (index - 232))
      : [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => levels[step] ?? 0)
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
