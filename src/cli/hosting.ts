import type { Fingerprint } from '../net/fingerprint.ts'

/**
 * What the client and the server that it started say to each other, over the channel between
 * parent and child process. When the channel closes, the server stops, unless it was told to keep.
 */
export type FromServer =
  | Readonly<{
      type: 'listening'
      port: number
      fingerprint: Fingerprint
      share: readonly string[]
      /** Lets whoever hosts make an account, where that takes an invite. */
      invite?: string | undefined
    }>
  | Failed
  | Readonly<{ type: 'connected'; count: number }>

export type Failed = Readonly<{
  type: 'failed'
  reason: 'portTaken' | 'locked' | 'other'
  text: string
  /** Of the server that has the data folder. */
  address?: string | undefined
}>

export type ToServer =
  /** How many are connected? */
  | Readonly<{ type: 'count' }>
  /** Go on when this channel closes. */
  | Readonly<{ type: 'keep' }>
  | Readonly<{ type: 'stop' }>
