import { spawn } from 'node:child_process'
import { messageOf } from '../../protocol/errors.ts'
import { PASSWORD_BYTES_MAX } from '../../protocol/limits.ts'
import type { FlagValues } from '../command-line.ts'
import { Failure } from '../errors.ts'
import type { World } from './world.ts'

/**
 * What `--password-command` prints, or TCHAT_PASSWORD; undefined: nobody said it.
 * @throws Failure
 */
export async function givenPassword(
  { env }: World,
  { passwordCommand }: FlagValues,
): Promise<string | undefined> {
  if (passwordCommand !== undefined) return printedBy(passwordCommand.text)
  return env['TCHAT_PASSWORD'] || undefined
}

/** The first line of what the command prints; the shell runs it, as it does for git and ssh. */
async function printedBy(command: string): Promise<string> {
  // Its input is not ours to give: it may be the message.
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = Promise.withResolvers<string>()
  child.once('error', (error) => ended.resolve(messageOf(error)))
  child.once('close', (code, signal) => {
    ended.resolve(code === 0 ? '' : `it ended with ${signal ?? `exit code ${code}`}`)
  })
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    // More than a password and its line end is not looked at.
    if (text.length <= PASSWORD_BYTES_MAX) text += String(chunk)
  }
  const fault = await ended.promise
  const [password = ''] = text.split(/\r?\n/)
  if (fault !== '') throw new Failure(`--password-command: ${fault}; it must print the password`)
  if (password === '') throw new Failure('--password-command printed no password')
  return password
}
