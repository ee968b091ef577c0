/** Something that is being written, and where. */
export type KeptDraft = Readonly<{
  /** Target id of the conversation. */
  target: string
  text: string
  /** UTF-16 units left of the cursor. */
  cursor: number
  /** It answers this text, or takes its place: its seq. */
  composing?: KeptComposing
  /** When it was kept, milliseconds since 1970. */
  time: number
}>

/** `before`: the draft that comes back after an edit. */
export type KeptComposing =
  | Readonly<{ type: 'reply'; seq: number }>
  | Readonly<{ type: 'edit'; seq: number; before: string }>

/** Drafts of one account on this machine, as far as this client has them. */
export interface Drafts {
  /** What clients left that are gone: one for each conversation. */
  readonly kept: readonly KeptDraft[]
  /** These and no others. @throws PrivateFileError */
  save(drafts: readonly KeptDraft[]): Promise<void>
  /** The same at once, before the process ends. Never throws. */
  saveNow(drafts: readonly KeptDraft[]): void
  /** What is there is left for the next client. */
  close(): Promise<void>
  /** Nothing of the account stays. */
  remove(): Promise<void>
}

/** Lasts as long as the program. */
export const noDrafts: Drafts = {
  kept: [],
  save: () => Promise.resolve(),
  saveNow: () => undefined,
  close: () => Promise.resolve(),
  remove: () => Promise.resolve(),
}
