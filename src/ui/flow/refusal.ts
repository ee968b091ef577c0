import { PrivateFileError } from '../../net/files/private-file.ts'
import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import type { Look } from '../look.ts'
import { shortPath } from '../text/paths.ts'

/** What went wrong, in words, and what would help where somebody can do something about it. */
export function inWords(error: unknown, look: Look): string {
  const { faults, windows } = look.words
  const isFile = error instanceof PrivateFileError
  const text = faults.sentence(isFile ? fileFault(error.message, look) : faults.of(error))
  if (!(error instanceof ChatError)) return text
  const advice = (windows.advice as Partial<Record<ErrorCode, string>>)[error.code]
  return advice === undefined ? text : faults.advised(text, advice)
}

/** What is wrong with a file of the client's own, in half a line: a path must not hide what it is. */
export function fileFault(message: string, { home, words }: Look): string {
  const short = message.replace(
    CANNOT_USE,
    (_, path: string) => `cannot use ${shortPath(path, home)}: `,
  )
  return words.faults.text(short)
}

const CANNOT_USE = /^cannot use (.+?): /s
