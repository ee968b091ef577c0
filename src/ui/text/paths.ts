/** So many characters of a path say where it leads, and leave room for what is said of it. */
const PATH_CHARS_MAX = 36

/** `~/.local/…/office_8000.jsonl`: with `~` for the home folder, and without its middle where it is long. */
export function shortPath(path: string, home: string): string {
  const isHome = home.length > 1 && (path === home || path.startsWith(`${home}/`))
  const tilde = isHome ? `~${path.slice(home.length)}` : path
  if (tilde.length <= PATH_CHARS_MAX) return tilde
  const parts = tilde.split('/')
  // The file, and of the folders the first ones that have room.
  const end = `…/${parts.at(-1) ?? ''}`
  let start = ''
  for (const part of parts.slice(0, -1)) {
    if (start.length + part.length + 1 + end.length > PATH_CHARS_MAX) break
    start += `${part}/`
  }
  return start + end
}
