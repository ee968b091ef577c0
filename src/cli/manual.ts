import type { CommandName } from './command-line.ts'

const ACCOUNT =
  'Server and account: --server and --user, else TCHAT_SERVER and TCHAT_USER, else what was used last. The session of the last log-in is taken; without one the password is what --password-command prints, or TCHAT_PASSWORD, and that session ends with the command.'
const CODES =
  'Exit codes: 0 done; 1 the server refuses it or cannot be reached; 2 the command line or the input cannot be read.'
const ENTRY =
  'JSON: one object a line, {"conversation","seq","time","from","kind","text"}; conversation is what send takes, time is milliseconds since 1970, kind is text for a message.'

/** What `tchat COMMAND --help` says beyond the usage and the flags, in paragraphs. */
export const manual: { readonly [Name in CommandName]?: readonly string[] } = {
  login: [
    'Asks for the password on a terminal. The session lasts until `tchat logout`, and 30 days after its last use.',
    examples(
      'tchat login --server chat.example.org --user alice',
      "tchat login --server chat.example.org --user bot --register --password-command 'pass tchat/bot'",
    ),
    CODES,
  ],
  logout: [
    'Refuses while messages wait here to be sent, unless --discard drops them.',
    examples('tchat logout', 'tchat logout --server chat.example.org --user bot'),
    CODES,
  ],
  send: [
    "The message is kept on disk until the server acknowledges it, and sent again with the same nonce after every loss of the connection: it arrives once. When the command says that it failed, the message was taken back. When it was killed, the same command again means the same message. '--' goes before a text that begins with '-'.",
    'With --lines, lines are sent in order, as fast as the server takes them; empty ones are passed over. At the first that cannot be sent it ends and says which.',
    ACCOUNT,
    ENTRY,
    examples(
      'tchat send bob the build is green',
      "git log -1 --format=%s | tchat send '#releases'",
      "tail -F app.log | grep --line-buffered ERROR | tchat send --lines '#ops'",
      'tchat send --wait-delivered --timeout 60 alice please call',
    ),
    CODES,
  ],
  tail: [
    'Begins with what no client of the account had yet; --since 0 with the first message, --since 10m, --since 12:30, --since 2026-01-31 with that time. Goes on over every loss of the connection without a gap and without a repetition. Ends with 0 on Ctrl-C, or with the first line that nobody reads any more. Who sends something there by the same account has got all before it: then say --since.',
    ACCOUNT,
    ENTRY,
    examples(
      "tchat tail '#ops'",
      'tchat tail --json --no-follow | jq -r \'select(.kind == "text") | .text\'',
      "tchat tail --json --since 10m '#ops' bob",
    ),
    CODES,
  ],
  ls: [
    ACCOUNT,
    'JSON: one object a line, with conversation, kind, unread, mentions, first, last, delivered, read, time, and of groups members, role, access, topic.',
    examples('tchat ls', "tchat ls --json | jq -r 'select(.unread > 0) | .conversation'"),
    CODES,
  ],
  history: [
    'The newest 50, unless --limit or --since say otherwise; messages stand there as they are now. Nothing counts as delivered or read by it.',
    ACCOUNT,
    ENTRY,
    examples("tchat history '#ops'", "tchat history --json --since 0 '#ops' > ops.jsonl"),
    CODES,
  ],
  groups: [
    'list: your groups. find: public ones, with that beginning. create, join, quit; members; add and remove members. join takes a share line, too.',
    ACCOUNT,
    examples(
      "tchat groups create '#ops' alice bob",
      "tchat groups join '#releases'",
      "tchat groups members --json '#ops'",
    ),
    CODES,
  ],
  completions: [
    examples(
      'eval "$(tchat completions bash)"',
      'tchat completions zsh > ~/.zfunc/_tchat',
      'tchat completions fish > ~/.config/fish/completions/tchat.fish',
    ),
  ],
}

function examples(...lines: readonly string[]): string {
  return ['Examples:', ...lines.map((line) => `    ${line}`)].join('\n')
}
