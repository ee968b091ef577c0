import { type ActionName, actionOfCommand } from '../commands/action-names.ts'

/** What leads to another conversation, when it says to which. */
const LEADING: ReadonlySet<ActionName> = new Set(['goTo', 'joinGroup', 'createGroup'])
/** What is the same wherever one is. */
const ANYWHERE: ReadonlySet<ActionName> = new Set(['message', 'help', 'quit'])

/**
 * Where the lines of a pipe go. When one that should have led to a conversation has failed, what
 * follows was meant for there: it is not for whoever reads the conversation before.
 */
export class Way {
  #isLost = false

  /** Whether the line may be obeyed. */
  isFor(line: string): boolean {
    const action = actionOf(line)
    return !this.#isLost || leads(line) || (action !== undefined && ANYWHERE.has(action))
  }

  /** The line was obeyed. Answers whether one is lost by it. */
  took(line: string, hasFailed: boolean): boolean {
    if (!leads(line)) return false
    this.#isLost = hasFailed
    return hasFailed
  }
}

function leads(line: string): boolean {
  const action = actionOf(line)
  return action !== undefined && LEADING.has(action) && /^\s*\/\S+\s+\S/.test(line)
}

function actionOf(line: string): ActionName | undefined {
  const [, command] = /^\s*\/(\w\S*)/.exec(line) ?? []
  return command === undefined ? undefined : actionOfCommand(command)
}
