/**
 * Text from others becomes safe for a terminal where it is decoded, so that every later use (screen,
 * title, notification, pipe, log) is: no control characters but line feed and tab, no escape
 * sequences, nothing that reorders the text around it (Unicode UAX #9: embeddings, overrides,
 * isolates).
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/

/** ECMA-48: CSI; OSC, DCS, SOS, PM and APC up to their end; two-character sequences. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]/g
const LINE_END = /\r\n?|[\u2028\u2029\x85]/g
const UNSAFE_ALL = new RegExp(UNSAFE.source, 'g')

export function cleanText(text: string): string {
  if (!UNSAFE.test(text)) return text
  return text.replace(SEQUENCE, '').replace(LINE_END, '\n').replace(UNSAFE_ALL, '')
}
