/** Asks what becomes of a text that is long for a message. */
export type LongTextWindow = Readonly<{
  type: 'longText'
  /** What was pasted, and is nowhere yet; undefined: it is what is in the composer. */
  pasted: string | undefined
  chosen: number
}>
