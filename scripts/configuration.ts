/** `npm run docs`: writes docs/CONFIGURATION.md from the tables in the program. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type FlagRow, flags, flagText } from '../src/cli/command-line.ts'
import { en } from '../src/ui/catalogue/en.ts'
import { actionNames, isActionName } from '../src/ui/commands/action-names.ts'
import { fileName, type Option, options, serverOptions } from '../src/ui/configuration/options.ts'
import { allowed } from '../src/ui/configuration/values.ts'
import { DEFAULT_BINDINGS, type Where } from '../src/ui/input/bindings.ts'
import { createKeymap, type Keymap, keyLabel, keysOfAction } from '../src/ui/input/keymap.ts'
import { keymapWords } from '../src/ui/input/keymap-words.ts'
import { bindableActions, keymapOf } from '../src/ui/input/rebinding.ts'

export const CONFIGURATION_PAGE = fileURLToPath(
  new URL('../docs/CONFIGURATION.md', import.meta.url),
)

type Rows = Readonly<Record<string, Option>>

/** The whole page. */
export function configurationPage(): string {
  const sections = Object.entries<Rows>(options)
    .filter(([, rows]) => Object.values(rows).some(({ kind }) => kind !== 'bindings'))
    .map(([name, rows]) => `### [${name}]\n\n${optionTable(rows)}`)
  return `${[
    HEAD,
    flagTable(),
    '## Options',
    ...sections,
    `### [[servers]]\n\n${SERVERS}`,
    optionTable(serverOptions),
    KEYS,
    profileTable(),
    ACTIONS,
    actionTable(),
  ].join('\n\n')}\n`
}

const HEAD = `# Configuration

<!-- Written by \`npm run docs\` from the tables in the program: change those. -->

tchat needs no configuration. Whoever wants one writes TOML (toml.io) into \`config.toml\`; \`tchat config\`
says where that is (\`$XDG_CONFIG_HOME/tchat/config.toml\`) and what is wrong in it, and

\`\`\`sh
tchat config --defaults
\`\`\`

prints a file in which every option stands as a comment, with its default.

\`\`\`toml
[look]
theme = "light"

[[servers]]
name = "office"
address = "chat.example.org:8000"
user = "me"

[keys.bind]
"ctrl+o" = "nextUnread"
"ctrl+x h" = "/msg bob lunch?"
\`\`\`

A flag wins over its variable, that one over the file, and the file over the default. The file is read once,
when the program starts.

A mistake in the file stops nothing: the option in that line keeps its default, all others hold, and one line on
the screen says which line it is and what would be right. \`tchat config\` and \`tchat doctor\` list every mistake
and then exit with 1. Only a file that was named, with \`--config\` or \`TCHAT_CONFIG\`, must be there: without it
the program exits with 2, as it does for a flag that it does not understand.

## Hooks

\`\`\`toml
[hooks]
message = ["/home/me/bin/keep", "--in", "chat.log"]
mention = ["paplay", "/usr/share/sounds/freedesktop/stereo/bell.oga"]
\`\`\`

A hook is run once for each message, in the full screen and in line mode, without a shell. On its standard input
is one line of JSON, the same as \`tchat tail --json\` prints:

\`\`\`json
{"conversation":"#ops","seq":12,"time":1769904000000,"from":"bob","kind":"text","text":"你好"}
\`\`\`

\`message\` is run for what anybody else says; \`mention\` and \`direct\` only for what may call you: not while you are
busy, not where you want to be told of nothing, and \`direct\` not for who is muted. What was said while you were not
there or had no connection runs nothing, nor does what you say yourself or what comes from who is blocked; whoever needs
all of it reads \`tchat tail\`. Three of a kind run at a time, up to 1,000 wait, and each is killed after ten seconds; a
hook that fails is told once. What it prints goes nowhere.

## Flags and variables`

const SERVERS = `One section for each. \`tchat connect NAME\` goes there, \`--server NAME\` (or \`TCHAT_SERVER\`) of the commands for
pipes means it, and the start screen shows it.`

