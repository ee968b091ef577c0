import { describe, expect, test } from 'vitest'
import { type Configuration, defaults } from '../../src/ui/configuration/options.ts'
import type { UiOptions } from '../../src/ui/options.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const alice = person('alice')

/** A group in which alice and I have said something, on a screen as it is configured. */
async function chat(
  configured: Partial<Configuration> = {},
  options: Partial<UiOptions> = {},
): Promise<Screen> {
  const world = new ScriptedWorld()
  const group = world.group('lobby', alice)
  world.event(group, alice, 0, 'joined')
  world.say(group, alice, 1, 'morning 日本語 é')
  world.say(group, ME, 2, 'hello')
  world.keptSession = { user: ME, token: new Uint8Array(32) }
  const configuration = { ...defaults, ...configured }
  const screen = Screen.open(SIZE, { configuration, ...options }, { connector: world })
  await screen.waitFor('hello')
  return screen
}

function look(changes: Partial<Configuration['look']>): Partial<Configuration> {
  return { look: { ...defaults.look, ...changes } }
}

function rowOf(screen: Screen, text: string): number {
  return screen.rows.findIndex((row) => row.includes(text))
}

function colourOf(screen: Screen, text: string): number | undefined {
  return screen.look(rowOf(screen, text), text).colour
}

describe('ASCII', () => {
  test('every sign and line is ASCII, what people wrote is not touched, and the columns hold', async () => {
    const [signs, ascii] = [await chat(), await chat(look({ ascii: 'on' }))]
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is looked for.
    const other = /[^\x00-\x7f]/
    const spoilt = ascii.rows.filter((row) => other.test(row) && !row.includes('morning'))
    expect(spoilt).toEqual([])
    expect(ascii.text).toContain('日本語 é')
    expect(ascii.text).toContain('* online')
    expect(ascii.rows.map((row) => row.length)).toEqual(signs.rows.map((row) => row.length))
  })

  test.each([
    [{ LANG: 'C' }, true],
    [{ LANG: 'de_DE.ISO-8859-1' }, true],
    [{ LANG: 'C', LC_ALL: 'C.UTF-8' }, false],
    [{ LANG: 'en_GB.UTF-8', TERM: 'linux' }, true],
    [{}, false],
  ] as const)('with %j it is so: %s', async (env, isAscii) => {
    const screen = await chat({}, { env: { USER: 'me', ...env } })
    expect(screen.text.includes('|')).toBe(isAscii)
    expect(screen.text.includes('│')).toBe(!isAscii)
  })

  test('the windows and their words are, too', async () => {
    const screen = await chat(look({ ascii: 'on' }))
    screen.type('\x18')
    await screen.waitFor('Ctrl-X then...')
    screen.type('\x1b')
    screen.type('\x07')
    await screen.waitFor('> #lobby')
  })
})

describe('colours', () => {
  test('come from the theme, in as many colours as the terminal shows', async () => {
    const deep = await chat(look({ theme: 'dark', colours: 'truecolor' }))
    expect(colourOf(deep, 'you')).toBe(0x5fd7d7)
    const middle = await chat(look({ theme: 'dark', colours: '256' }))
    expect(colourOf(middle, 'you')).toBe(80)
    const few = await chat(look({ theme: 'dark', colours: '16' }))
    expect(colourOf(few, 'you')).toBe(6)
    const none = await chat({}, { env: { NO_COLOR: '1', COLORTERM: 'truecolor' } })
    expect(colourOf(none, 'you')).toBeUndefined()
  })

  test('of mono are none', async () => {
    const screen = await chat(look({ theme: 'mono', colours: 'truecolor' }))
    expect(colourOf(screen, 'you')).toBeUndefined()
    expect(colourOf(screen, 'alice')).toBeUndefined()
  })

  test('of auto are light ones until the terminal says that its background is light', async () => {
    const screen = await chat(look({ colours: 'truecolor' }))
    expect(colourOf(screen, 'you')).toBe(0x5fd7d7)
    screen.type('\x1b]11;rgb:ffff/ffff/ffff\x1b\\')
    await screen.waitFor((shown) => colourOf(shown, 'you') === 0x005f87)
  })

  test('of a theme that was chosen stay, whatever the background is', async () => {
    const screen = await chat(look({ theme: 'dark', colours: 'truecolor' }))
    screen.type('\x1b]11;rgb:ffff/ffff/ffff\x1b\\')
    screen.type('x')
    await screen.waitFor('> x')
    expect(colourOf(screen, 'you')).toBe(0x5fd7d7)
  })

  test('are others at once with /theme', async () => {
    const screen = await chat(look({ theme: 'dark', colours: 'truecolor' }))
    screen.type('/theme light\r')
    await screen.waitFor('The theme is light now')
    expect(colourOf(screen, 'you')).toBe(0x005f87)
    screen.type('/theme lihgt\r')
    await screen.waitFor("(did you mean 'light'?)")
  })
})

describe('keys', () => {
  const bind = { 'ctrl+o': 'menu', f5: 'help', 'alt+enter': 'send', enter: 'edit.newline' }

  test('of ones own work, also a function key, and the hints name them', async () => {
    const screen = await chat({ keys: { profile: 'default', bind } })
    expect(screen.rows.at(-1)).toContain('Alt-Enter send · Enter newline · Ctrl-K go to')
    screen.type('\x1b[15~')
    await screen.waitFor('Everywhere')
    screen.type('\x1b')
    await screen.waitFor(({ text }) => !text.includes('Everywhere'))
    screen.type('one\rtwo')
    await screen.waitFor(/> one\n +two/)
  })

  test('of readline: the hint of go to is Ctrl-G, and Ctrl-K kills', async () => {
    const screen = await chat({ keys: { profile: 'readline', bind: {} } })
    expect(screen.rows.at(-1)).toContain('Ctrl-G go to')
    screen.type('ab\x0b')
    await screen.waitFor('> ab')
  })
})

describe('the configuration', () => {
  const configurationFaults = ['/c/config.toml:3: look.theme: "drak" is none of …', 'another']

  test('that is wrong is told in the chat', async () => {
    const screen = await chat({}, { configurationFaults })
    await screen.waitFor('/c/config.toml:3')
    await screen.waitFor("'tchat doctor' says more")
  })

  test('that is wrong is told on the start screen, where its servers stand, too', async () => {
    const servers = [
      { name: 'office', address: 'chat.example', user: 'bob' },
      { name: 'old', address: 'old.example', user: '' },
    ]
    const world = new ScriptedWorld()
    const screen = Screen.open(
      SIZE,
      { start: 'menu', configuration: { ...defaults, servers }, configurationFaults },
      { connector: world },
    )
    await screen.waitFor('Servers')
    await screen.waitFor(/office +bob@chat\.example\n +old +me@old\.example/)
    expect(screen.text).not.toContain('me@old.example:8000')
    expect(screen.text).toContain('(and 1 more)')
    screen.type('\x1b[B\x1b[B\r')
    await screen.waitFor('Log in to chat.example')
    expect(world.checked).toEqual([expect.objectContaining({ address: 'chat.example' })])
    await screen.waitFor(/Name +bob/)
  })
})
