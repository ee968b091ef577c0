/** What the load generator's process is told, and tells. */

export const GROUP = 'bench'

/** Where the server is, and how it is spoken to. */
export type Where = Readonly<{
  port: number
  tls: boolean
  /** Further nodes of it: its people are connected to all in turn. */
  others?: readonly number[]
}>

/** Members of one group: what the first of them write everyone gets. */
export type CrowdTask = Where &
  Readonly<{
    kind: 'crowd'
    /** Session tokens in hex, one for each member; empty: the server is bare and asks for none. */
    tokens: readonly string[]
    members: number
    /** Of one round. */
    messages: number
    /** Everyone says what was delivered to them, as often as tchat's own client does. */
    marks: boolean
  }>

/** Two by two: the first of each pair writes, the second gets it. */
export type PairsTask = Where &
  Readonly<{
    kind: 'pairs'
    /** In hex: writer, reader, writer, reader … */
    tokens: readonly string[]
    /** Of one round, all pairs together. */
    messages: number
    /** Messages that each pair has under way. */
    window: number
    /** So many in a second, evenly, instead of as many as the window lets; 0: no. */
    perSecond: number
  }>

/** Connections that say nothing once they are logged in. */
export type IdleTask = Where &
  Readonly<{
    kind: 'idle'
    /** One for each connection; empty: the server is bare. */
    tokens: readonly string[]
    connections: number
  }>

/** One member, who was away, fetches all that was said meanwhile. */
export type DrainTask = Where & Readonly<{ kind: 'drain'; token: string }>

/** Each connects, logs in with a token, and goes. */
export type LogInsTask = Where &
  Readonly<{ kind: 'logIns'; tokens: readonly string[]; count: number; atOnce: number }>

export type Task = CrowdTask | PairsTask | IdleTask | DrainTask | LogInsTask

/** What a round of it is measured as. */
export type Measured = Readonly<{
  /** From the first to the last. */
  seconds: number
  /** How many of what is counted. */
  count: number
  /** From sending to the acknowledgement, and to the delivery, in microseconds; of paced pairs only. */
  acknowledged?: readonly number[]
  delivered?: readonly number[]
}>

export type Report =
  | Readonly<{ kind: 'listening' | 'ready' }>
  | (Readonly<{ kind: 'round' }> & Measured)

/** What carries out a task. */
export interface Crew {
  /** Resolves when all are connected and logged in. */
  enter(): Promise<void>
  round(): Promise<Measured>
}
