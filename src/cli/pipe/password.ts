import { type ChildProcess, spawn } from 'node:child_process'
import { messageOf } from '../../protocol/errors.ts'
import { PASSWORD_BYTES_MAX } from '../../protocol/limits.ts'
import type { FlagValues } from '../command-line.ts'
import { Failure } from '../errors.ts'
import { interruptible, unless } from './interruptible.ts'
import type { World } from './world.ts'

/**
 * What `--password-command` prints, or TCHAT_PASSWORD; undefined: nobody said it.
 * @throws Failure, the signal's reason
 */
export async function givenPassword(
  { env, stopped }: World,
  { passwordCommand }: FlagValues,
  signal = stopped,
): Promise<string | undefined> {
  if (passwordCommand !== undefined) return printedBy(passwordCommand.text, signal)
  return env['TCHAT_PASSWORD'] || undefined
}

/** The first line of what the command prints; the shell runs it, as it does for git and ssh. */
async function printedBy(command: string, signal: AbortSignal): Promise<string> {
  // Its input is not ours to give: it may be the message.
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = endOf(child)
  try {
    let text = ''
    for await (const chunk of interruptible(child.stdout.setEncoding('utf8'), signal)) {
      // More than a password and its line end is not looked at.
      if (text.length <= PASSWORD_BYTES_MAX) text += String(chunk)
    }
    const fault = await unless(signal, ended)
    const [password = ''] = text.split(/\r?\n/)
    if (fault !== '') throw new Failure(`--password-command: ${fault}; it must print the password`)
    if (password === '') throw new Failure('--password-command printed no password')
    return password
  } finally {
    child.kill()
    // What it has started itself may hold the other end.
    child.stdout.destroy()
  }
}

/** Why it failed; '': it did not. */
function endOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  child.once('error', (error) => resolve(messageOf(error)))
  child.once('close', (code, signal) => {
    resolve(code === 0 ? '' : `it ended with ${signal ?? `exit code ${code}`}`)
  })
  return promise
}
