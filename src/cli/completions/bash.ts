import { quoted } from '../quoted.ts'
import type { CommandWords, FlagWord } from './tree.ts'

/** A function for bash 3.2 and later, which needs no bash-completion. */
export function bashCompletions(tree: readonly CommandWords[]): string {
  return `# tchat for bash: eval "$(tchat completions bash)"
_tchat() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= at word words=
  for ((at = 1; at < COMP_CWORD; at += 1)); do
    word=\${COMP_WORDS[at]}
    case $word in
      ${valueFlags(tree).join('|')}) at=$((at + 1)) ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  # The word behind the command; behind 'tchat' alone the command itself.
  local first=$((COMP_CWORD == at + 1 || COMP_CWORD == at))
  COMPREPLY=()
  case $before in
${valueCases(tree)}
  esac
  case $command in
${tree.map(commandCase).join('\n')}
  esac
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
}
complete -F _tchat tchat
`
}

function commandCase({ command, words, flags }: CommandWords): string {
  const flagTexts = quoted(flags.map(({ text }) => text).join(' '))
  const texts = quoted(words.map(({ text }) => text).join(' '))
  const verbs = words.length === 0 ? '' : `; elif ((first)); then words=${texts}`
  return `    ${quoted(command)}) if [[ $current == -* ]]; then words=${flagTexts}${verbs}; fi ;;`
}

function valueFlags(tree: readonly CommandWords[]): readonly string[] {
  return [...allFlags(tree).values()].filter(({ takesValue }) => takesValue).map(({ text }) => text)
}

function valueCases(tree: readonly CommandWords[]): string {
  const cases = [...allFlags(tree).values()].filter(({ takesValue }) => takesValue)
  return cases.map((flag) => `    ${flag.text}) ${offer(flag)}return ;;`).join('\n')
}

function offer({ values, isFile }: FlagWord): string {
  // A name may have blanks; -o filenames puts the backslashes before them.
  if (isFile) {
    return 'compopt -o filenames 2> /dev/null; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current"); '
  }
  if (values.length === 0) return ''
  return `COMPREPLY=($(compgen -W ${quoted(values.join(' '))} -- "$current")); `
}

function allFlags(tree: readonly CommandWords[]): ReadonlyMap<string, FlagWord> {
  return new Map(tree.flatMap(({ flags }) => flags).map((flag) => [flag.text, flag]))
}
