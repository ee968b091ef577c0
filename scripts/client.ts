/** `npm run docs`: writes docs/CLIENT.md; keys and commands come from the tables in the program. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { key, withLiveKeys } from '../src/ui/catalogue/live-keys.ts'
import { commandLines, type HelpLine, keyLines } from '../src/ui/commands/help.ts'
import { defaults } from '../src/ui/configuration/options.ts'
import type { ActionId } from '../src/ui/input/bindings.ts'
import type { KeyPlace } from '../src/ui/input/keymap.ts'
import { createLook } from '../src/ui/look-of.ts'

export const CLIENT_PAGE = fileURLToPath(new URL('../docs/CLIENT.md', import.meta.url))

const look = createLook(defaults, { LANG: 'C.UTF-8' })

/** The whole page. */
export function clientPage(): string {
  const keys = keyLines(look).flatMap(row).join('\n').trim()
  const commands = commandLines(look).flatMap(row).join('\n').trim()
  const text = withLiveKeys(TEXT, look.keymap)
  const parts = [text, '## Keys', KEYS, keys, '## Commands', COMMANDS, `${TABLE}\n${commands}`]
  return `${parts.join('\n\n')}\n`
}

const TABLE = '| | |\n| --- | --- |'

/** A heading begins a table of its own. */
function row([name, meaning]: HelpLine): string[] {
  if (name === '') return []
  if (meaning === '') return ['', `### ${name}`, '', TABLE]
  return [`| \`${name.replaceAll('|', '\\|')}\` | ${meaning} |`]
}

/** The key as it is shipped, in the text. */
function k(action: ActionId, place: KeyPlace = 'compose'): string {
  return `\`${key(action, place)}\``
}

const KEYS = `The same list is on the screen: ${withLiveKeys(k('help'), look.keymap)} on an empty line, with your own keys in it. Every
key with Alt has a twin without.`

const COMMANDS = `A command is one line that begins with a slash; \`//\` begins a message with one. Tab completes names of commands,
people and groups, and the words that a command wants. What stands in brackets can be left out.`

