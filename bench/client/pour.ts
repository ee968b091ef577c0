/** How often messages come, milliseconds: several with each, as a socket brings them. */
const EVERY_MS = 5

/** Has so many said in a second, evenly, until it is called off. */
export function pour(perSecond: number, say: (count: number) => void): () => void {
  const start = performance.now()
  let said = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) * perSecond) / 1_000)
    say(due - said)
    said = due
  }, EVERY_MS)
  return () => clearInterval(timer)
}
