import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { messageOf } from '../protocol/errors.ts'
import type { EditorWords } from './catalogue/en-writing.ts'

/**
 * What came of an editor. `text`: what stands there now; undefined: nothing new. `fault`: why it is not
 * to be taken as it is, in words.
 */
export type EditedText = Readonly<{ text: string | undefined; fault: string | undefined }>

type Env = Readonly<Record<string, string | undefined>>

export type EditorPlace = Readonly<{
  /** compose.editor; '' for what the environment says. */
  configured: string
  env: Env
  words: EditorWords
  /** Gives the terminal away while something runs. */
  lend: (during: () => Promise<void>) => Promise<void>
}>

/** Has a text edited in a private file of its own, which is gone afterwards. Never rejects. */
export async function editInEditor(text: string, place: EditorPlace): Promise<EditedText> {
  const { words, lend } = place
  const command = editorCommand(place)
  if (command === undefined) return { text: undefined, fault: words.none }
  let folder: string | undefined
  try {
    // mkdtemp makes it for this account alone.
    folder = await mkdtemp(join(tmpdir(), 'tchat-edit-'))
    const file = join(folder, 'message.md')
    await writeFile(file, text, { mode: 0o600, flag: 'wx' })
    let ended = ''
    await lend(async () => {
      ended = await runEditor(command, file, words)
    })
    const edited = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
    const isNew = edited !== text
    const fault = (isNew ? words.failedSaved : words.failed)(command, ended)
    return { text: isNew ? edited : undefined, fault: ended === '' ? undefined : fault }
  } catch (error) {
    return { text: undefined, fault: words.failed(command, messageOf(error)) }
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** The command line of the editor; undefined: there is none. */
function editorCommand({ configured, env }: EditorPlace): string | undefined {
  const named = [configured, env['VISUAL'], env['EDITOR']].find((it) => (it ?? '').trim() !== '')
  if (named !== undefined) return named
  if (process.platform === 'win32') return 'notepad'
  return ['vi', 'nano'].find((program) => isInstalled(program, env))
}

function isInstalled(program: string, env: Env): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Until it is left. The answer: what went wrong, '' for nothing. */
function runEditor(command: string, file: string, words: EditorWords): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  // By a shell, since the command may have words of its own: 'code --wait'.
  const child =
    process.platform === 'win32'
      ? spawn(`${command} "${file}"`, { stdio: 'inherit', shell: true })
      : spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit' })
  child.on('error', (error) => resolve(error.message))
  child.on('exit', (code, signal) => {
    if (code === 0) return resolve('')
    resolve(code === 127 ? words.notFound : code === null ? String(signal) : words.exitCode(code))
  })
  return promise
}