const TEXT = `# The client

<!-- Written by \`npm run docs\`; keys and commands come from the tables in the program. -->

\`tchat\` is the full-screen client. How to get it and to start a server is in the [README](../README.md), every
option in [CONFIGURATION.md](CONFIGURATION.md). From a checkout, \`tchat\` is \`npx tchat\` on this page.

## First run

\`tchat\` alone opens the start screen: *Host here* starts a server on this computer, *Connect to…* asks for an
address or a line that somebody gave you; \`tchat connect HOST\` or \`tchat connect tchat://…\` goes there at once.
An address alone is asked about the first time, unless it is of this computer: the server's key, in words and in
full, is what the server printed. A line brings the key along.

Then a name (the one you have on this computer stands there), a password of at least eight characters, and *Log in*
or *Create account*. You are in \`#lobby\`: write, \`Enter\`. From the shell to there it takes five key presses
besides password and text by either way, and less than 15 seconds for somebody who types four keys a second;
\`npm run first-run\` in a checkout counts both.

## Reading

Left are people and groups, what is unread in them and where you are named (\`@2\`). Below 60 columns there is one
pane, with what waits in the first row; from 110 on the members stand on the right (${k('membersPane')}).

- **Read** is what was in view while the terminal had the focus, and everything before it. Coming to a
  conversation with more than a screen of new messages leaves the rest unread until you have scrolled through it, or
  until ${k('newest')} on an empty line says that all of it is read. ${k('firstUnread')} goes to the first of them.
- ${k('nextUnread')} goes to the next conversation with something new, where you are named first. After an absence in
  which much was said a page shows it first, conversation by conversation; ${k('catchUp')} opens it at any time:
  ${k('peek', 'catchUp')} looks without marking anything as read, ${k('markRead', 'catchUp')} marks as read.
- The marks of your own messages: ◷ waits on this computer, ✓ is on the server, ✓✓ is with all others, ✓✓✓ was read
  by all of them. ✗ was refused: \`/retry\` or \`/discard\`.
- ${k('focusLog')} on an empty line goes into the log: ${k('selectPrevious', 'log')} ${k('selectNext', 'log')} choose a message, and then ${k('reply', 'log')} answers,
  ${k('editMessage', 'log')} edits, ${k('deleteMessage', 'log')} deletes, ${k('react', 'log')} reacts, ${k('messageInfo', 'log')} says who has read it, ${k('copyMessage', 'log')} copies it, ${k('openLink', 'log')} opens the address in it.
- » stands before a message that names you; ${k('previousMention')} and ${k('nextMention')} go from one to the next.
- \`Ctrl-F\` searches here, pressed again everywhere.
- ${k('zoom')} shows the log alone, so that the mouse selects nothing else.

## Writing

${k('send')} sends; ${k('edit.newline')} begins a new line, and so does \`Ctrl-J\` where the terminal does not tell it apart.
The line has the keys of readline: words, cuts and ${k('edit.yank')}, ${k('edit.undo')} to undo, ${k('edit.searchHistory')} to search what you sent.
\`@\`, \`#\`, \`/\` and \`:\` followed by a letter offer names, groups, commands and emoji; ${k('edit.completeNext')} takes one.

A long paste is asked about first: into the line, into the editor, or not at all; what is too long for one message
can be sent as several. ${k('externalEditor')} opens what
you are writing in \`$VISUAL\` or \`$EDITOR\`. Each conversation has a draft of its own, kept on disk.

Light Markdown is shown as such: \`**bold**\`, \`_italic_\`, \`\` \`code\` \`\`, fenced code, quotes, lists. The signs
stay where they were written, and \`markdown = false\` shows nothing but them.

## Getting around

${k('goTo')} at the end of a text, or \`Ctrl-G\` anywhere, goes to anyone, any group and any command
by a few letters, and offers to make or join the group that is not there yet. ${k('menu')} shows everything else. ${k('focusNext')} goes from pane to pane;
\`/\` in the lists narrows them down. \`Alt-1\` to \`Alt-9\` are the first nine conversations.

The mouse is off, so that the terminal selects text. ${k('mouse')} turns it on: click on a conversation, scroll
by the wheel; the terminal selects while Shift is held.

## Being told

Of people you are told everything, of groups what names you. ${k('notifyLevel')} sets it for one conversation,
${k('mute')} mutes it, ${k('pin')} pins it. ${k('busy')} is 'do not disturb', ${k('away')} says that you are away;
both hold for all clients of your account.

While the terminal does not have the focus, the bell rings and the terminal shows a notification, where it can; after
one there is a pause of five seconds for the same conversation. \`notify.command\` runs a program of yours instead, or as
well, and the title of the window says how much is unread. \`[hooks]\` runs programs for messages, mentions and direct
messages.

## Without a connection

The newest 1,000 entries of each conversation are kept on this computer, so that the screen is full before the server
answers, and can be read without it. What you write then waits on disk (◷), also when the client is closed, and goes
out once there is a connection. ${k('reconnect')} tries now. \`--no-cache\`, or \`cache = false\` below \`[privacy]\`, keeps no
messages; \`drafts = false\` keeps no drafts. \`/logout\` leaves nothing behind; it asks when something was not sent yet.

Two clients of one account, on one computer or two, show the same; each finishes its own drafts.

## Terminals

What tchat needs of a terminal is cursor addressing and UTF-8. Without UTF-8, or with \`--ascii\`, signs and lines are
ASCII. \`NO_COLOR\`, \`--colours\` and \`--theme\` decide about colours; a light or a dark background is asked of the
terminal.

In **tmux** a few lines of \`~/.tmux.conf\` make the difference:

\`\`\`
set -g focus-events on          # told only while you look elsewhere
set -g extended-keys on         # Shift-Enter, as far as the terminal sends it
set -g allow-passthrough on     # notifications of the terminal outside
set -g set-clipboard on         # copying from tchat into the clipboard
set -s escape-time 10           # Esc at once
\`\`\`

- **Clipboard**: copying goes by OSC 52. Many terminals allow it only when they are told to; over ssh it reaches
  the computer that you sit at. Where it does not work, ${k('zoom')} and the mouse do.
- **Alt**: some terminals write characters by it (macOS: 'Use Option as Meta key'). Every such key has a twin behind
  ${k('menu')}, which the menu shows.
- **Ctrl-S, Ctrl-Q**: free for keys of your own, as tchat has no flow control in the terminal. Some layers between
  keep them (\`screen\` with \`flow on\`): \`tchat keys\` shows whether they arrive. The prefix of tmux or screen never does.
- **A screen reader, or no screen at all**: \`tchat send\`, \`tail\` and \`history\` print plain lines (see 'In a
  pipe' in the README), and \`tchat connect HOST --line\` chats line by line.

## When something is wrong

| | |
| --- | --- |
| a key does nothing | \`tchat keys\`, then the key: what the terminal sends, how it is called, what it does |
| signs, colours, notifications, files, the configuration | \`tchat doctor\`; \`tchat doctor HOST\` looks at a server, too |
| the screen is torn | ${k('redraw')} draws it again |
| columns are not straight | \`tchat doctor\` measures how wide the terminal draws what terminals disagree about |
| 'the key of … has CHANGED' | another server, or somebody in between: ask whoever runs it, and only then \`--trust\` the new key |
| an option does nothing | \`tchat config\` says where the file is and which lines in it are wrong |
| what a hosted server says | \`server.log\` in the state folder: see 'Files' in the README |

The terminal is as it was after every end that tchat lives to see: leaving, an error, a closed window, SIGINT,
SIGTERM, SIGHUP. After \`kill -9\`, or when the machine ran out of memory, nobody could put it back: the last screen
stays, and what is typed may not be shown. \`reset\` and Enter help then, typed without seeing it. What was sent
waits on the disk; of a draft the last second may be missing.`

if (import.meta.main) writeFileSync(CLIENT_PAGE, clientPage())
