import { quoted } from '../quoted.ts'
import type { CommandWords, FlagWord } from './tree.ts'

/** A completion function as `compinit` finds it by its first line. */
export function zshCompletions(tree: readonly CommandWords[]): string {
  const [top, ...named] = tree
  return `#compdef tchat
# tchat for zsh: as _tchat in a folder of $fpath, or: eval "$(tchat completions zsh)"
_tchat() {
  local curcontext=$curcontext state line
  local -a words_here
  _arguments -C \\
${[...(top?.flags ?? []).map(argumentOf), ...known(tree)].map((one) => `    ${one} \\`).join('\n')}
    '1: :->command' '*:: :->rest' && return 0
  if [[ $state == command ]]; then
    words_here=(${described(top?.words ?? [])})
    _describe command words_here
    return
  fi
  case $line[1] in
${named.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _tchat ]]; then _tchat "$@"; else compdef _tchat tchat; fi
`
}

/** What takes a value and may stand before its command, too: known there, but not offered. */
function known([top, ...named]: readonly CommandWords[]): readonly string[] {
  const offered = new Set(top?.flags.map(({ text }) => text))
  const others = named.flatMap(({ flags }) => flags).filter(({ text }) => !offered.has(text))
  const taking = others.filter(({ takesValue }) => takesValue).map(({ text }) => text)
  return [...new Set(taking)].map((text) => quoted(`!${text}: :()`))
}

function commandCase({ command, words, flags }: CommandWords): string {
  const list = words.length === 0 ? '' : `\n      words_here=(${described(words)})`
  const first = words.length === 0 ? "'*: :()'" : "'1: :{_describe verb words_here}' '*: :()'"
  const args = [...flags.map(argumentOf), first].join(' \\\n        ')
  return `    ${command})${list}\n      _arguments \\\n        ${args}\n      ;;`
}

function argumentOf({ text, help, takesValue, values, isFile }: FlagWord): string {
  const value = isFile ? ':file:_files' : `: :(${values.join(' ')})`
  return quoted(`${text}[${escaped(help)}]${takesValue ? value : ''}`)
}

function described(words: CommandWords['words']): string {
  return words.map(({ text, help }) => quoted(`${text}:${help.replaceAll(':', '\\:')}`)).join(' ')
}

function escaped(help: string): string {
  return help.replace(/[[\]:\\]/g, (mark) => `\\${mark}`)
}
