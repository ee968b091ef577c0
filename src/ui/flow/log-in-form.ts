import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import { nameFault } from '../../protocol/names.ts'
import { editorText, emptyEditor } from '../input/editor.ts'
import { codeOf } from '../keys/forms.ts'
import type { Look } from '../look.ts'
import type { Start } from '../options.ts'
import type { LogInScreen } from '../state/model.ts'
import type { ServerPlace } from './connector.ts'
import type { FlowOptions } from './flow.ts'
import { inWords } from './refusal.ts'

/** Refusals after which an invite can be typed. */
const ASKS_INVITE: ReadonlySet<ErrorCode> = new Set(['inviteNeeded', 'badInvite'] as const)

/** The form as it is shown first; `fault` says why it is shown again. */
export function logInForm({ plaintext }: ServerPlace, name: string, fault: string): LogInScreen {
  return {
    type: 'logIn',
    plaintext,
    name: emptyEditor({ oneLine: true, text: name }),
    password: '',
    invite: undefined,
    field: name === '' ? 'name' : 'password',
    busy: false,
    fault,
  }
}

/** What is wrong with what was typed, before a server is asked; undefined: nothing. */
export function formFault(name: string, password: string, { words }: Look): string | undefined {
  if (name === '') return words.logIn.nameMissing
  const fault = nameFault(name)
  if (fault !== undefined) return words.faults.sentence(words.faults.text(fault))
  return password === '' ? words.logIn.passwordMissing : undefined
}

/** The form after the server refused it: where it takes an invite, that can be typed now. */
export function refusedForm(
  form: LogInScreen,
  failure: unknown,
  line: Start['line'],
  look: Look,
): LogInScreen {
  const fault = inWords(failure, look)
  if (!isAboutInvite(failure)) {
    const password = isAboutPassword(failure) ? '' : form.password
    return { ...form, busy: false, password, field: fieldOf(failure) ?? form.field, fault }
  }
  const invite = form.invite ?? emptyEditor({ oneLine: true, text: line?.invite ?? '' })
  return { ...form, busy: false, invite, field: 'invite', fault }
}

/**
 * What was typed, or a share line has; people paste the whole line for the code.
 * @throws TypeError for what cannot be a code
 */
export function inviteOf(
  { invite }: Pick<LogInScreen, 'invite'>,
  line: Start['line'],
  look: Look,
): string {
  return invite === undefined ? (line?.invite ?? '') : codeOf(editorText(invite), look)
}

/** The name on this computer, when it could be one on a server. */
export function systemUser({ env, accountName }: Pick<FlowOptions, 'env' | 'accountName'>): string {
  const name = env['USER'] ?? env['USERNAME'] ?? accountName()
  return nameFault(name) === undefined ? name : ''
}

/** It is no code, which only the field can have brought, or the server wants another. */
function isAboutInvite(failure: unknown): boolean {
  if (failure instanceof TypeError) return true
  return failure instanceof ChatError && ASKS_INVITE.has(failure.code)
}

/** Where it can be mended; undefined: nowhere here, so that Enter tries the same again. */
function fieldOf(failure: unknown): LogInScreen['field'] | undefined {
  if (isAboutPassword(failure)) return 'password'
  const isName = failure instanceof ChatError && ABOUT_NAME.has(failure.code)
  return isName ? 'name' : undefined
}

const ABOUT_NAME: ReadonlySet<ErrorCode> = new Set(['nameTaken', 'badName'] as const)

function isAboutPassword(failure: unknown): boolean {
  if (!(failure instanceof ChatError)) return false
  return failure.code === 'wrongLogin' || failure.code === 'weakPassword'
}
