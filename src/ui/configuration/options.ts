/**
 * Every option of the configuration file, once: the type `Configuration`, its defaults, the reader
 * of the file and the page of documentation come from these rows. A name is camelCase here and
 * snake_case in the file.
 */
export const options = {
  look: {
    theme: choice(
      ['auto', 'dark', 'light', 'colour-blind', 'mono'],
      'auto',
      'Colours for a dark or a light background; colours that most colour-blind people tell apart; bold and underline only. auto: what the terminal says of its background.',
    ),
    colours: choice(
      ['auto', 'truecolor', '256', '16', 'none'],
      'auto',
      'How many colours the terminal shows. auto: what COLORTERM and TERM say; none where NO_COLOR is set.',
    ),
    ascii: choice(
      ['auto', 'on', 'off'],
      'auto',
      'Signs and lines from ASCII alone. auto: where the locale is not UTF-8, and on the Linux console.',
    ),
    language: choice(
      ['auto', 'en', 'zh'],
      'auto',
      'The language of the interface. auto: what LC_ALL, LC_MESSAGES or LANG say.',
    ),
    markdown: toggle(
      true,
      'Show what is written in Markdown as such: bold, italic, code, quotes, lists.',
    ),
    foldJoins: toggle(true, 'Show who came and who left in one line where many did in a row.'),
    mouse: toggle(
      false,
      'Take clicks and the wheel. The terminal selects text only while Shift is held then.',
    ),
    links: toggle(true, 'Make addresses in messages links that the terminal opens by a click.'),
  },
  notify: {
    direct: choice(
      ['all', 'mentions', 'none'],
      'all',
      'What of direct conversations you are told about. A conversation can have its own setting.',
    ),
    groups: choice(
      ['all', 'mentions', 'none'],
      'mentions',
      'What of groups you are told about. A group can have its own setting.',
    ),
    bell: toggle(true, 'Ring the bell of the terminal.'),
    terminal: choice(
      ['auto', 'off', 'osc9', 'osc777'],
      'auto',
      'Have the terminal show a notification. auto: by the sequence that the terminal is known to take.',
    ),
    cooldownSeconds: count(
      5,
      [0, 3_600],
      'After telling you of a conversation, so long nothing more of it is told; then it is said how much has come.',
    ),
    command: words(
      [],
      'A program to run for each notification; it gets what is told as JSON on its standard input. No shell looks at the words.',
    ),
    title: toggle(true, "Show how much is unread in the window's title."),
    catchUp: toggle(
      true,
      'After an absence show first what came meanwhile, conversation by conversation, where it is much.',
    ),
  },
  compose: {
    pasteLines: count(
      25,
      [1, 10_000],
      'Ask before a pasted text of more lines than this is taken.',
    ),
    pasteBytes: count(
      4_096,
      [1, 1_048_576],
      'Ask before a pasted text of more bytes than this is taken.',
    ),
    editor: text('', 'The editor for long messages. Empty: $VISUAL, else $EDITOR.'),
    sendTyping: toggle(true, 'Let others see that you are typing.'),
  },
  keys: {
    profile: choice(
      ['default', 'readline'],
      'default',
      'default: Ctrl-K at the end of the text goes to a conversation. readline: Ctrl-K always kills.',
    ),
    bind: bindings(
      'Your own keys: "ctrl+x z" = "zoom". The action "none" frees a key. \'tchat keys\' shows how a key is called.',
    ),
  },
  privacy: {
    cache: toggle(
      true,
      'Keep the newest messages on this computer, so that they can be read before the server answers.',
    ),
    drafts: toggle(true, 'Keep what is not sent yet on this computer.'),
  },
  hooks: {
    message: words(
      [],
      'A program to run for each message of others that comes while you are there, whatever you are told of. It gets the message as JSON on its standard input, one object as of `tchat tail --json`; no shell looks at the words.',
    ),
    mention: words(
      [],
      'The same, for messages that mention you; not while you are busy (`/dnd`) or want to be told of nothing there.',
    ),
    direct: words(
      [],
      'The same, for direct messages; not while you are busy, nor of who is muted or whom you want to be told of nothing.',
    ),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Option>>>>

/** `[[servers]]`: as many as there are. */
export const serverOptions = {
  name: text('', "What you call it: 'tchat connect NAME'."),
  address: text('', 'HOST, HOST:PORT or [IPv6]:PORT.'),
  user: text('', 'The name to log in with. Empty: the one used last.'),
} as const satisfies Readonly<Record<string, Option>>

export type Choice<V extends string = string> = Readonly<{
  kind: 'choice'
  values: readonly V[]
  default: V
  meaning: string
}>
export type Toggle = Readonly<{ kind: 'toggle'; default: boolean; meaning: string }>
/** A whole number; `range`: the least and the greatest that it may be. */
export type Count = Readonly<{
  kind: 'count'
  range: readonly [number, number]
  default: number
  meaning: string
}>
export type Text = Readonly<{ kind: 'text'; default: string; meaning: string }>
/** A command line, word by word; empty: nothing is run. */
export type Words = Readonly<{ kind: 'words'; default: readonly string[]; meaning: string }>
/** A table of its own: a sequence of keys → the action's name. */
export type Bindings = Readonly<{
  kind: 'bindings'
  default: Readonly<Record<string, string>>
  meaning: string
}>
export type Option = Choice | Toggle | Count | Text | Words | Bindings

type ValueOf<O extends Option> =
  O extends Choice<infer V>
    ? V
    : O extends Toggle
      ? boolean
      : O extends Count
        ? number
        : O extends Text
          ? string
          : O extends Words
            ? readonly string[]
            : Readonly<Record<string, string>>

type SectionValues<S extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof S]: ValueOf<S[Name]>
}

export type SectionName = keyof typeof options
export type ServerProfile = SectionValues<typeof serverOptions>

/** What the file says, and the defaults where it says nothing. A value for a whole run. */
export type Configuration = {
  readonly [Section in SectionName]: SectionValues<(typeof options)[Section]>
} & Readonly<{ servers: readonly ServerProfile[] }>

/** What holds where there is no file. */
export const defaults: Configuration = {
  ...(Object.fromEntries(
    Object.entries(options).map(([section, rows]) => [section, defaultsOf(rows)]),
  ) as Omit<Configuration, 'servers'>),
  servers: [],
}

/** How an option of the table is called in the file: 'foldJoins' → 'fold_joins'. */
export function fileName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function defaultsOf(rows: Readonly<Record<string, Option>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.default]))
}

function choice<const V extends string>(
  values: readonly V[],
  fallback: NoInfer<V>,
  meaning: string,
): Choice<V> {
  return { kind: 'choice', values, default: fallback, meaning }
}

function toggle(fallback: boolean, meaning: string): Toggle {
  return { kind: 'toggle', default: fallback, meaning }
}

function count(fallback: number, range: readonly [number, number], meaning: string): Count {
  return { kind: 'count', range, default: fallback, meaning }
}

function text(fallback: string, meaning: string): Text {
  return { kind: 'text', default: fallback, meaning }
}

function words(fallback: readonly string[], meaning: string): Words {
  return { kind: 'words', default: fallback, meaning }
}

function bindings(meaning: string): Bindings {
  return { kind: 'bindings', default: {}, meaning }
}
