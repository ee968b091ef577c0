import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { commands, flags, flagText } from '../../src/cli/command-line.ts'
import { completionsFor } from '../../src/cli/completions/completions-command.ts'
import { type Shell, shells } from '../../src/cli/completions/shells.ts'
import { completionTree } from '../../src/cli/completions/tree.ts'
import { Pty } from '../support/pty.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What a real bash offers for the last word. */
function offered(...words: string[]): string[] {
  const script = `${completionsFor('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tchat; printf '%s\\n' "\${COMPREPLY[@]}"`
  const bash = spawnSync('bash', ['--norc', '-u', '-c', script, 'bash', 'tchat', ...words], {
    encoding: 'utf8',
  })
  expect(bash.stderr).toBe('')
  return bash.stdout.split('\n').filter(Boolean)
}

test('bash offers the commands', () => {
  expect(offered('')).toContain('send')
  expect(offered('')).not.toContain('start')
  expect(offered('lo')).toEqual(['login', 'logout'])
})

test('bash offers the flags of the command that stands there', () => {
  expect(offered('send', '--w')).toEqual(['--wait-delivered'])
  expect(offered('tail', '--no')).toEqual(['--no-follow'])
  expect(offered('--user', 'bob', 'send', '--li')).toEqual(['--lines'])
  expect(offered('ls', '--li')).toEqual([])
  expect(offered('--ser')).toEqual(['--serve'])
  expect(offered('--hos')).toEqual(['--host'])
})

test('bash offers verbs right behind their command only', () => {
  expect(offered('groups', 'cr')).toEqual(['create'])
  expect(offered('admin', 'back')).toEqual(['backup'])
  expect(offered('groups', 'create', 'cr')).toEqual([])
  expect(offered('completions', '')).toEqual(['bash', 'zsh', 'fish'])
})

test('bash offers the values that there are, and files where one is wanted', () => {
  expect(offered('--serve', '--registration', '')).toEqual(['open', 'invite', 'closed'])
  expect(offered('--serve', '--tls-cert', 'package.js')).toEqual(['package.json'])
  expect(offered('send', '--user', 'b')).toEqual([])
})

test('bash offers a file whose name has a blank as one word', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'my key.pem'), '')
  expect(offered('--serve', '--tls-key', `${folder}/my`)).toEqual([`${folder}/my key.pem`])
})

test.each(shells)('%s has every command and every flag that is not hidden', (shell) => {
  const text = completionsFor(shell)
  for (const { command } of completionTree()) expect(text).toContain(command)
  for (const name of Object.keys(commands)) {
    if (name !== 'start' && name !== 'serve') expect(text).toMatch(new RegExp(`\\b${name}\\b`))
  }
  for (const [name, row] of Object.entries(flags)) {
    const written = shell === 'fish' ? `-l ${flagText(name).slice(2)}` : flagText(name)
    const isHidden = 'hidden' in row && row.hidden
    expect(new RegExp(`${written}(?![\\w-])`).test(text), name).toBe(!isHidden)
  }
})

/** Skips the test, and says so, where the machine has no such shell. */
function needs(shell: string, skip: (reason: string) => void): void {
  const isHere = spawnSync(shell, ['-c', 'true']).status === 0
  if (!isHere) skip(`needs ${shell}: Debian's package ${shell}`)
}

function fileFor(shell: Shell): string {
  const file = join(temporaryFolder(), '_tchat')
  writeFileSync(file, completionsFor(shell))
  return file
}

test.for(shells)('%s can read them', (shell, { skip }) => {
  needs(shell, skip)
  const read = spawnSync(shell, ['-n', fileFor(shell)], { encoding: 'utf8' })
  expect({ status: read.status, stderr: read.stderr }).toEqual({ status: 0, stderr: '' })
})

test('fish offers what there is', ({ skip }) => {
  const shell: Shell = 'fish'
  needs(shell, skip)
  const offers = (line: string) => {
    const script = `source ${fileFor('fish')}; complete -C ${JSON.stringify(line)}`
    const { stdout } = spawnSync(shell, ['--no-config', '-c', script], { encoding: 'utf8' })
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((row) => row.split('\t')[0])
  }
  expect(offers('tchat lo')).toEqual(['login', 'logout'])
  expect(offers('tchat send --w')).toEqual(['--wait-delivered'])
  expect(offers('tchat groups cr')).toEqual(['create'])
  expect(offers('tchat --serve --registration ')).toEqual(['closed', 'invite', 'open'])
})

test('zsh completes what is typed at a terminal', async ({ skip }) => {
  const shell: Shell = 'zsh'
  needs(shell, skip)
  const folder = temporaryFolder()
  const setup = `PS1='> '; autoload -U compinit; compinit -D -u; source ${fileFor(shell)}\n`
  writeFileSync(join(folder, '.zshrc'), setup)
  const env = { HOME: folder, ZDOTDIR: folder, PATH: process.env['PATH'] ?? '', TERM: 'xterm' }
  const terminal = new Pty(shell, ['-d', '-i'], { env })
  onTestFinished(() => terminal.close())
  await terminal.waitFor(/^>/m)
  for (const [typed, completed] of [
    ['tchat logi', 'tchat login'],
    ['tchat send --wa', 'tchat send --wait-delivered'],
    ['tchat --user bob logi', 'tchat --user bob login'],
    ['tchat groups cr', 'tchat groups create'],
    ['tchat --serve --registration inv', 'tchat --serve --registration invite'],
  ]) {
    terminal.type(`${typed}\t`)
    await terminal.waitFor(new RegExp(`^> ${completed}$`, 'm'))
    // Emptied, for the next one.
    terminal.type('\x15')
    await terminal.waitFor(/^>$/m)
  }
})
