import { looksLikeShareLine, parseShareLine } from '../../net/share-line.ts'
import { INVITE_BYTES_MAX, INVITE_CHARS } from '../../protocol/limits.ts'
import type { Look } from '../look.ts'
import type { FormName } from '../state/windows.ts'

/** Whether what stands in the field is a secret, which is not shown. */
export function isMasked(form: FormName, field: number): boolean {
  return form === 'password' || (form === 'deleteAccount' && field === 0)
}

/**
 * An invite's code. People paste what they were given: the code, or the whole line, perhaps over
 * several rows.
 * @throws TypeError for what cannot be a code, and for a line that is none or has none
 */
export function codeOf(text: string, { words }: Look): string {
  if (!looksLikeShareLine(text)) return checkedCode(text.replace(/\s+/g, ''), words)
  const { invite } = parseShareLine(text)
  if (invite === '') throw new TypeError(words.logIn.noInvite)
  return invite
}

function checkedCode(code: string, { logIn }: Look['words']): string {
  if (Buffer.byteLength(code) > INVITE_BYTES_MAX) throw new TypeError(logIn.notInvite(INVITE_CHARS))
  return code
}
