import type { CommandWords, FlagWord } from './tree.ts'

/** Lines for ~/.config/fish/completions/tchat.fish. */
export function fishCompletions(tree: readonly CommandWords[]): string {
  const [top, ...named] = tree
  const names = named.map(({ command }) => command).join(' ')
  const lines = [
    '# tchat for fish: tchat completions fish > ~/.config/fish/completions/tchat.fish',
    'complete -c tchat -f',
    ...(top?.words ?? []).map(({ text, help }) => word('__fish_use_subcommand', text, help)),
    ...(top?.flags ?? []).map((flag) => option('__fish_use_subcommand', flag)),
    ...named.flatMap(({ command, words, flags }) => {
      const seen = `__fish_seen_subcommand_from ${command}`
      const verbs = words.map(({ text }) => text).join(' ')
      const first = `${seen}; and not __fish_seen_subcommand_from ${verbs}`
      return [
        ...words.map(({ text, help }) => word(first, text, help)),
        ...flags.map((flag) => option(seen, flag)),
      ]
    }),
  ]
  return `${lines.join('\n')}\n# commands: ${names}\n`
}

function word(when: string, text: string, help: string): string {
  return `complete -c tchat -n ${quotedForFish(when)} -a ${quotedForFish(text)} -d ${quotedForFish(help)}`
}

function option(when: string, { text, help, takesValue, values, isFile }: FlagWord): string {
  // -x: a value that is no file.
  const value = takesValue ? (isFile ? ' -r -F' : ' -x') : ''
  const choices = values.length === 0 ? '' : ` -a ${quotedForFish(values.join(' '))}`
  return `complete -c tchat -n ${quotedForFish(when)} -l ${text.slice(2)}${value}${choices} -d ${quotedForFish(help)}`
}

/** In single quotes fish knows \\ and \' only. */
function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, (mark) => `\\${mark}`)}'`
}
