/** What a terminal takes at least: xterm and others cut a sequence of more than 100,000 bytes. */
export const COPY_BYTES_MAX = 74_994

/** OSC 52: puts `text` into the clipboard of the terminal, where the terminal lets it. */
export function clipboardSequence(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const set = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`
  // tmux takes it for itself, or hands it on to its own terminal, as its settings say.
  return env['TMUX'] === undefined ? set : `${set}\x1bPtmux;\x1b${set}\x1b\\`
}
