import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Failure } from '../errors.ts'

/** What nobody should see over a shoulder or in a list of processes: asked for, or piped in. */

/** From the terminal, without an echo. @throws Failure when the person gives up (Ctrl-C, Ctrl-D) */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // Before the question: what is typed from then on is not shown.
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  const givenUp = new AbortController()
  lines.once('SIGINT', () => givenUp.abort())
  lines.once('close', () => givenUp.abort())
  try {
    return await lines.question('', { signal: givenUp.signal })
  } catch {
    throw new Failure('given up: nothing was changed')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

/** The first line of what is piped in. */
export async function pipedSecret(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/)[0] ?? ''
}
