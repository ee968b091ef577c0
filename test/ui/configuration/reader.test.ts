import { expect, test } from 'vitest'
import { defaultFile } from '../../../src/ui/configuration/default-file.ts'
import { defaults } from '../../../src/ui/configuration/options.ts'
import { readConfiguration } from '../../../src/ui/configuration/reader.ts'
import { readText } from '../../../src/ui/configuration/values.ts'

test('an empty file means the defaults', () => {
  expect(readConfiguration('')).toEqual({ configuration: defaults, faults: [] })
})

test('what a file says holds, the rest stays as it is', () => {
  const { configuration, faults } = readConfiguration(`
    [look]
    theme = "light"
    fold_joins = false
    [notify]
    cooldown_seconds = 0
    command = ["notify-send", "-a", "tchat"]
    [compose]
    editor = "vi"
    [keys]
    profile = "readline"
    [keys.bind]
    "Ctrl-O" = "next_unread"
    "C-x h" = "/msg bob lunch?"
    [hooks]
    mention = "beep"
    [[servers]]
    name = "office"
    address = "chat.example"
    user = "me"
    [[servers]]
    name = "home"
    address = "[::1]:9000"
  `)
  expect(faults).toEqual([])
  expect(configuration).toEqual({
    ...defaults,
    look: { ...defaults.look, theme: 'light', foldJoins: false },
    notify: {
      ...defaults.notify,
      cooldownSeconds: 0,
      command: ['notify-send', '-a', 'tchat'],
    },
    compose: { ...defaults.compose, editor: 'vi' },
    keys: { profile: 'readline', bind: { 'ctrl+o': 'nextUnread', 'ctrl+x h': '/msg bob lunch?' } },
    hooks: { ...defaults.hooks, mention: ['beep'] },
    servers: [
      { name: 'office', address: 'chat.example', user: 'me' },
      { name: 'home', address: '[::1]:9000', user: '' },
    ],
  })
})

test('servers and sections can be written inline, too', () => {
  const { configuration, faults } = readConfiguration(
    'servers = [{ name = "a", address = "a.example" }]\nlook = { theme = "mono" }\nkeys.profile = "readline"',
  )
  expect(faults).toEqual([])
  expect(configuration.servers).toEqual([{ name: 'a', address: 'a.example', user: '' }])
  expect(configuration.look.theme).toBe('mono')
  expect(configuration.keys.profile).toBe('readline')
})

