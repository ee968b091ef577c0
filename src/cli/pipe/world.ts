import type { Readable, Writable } from 'node:stream'
import type { Timers } from '../../net/timers.ts'
import type { ServerProfile } from '../../ui/configuration/options.ts'
import type { FlagValues } from '../command-line.ts'

/** What surrounds a command that runs in a pipe: the process's own, or a test's. */
export type World = Readonly<{
  env: Readonly<Record<string, string | undefined>>
  /** `$XDG_STATE_HOME/tchat`: tokens, keys, outbox; the full-screen client's, too. */
  stateFolder: string
  /** Those that the configuration file names. @throws UsageError (a file that was named is missing) */
  servers: (values: FlagValues) => Promise<readonly ServerProfile[]>
  version: string
  stdin: Readable & Readonly<{ isTTY?: boolean }>
  stdout: Writable & Readonly<{ isTTY?: boolean }>
  /** Where a person can be asked; undefined: nobody is there. */
  person: Person | undefined
  /** Milliseconds since 1970. */
  now: () => number
  timers: Timers
  /** Aborted when the command is to end: Ctrl-C, SIGTERM. */
  stopped: AbortSignal
}>

/** Somebody at a terminal. Both reject with a Failure when they give up. */
export type Person = Readonly<{
  /** Without an echo. */
  secret: (question: string) => Promise<string>
  /** `y` or something else. */
  agrees: (question: string) => Promise<boolean>
}>
