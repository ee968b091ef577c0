import { looksLikeShareLine, parseShareLine } from '../../net/share-line.ts'
import type { FormName } from '../state/windows.ts'

/** Whether what stands in the field is a secret, which is not shown. */
export function isMasked(form: FormName, field: number): boolean {
  return form === 'password' || (form === 'deleteAccount' && field === 0)
}

/**
 * An invite's code. People paste what they were given: the code, or the whole line.
 * @throws TypeError for a line that is none
 */
export function codeOf(text: string): string {
  return looksLikeShareLine(text) ? parseShareLine(text).invite : text
}