/** One line each: what stands in the file, and what is said about which line. */
test.each([
  ['[look]\ntheme = "drak"', 2, /look\.theme: "drak" is none of .*did you mean 'dark'/],
  ['[look]\ntheme = dark', 2, /a text stands in quotes: theme = "dark"/],
  ['[look]\nmouse = yes', 2, /yes is written true: mouse = true/],
  ['[look]\nmouse = "true"', 2, /"true" is neither true nor false/],
  ['[look]\nthem = "dark"', 2, /\[look\] has no option them \(did you mean 'theme'\?\)/],
  ['[look]\npaste_lines = 3', 2, /it belongs below \[compose\]/],
  ['theme = "dark"', 1, /theme stands in no section: it belongs below \[look\]/],
  ['[lock]\ntheme = "dark"', 1, /there is no section \[lock\] \(did you mean 'look'\?\)/],
  ['\n[look\ntheme = "mono"', 2, /a section's name stands in brackets: \[look\]/],
  ['[look]\ntheme "dark"', 2, /there is no = between name and value/],
  ['[look]\ntheme = "dark', 2, /the quote at the end is missing/],
  ['[look]\ntheme =', 2, /there is no value behind theme =/],
  ['[look]\ntheme = "dark"\ntheme = "light"', 3, /theme is there a second time/],
  ['[look.more]\nx = 1', 1, /\[look\] has no section more/],
  ['[notify]\ncooldown_seconds = 1.5', 2, /1\.5 is no whole number from 0 to 3600/],
  ['[notify]\ncooldown_seconds = -1', 2, /-1 is no whole number/],
  ['[notify]\ncommand = "notify-send -a x"', 2, /\["notify-send", "-a", "x"\]/],
  ['[notify]\ncommand = ["a", 1]', 2, /is no list of texts/],
  ['[hooks]\nmessage = 2026-01-01', 2, /2026-01-01.* is no list of texts/],
  ['[servers]\nname = "a"', 1, /each server has a section \[\[servers\]\] of its own/],
  ['[[servers]]\nname = "a"', 1, /this server needs an address/],
  ['[[servers]]\naddress = "a.example"', 1, /this server needs a name/],
  [
    '[[servers]]\nname = "a"\naddress = "a:99999"',
    3,
    /servers\.address: 'a:99999' is not an address/,
  ],
  ['[[servers]]\nname = "a b"\naddress = "a"', 2, /one word without/],
  [
    '[[servers]]\nname = "a"\naddress = "a"\nuse = "b"',
    4,
    /a server has no use \(did you mean 'user'/,
  ],
  [
    '[[servers]]\nname = "a"\naddress = "a"\n[[servers]]\nname = "a"\naddress = "b"',
    4,
    /another server is called a already/,
  ],
  ['[keys]\nprofile = "emacs"', 2, /"emacs" is none of default, readline/],
  ['[keys.bind]\n"ctrl+o" = "nextUnraed"', 2, /no action "nextUnraed" \(did you mean 'nextUnread'/],
  ['[keys.bind]\n"ctrl+o" = 3', 2, /"ctrl\+o" needs an action's name in quotes/],
  ['[keys.bind]\nctrl+o = "quit"', 2, /a key stands in quotes: "ctrl\+o" = "quit"/],
  ['[keys.bind]\n"ctrl+i" = "quit"', 2, /terminals send it as Tab/],
  ['[keys.bind]\n"pagup" = "quit"', 2, /"pagup" is no key \(did you mean 'pageup'\?\)/],
  ['[keys.bind]\n"ctrl+o" = "quit"\n"C-o" = "help"', 3, /"C-o" is the key of line 2, too/],
  ['[keys.bind]\n"enter" = "none"', 2, /no key would be left for 'send'/],
  ['\u0000', 1, /this is not TOML/],
])('%j is told, with its line', (text, line, said) => {
  const { faults } = readConfiguration(text)
  expect(faults).toEqual([{ line, text: expect.stringMatching(said) as string }])
})

test('one wrong line costs only itself', () => {
  const { configuration, faults } = readConfiguration(
    '[look]\ntheme = dark\nmarkdown = false\n[compose\npaste_lines = 3\n[privacy]\ncache = false\n',
  )
  expect(configuration.look).toMatchObject({ theme: 'auto', markdown: false })
  expect(configuration.privacy.cache).toBe(false)
  expect(configuration.compose.pasteLines).toBe(3)
  expect(faults.map(({ line }) => line)).toEqual([2, 4])
})

test('a file of nonsense is read in bounded time, and never throws', () => {
  const { configuration, faults } = readConfiguration('}{ = [\n'.repeat(10_000))
  expect(configuration).toEqual(defaults)
  expect(faults.length).toBeLessThanOrEqual(20)
})

test('the default file is a file, as it is and with every option taken out of its comment', () => {
  expect(readConfiguration(defaultFile())).toEqual({ configuration: defaults, faults: [] })
  const all = defaultFile().replace(/^# (?=\[|(?:"[^"]+"|[a-z_]+) = )/gm, '')
  const { configuration, faults } = readConfiguration(all)
  expect(faults).toEqual([])
  expect(configuration).toEqual({
    ...defaults,
    keys: { profile: 'default', bind: { 'ctrl+o': 'nextUnread' } },
    servers: [{ name: 'office', address: 'chat.example.org:8000', user: 'me' }],
  })
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  '%s is no option, section or key of ours',
  (name) => {
    const text = [
      `[[servers]]`,
      `${name} = 1`,
      `[look]`,
      `${name} = 1`,
      `[keys.bind]`,
      `${name} = "${name}"`,
      `"ctrl+o" = "/${name}"`,
      `[${name}]`,
      `a = 1`,
    ].join('\n')
    const { configuration, faults } = readConfiguration(text)
    expect(configuration).toEqual(defaults)
    expect(new Set(faults.map(({ line }) => line))).toEqual(new Set([1, 2, 4, 6, 7, 8]))
    expect(readText({ kind: 'toggle', default: true, meaning: '' }, name)).toHaveProperty('fault')
  },
)
