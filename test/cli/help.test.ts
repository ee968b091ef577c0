import { expect, test } from 'vitest'
import { commands, parseCommandLine } from '../../src/cli/command-line.ts'
import { helpText } from '../../src/cli/help.ts'
import { pipeCommands } from '../../src/cli/pipe/commands.ts'

test.each(Object.keys(pipeCommands))('%s --help says all of it, and nothing of others', (name) => {
  const { command, input } = parseCommandLine([name, '--help'], {})
  expect(command).toBe('help')
  const help = helpText(input)
  expect(help).toContain(commands[name as keyof typeof commands].usage)
  expect(help).toContain('Examples:')
  expect(help).not.toContain('tchat --serve')
  expect(helpText(['help', name])).toBe(help)
})

test('an example in the help is a command line that can be read', () => {
  const examples = Object.keys(pipeCommands).flatMap((name) => [
    ...(helpText([name]).split('Examples:')[1] ?? '').matchAll(
      /^ {4}.*?\b(tchat (?!completions)[^|>\n]*)/gm,
    ),
  ])
  const lines = examples.map(([, line = '']) => line.trim())
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines) {
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, bare]) => quoted ?? bare ?? '',
    )
    expect(() => parseCommandLine(words.slice(1), {}), line).not.toThrow()
  }
})

test('a variable of the pipe stands in its help only', () => {
  expect(helpText(['send'])).toContain('[TCHAT_SERVER]')
  expect(helpText(['admin'])).not.toContain('TCHAT_SERVER')
})
