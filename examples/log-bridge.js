// Sends each line that is added to a file to a group (or somebody), in order. A file that is cut or
// replaced is read from its beginning.
//
//   TCHAT_SERVER=localhost:8000 TCHAT_USER=ops TCHAT_PASSWORD=… \
//     node examples/log-bridge.js /var/log/app.log '#ops'
//
// With REGISTER=1 it makes its account first.
import { open, stat } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { ChatError, connect } from 'tchat'

const [file, target] = process.argv.slice(2)
if (file === undefined || target === undefined) {
  process.stderr.write("usage: node log-bridge.js FILE '#group'\n")
  process.exit(2)
}
const { TCHAT_SERVER = 'localhost', TCHAT_USER = 'ops', TCHAT_PASSWORD, REGISTER } = process.env

const chat = await orEnd(
  connect({
    server: TCHAT_SERVER,
    user: TCHAT_USER,
    password: TCHAT_PASSWORD,
    register: REGISTER === '1',
  }),
)
// What is added from now on is sent.
const beginning = await orEnd(stat(file))
const stopped = new AbortController()
process.once('SIGTERM', () => stopped.abort())
process.once('SIGINT', () => stopped.abort())

if (target.startsWith('#')) await orEnd(chat.groups.join(target))
process.stdout.write(`${file} goes to ${target}\n`)
await orEnd(carry())
await chat.close()

async function carry() {
  for await (const line of linesAddedTo(file, beginning, stopped.signal)) {
    // Resolves when the server has it on disk: a line is not read before the one above it is safe.
    for (const text of pieces(line)) await say(text)
  }
}

/** What stands in the way is told in one line: no server, a wrong password, a session that was ended. */
async function orEnd(step) {
  try {
    return await step
  } catch (error) {
    process.stderr.write(`log-bridge: ${error.message}\n`)
    process.exit(1)
  }
}

/** What the server will not take is passed over, so that what follows is sent all the same. */
async function say(text) {
  try {
    await chat.send(target, text)
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    process.stderr.write(`not sent to ${target}: ${error.message}\n`)
  }
}

/** A message has at most 8,192 bytes: of a longer line each piece is one. */
function* pieces(line) {
  const decoder = new TextDecoder()
  const bytes = Buffer.from(line)
  for (let at = 0; at < bytes.length; at += 8_188) {
    const isLast = at + 8_188 >= bytes.length
    // Half a character waits for the next piece.
    yield decoder.decode(bytes.subarray(at, at + 8_188), { stream: !isLast })
  }
}

/** Lines that are added after `beginning`, without their ends. Empty ones are passed over. */
async function* linesAddedTo(path, beginning, signal) {
  let { ino, size: at } = beginning
  let rest = Buffer.alloc(0)
  while (!signal.aborted) {
    const more = await readOn(path, ino, at)
    if (more.at === 0) rest = Buffer.alloc(0)
    ino = more.ino
    at = more.at + more.bytes.length
    const bytes = Buffer.concat([rest, more.bytes])
    rest = bytes.subarray(bytes.lastIndexOf('\n') + 1)
    const whole = bytes.subarray(0, bytes.length - rest.length).toString('utf8')
    yield* whole.split(/\r?\n/).filter((line) => line !== '')
    await pause(250, undefined, { signal }).catch(() => undefined)
  }
}

/** At most 64 KiB from there on, or from the beginning of another file; none while it is being replaced. */
async function readOn(path, ino, at) {
  const handle = await open(path).catch(() => undefined)
  if (handle === undefined) return { ino, at, bytes: Buffer.alloc(0) }
  try {
    const now = await handle.stat()
    const from = now.ino === ino && now.size >= at ? at : 0
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, from)
    return { ino: now.ino, at: from, bytes: buffer.subarray(0, bytesRead) }
  } finally {
    await handle.close()
  }
}
