import { isId, nameFault, nameOf } from '../../protocol/names.ts'
import type { Target } from '../events.ts'

/**
 * Whom a text means: `#name` a group, `name` a user; an id (`~…`) in the place of a name is fine.
 * @throws TypeError that says what is wrong and what would be right
 */
export function parseTarget(text: string): Target {
  const kind = text.trim().startsWith('#') ? 'group' : 'direct'
  const id = nameOf(text)
  const fault = isId(id) ? undefined : nameFault(id)
  if (fault === undefined) return { kind, id }
  throw new TypeError(`'${text}' is nobody to write to: ${fault}. Write NAME, or '#group'`)
}

/** As `parseTarget` reads it, and as people write it. */
export function formatTarget({ kind, id }: Target): string {
  return kind === 'group' ? `#${id}` : id
}