const KEYS = `## Keys

\`[keys.bind]\` gives keys to actions, or to slash commands with what stands behind them. A key is written as
\`tchat keys\` shows it: \`ctrl+o\`, \`alt+enter\`, \`f5\`, \`pageup\`, \`x\`, \`ctrl+x z\` (one after the other, only behind
\`ctrl+x\`). \`C-o\`, \`M-a\` and \`^O\` mean the same.

- A key does one thing: with its new one it loses the old, and help, hints and menu say so at once.
- \`"none"\` frees a key.
- A character alone (\`x\`) counts while one reads back, in the lists and in windows; elsewhere it is written.
- Two lines for one key are a conflict: the first holds, and the second is named.
- What would leave nothing to send with, or to leave a window by, is refused; so is \`ctrl+x\`, which opens the menu.
- Some keys no terminal tells apart: \`ctrl+i\` is Tab, \`ctrl+m\` is Enter, \`ctrl+[\` is Esc, \`ctrl+h\` is often
  Backspace; Ctrl with a digit, and Shift beside Ctrl or Alt, are not sent at all; Alt-[ and Alt-O begin the
  sequences of other keys. They are refused with that reason. \`ctrl+s\`, \`ctrl+q\`, \`ctrl+b\` and \`ctrl+a\` may be
  eaten by what is around the program. Function keys work without Ctrl, Alt and Shift; F1, F10 and F11 often
  belong to the terminal.

What the profile \`readline\` changes while one writes:`

const ACTIONS = `### Actions`

function flagTable(): string {
  const named = ['config', 'theme', 'colours', 'lang', 'ascii', 'keymap', 'noCache'] as const
  const rows = named.map((name) => {
    const row: FlagRow = flags[name]
    const flag = row.value === undefined ? flagText(name) : `${flagText(name)} ${row.value}`
    const env = row.env === undefined ? '' : code(row.env)
    return [code(flag), env, row.help]
  })
  return table(['flag', 'variable', 'meaning'], rows)
}

function optionTable(rows: Rows): string {
  const lines = Object.entries(rows).map(([name, row]) => [
    code(fileName(name)),
    row.kind === 'bindings' ? 'a table of keys' : allowed(row),
    row.kind === 'bindings' ? '' : code(JSON.stringify(row.default)),
    row.meaning,
  ])
  return table(['option', 'values', 'default', 'meaning'], lines)
}

/** By place: a key that moves from one meaning to another may keep both elsewhere. */
function profileTable(): string {
  const readline = keymapOf({ profile: 'readline', bind: {} })
  const shipped = createKeymap(DEFAULT_BINDINGS)
  const rows = bindableActions().flatMap((action) => {
    const [before = '', after = ''] = [shipped, readline].map((keymap) =>
      writingKeys(keymap, action),
    )
    return before === after ? [] : [[meaningOf(action), code(before), code(after)]]
  })
  return table(['action', 'default', 'readline'], rows)
}

/** The keys that an action has while one writes. */
function writingKeys({ bindings }: Keymap, action: string): string {
  const places: readonly Where[] = ['anywhere', 'compose', 'text']
  const rows = bindings.filter((row) => row.action === action && places.includes(row.where))
  return [...new Set(rows.flatMap(({ keys }) => keys))].map(keyLabel).join(', ')
}

function actionTable(): string {
  const keymap = createKeymap(DEFAULT_BINDINGS)
  const rows = bindableActions().map((action) => {
    const command = isActionName(action) ? actionNames[action].commands?.[0] : undefined
    const keys = keysOfAction(keymap, action as never).map(keyLabel)
    return [
      code(action),
      command === undefined ? '' : code(`/${command}`),
      keys.length > 6 ? `${keys.slice(0, 6).map(code).join(' ')} …` : keys.map(code).join(' '),
      meaningOf(action),
    ]
  })
  return table(['action', 'command', 'keys', 'meaning'], rows)
}

function meaningOf(action: string): string {
  const words: Readonly<Record<string, string>> = { ...keymapWords, ...en.actions }
  return words[action] ?? ''
}

function code(text: string | undefined): string {
  if (text === undefined || text === '') return ''
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

if (import.meta.main) writeFileSync(CONFIGURATION_PAGE, configurationPage())
