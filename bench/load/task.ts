/** What the load generator's process is told, and tells. */

export const GROUP = 'bench'

export type Task = Readonly<{
  port: number
  tls: boolean
  /** Session tokens in hex, one for each member; empty: the server is bare and asks for none. */
  tokens: readonly string[]
  members: number
  /** Of one round. */
  messages: number
  /** Everyone says what was delivered to them, as often as tchat's own client does. */
  marks: boolean
}>

export type Report =
  | Readonly<{ kind: 'ready' }>
  /** From the first message until the last member has the last one. */
  | Readonly<{ kind: 'round'; seconds: number }>
