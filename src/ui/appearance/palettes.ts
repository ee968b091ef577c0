import type { Background } from './background.ts'

/** What a colour says. None is the only carrier of its meaning: a sign or a word always says the same. */
export type Meaning =
  | 'faint'
  | 'strong'
  | 'accent'
  | 'good'
  | 'careful'
  | 'bad'
  | 'mine'
  | 'unread'
  | 'chosen'
  /** A word that was searched for; underlined, too. */
  | 'match'
  /** Of Markdown in messages. */
  | 'emphasis'
  | 'struck'
  | 'code'
  | 'link'

export type Attribute = 'bold' | 'faint' | 'italic' | 'underlined' | 'inverse' | 'struck'

/**
 * How something is drawn. One definition for every terminal: `hex` where it shows that many colours
 * (most stand in the palette of 256 as they are), `ansi` where it has its own 16, the attributes
 * always, and `otherwise` where there is neither hex nor ansi.
 */
export type Ink = Readonly<{
  hex?: `#${string}`
  /** SGR 31 to 36: a colour that the terminal's owner has chosen. */
  ansi?: number
  attributes?: readonly Attribute[]
  otherwise?: readonly Attribute[]
}>

export type Palette = Readonly<Record<Meaning, Ink>> &
  Readonly<{
    /** Of names. A person has the same in every session. */
    people: readonly Ink[]
  }>

export type ThemeName = 'auto' | 'dark' | 'light' | 'colour-blind' | 'mono'

const chosen: Ink = { attributes: ['inverse'] }
const strong: Ink = { attributes: ['bold'] }
const markup = {
  emphasis: { attributes: ['italic'] },
  struck: { attributes: ['struck'] },
  link: { attributes: ['underlined'] },
} as const satisfies Partial<Record<Meaning, Ink>>

export const dark: Palette = {
  faint: { hex: '#a8a8a8', otherwise: ['faint'] },
  strong,
  accent: { hex: '#5fd7d7', ansi: 36 },
  good: { hex: '#87d787', ansi: 32 },
  careful: { hex: '#ffd75f', ansi: 33 },
  bad: { hex: '#ff8787', ansi: 31 },
  mine: { hex: '#5fd7d7', ansi: 36 },
  unread: { hex: '#ffd75f', ansi: 33, attributes: ['bold'] },
  chosen,
  match: { hex: '#ffd75f', ansi: 33, attributes: ['bold', 'underlined'] },
  ...markup,
  code: { hex: '#afd7af', ansi: 36 },
  people: [
    { hex: '#ff8787', ansi: 31 },
    { hex: '#87d787', ansi: 32 },
    { hex: '#d7d75f', ansi: 33 },
    { hex: '#87afff', ansi: 34 },
    { hex: '#ff87d7', ansi: 35 },
    { hex: '#5fd7ff', ansi: 36 },
    { hex: '#ffaf5f', ansi: 33 },
    { hex: '#5fd7af', ansi: 36 },
    { hex: '#af87ff', ansi: 34 },
    { hex: '#d787ff', ansi: 35 },
    { hex: '#d7af87', ansi: 31 },
    { hex: '#afd7af', ansi: 32 },
  ],
}

export const light: Palette = {
  faint: { hex: '#626262', otherwise: ['faint'] },
  strong,
  accent: { hex: '#005f87', ansi: 34 },
  good: { hex: '#005f00', ansi: 32 },
  careful: { hex: '#875f00', ansi: 35 },
  bad: { hex: '#af0000', ansi: 31 },
  mine: { hex: '#005f87', ansi: 34 },
  unread: { hex: '#875f00', ansi: 35, attributes: ['bold'] },
  chosen,
  match: { hex: '#875f00', ansi: 35, attributes: ['bold', 'underlined'] },
  ...markup,
  code: { hex: '#5f5f00', ansi: 36 },
  people: [
    { hex: '#af0000', ansi: 31 },
    { hex: '#005f00', ansi: 32 },
    { hex: '#5f5f00', ansi: 32 },
    { hex: '#0000d7', ansi: 34 },
    { hex: '#87005f', ansi: 35 },
    { hex: '#005f87', ansi: 36 },
    { hex: '#875f00', ansi: 31 },
    { hex: '#005f5f', ansi: 36 },
    { hex: '#5f00af', ansi: 34 },
    { hex: '#870087', ansi: 35 },
    { hex: '#5f0000', ansi: 31 },
    { hex: '#5f5f87', ansi: 34 },
  ],
}

/** Blue, orange and yellow of different brightness, after Okabe and Ito: no red against green. */
export const colourBlindDark: Palette = {
  faint: { hex: '#a8a8a8', otherwise: ['faint'] },
  strong,
  accent: { hex: '#5fafff', ansi: 36 },
  good: { hex: '#5fafff', ansi: 34 },
  careful: { hex: '#ffff87', ansi: 33 },
  bad: { hex: '#ff8700', ansi: 33, attributes: ['bold'] },
  mine: { hex: '#5fafff', ansi: 36 },
  unread: { hex: '#ffff87', ansi: 33, attributes: ['bold'] },
  chosen,
  match: { hex: '#ffff87', ansi: 33, attributes: ['bold', 'underlined'] },
  ...markup,
  code: { hex: '#d7d7d7', ansi: 36 },
  people: [
    { hex: '#ff8700', ansi: 33 },
    { hex: '#5fafff', ansi: 34 },
    { hex: '#ffff87', ansi: 33 },
    { hex: '#00af87', ansi: 36 },
    { hex: '#d787af', ansi: 35 },
    { hex: '#d7d7d7', ansi: 36 },
  ],
}

/** Blue, purple and red: dark enough for white, and far apart however one sees. */
export const colourBlindLight: Palette = {
  faint: { hex: '#626262', otherwise: ['faint'] },
  strong,
  accent: { hex: '#0000d7', ansi: 34 },
  good: { hex: '#0000d7', ansi: 34 },
  careful: { hex: '#5f005f', ansi: 35 },
  bad: { hex: '#af0000', ansi: 31, attributes: ['bold'] },
  mine: { hex: '#0000d7', ansi: 34 },
  unread: { hex: '#5f005f', ansi: 35, attributes: ['bold'] },
  chosen,
  match: { hex: '#5f005f', ansi: 35, attributes: ['bold', 'underlined'] },
  ...markup,
  code: { hex: '#303030', ansi: 36 },
  people: [
    { hex: '#af0000', ansi: 31 },
    { hex: '#0000d7', ansi: 34 },
    { hex: '#5f005f', ansi: 35 },
    { hex: '#005f5f', ansi: 36 },
    { hex: '#875f00', ansi: 33 },
    { hex: '#303030', ansi: 32 },
  ],
}

/** No colour at all: bold, underlined, faint. */
export const mono: Palette = {
  faint: { attributes: ['faint'] },
  strong,
  accent: {},
  good: {},
  careful: strong,
  bad: strong,
  mine: {},
  unread: strong,
  chosen,
  match: { attributes: ['bold', 'underlined'] },
  ...markup,
  code: {},
  people: [{}],
}

/** The colours of a theme on that background. */
export function paletteOf(theme: ThemeName, background: Background): Palette {
  if (theme === 'auto') return background === 'light' ? light : dark
  if (theme === 'colour-blind') return background === 'light' ? colourBlindLight : colourBlindDark
  return { dark, light, mono }[theme]
}
