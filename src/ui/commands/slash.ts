/** What begins with a slash, between how it is typed and how it is said. */

/** `//text` is a text that begins with a slash; `/me does` is one, too. */
export function isCommand(text: string): boolean {
  return text.startsWith('/') && !text.startsWith('//') && !isAct(text)
}

/** What a line that is no command says. */
export function textOf(line: string): string {
  return line.startsWith('//') ? line.slice(1) : line
}

/** How a text would be typed. */
export function typedOf(text: string): string {
  return text.startsWith('/') && !isAct(text) ? `/${text}` : text
}

/** '* bob waves' of '/me waves': what begins so says what the writer does; undefined: it does not. */
export function deedOf(text: string, name: string): string | undefined {
  return text.startsWith('/me ') ? `* ${name} ${text.slice('/me '.length)}` : undefined
}

function isAct(text: string): boolean {
  return /^\/me\s+\S/.test(text)
}
