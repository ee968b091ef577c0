// Says back what is said to it: in direct messages everything, in groups what names it with @.
//
//   TCHAT_SERVER=localhost:8000 TCHAT_USER=echo TCHAT_PASSWORD=… node examples/echo-bot.js
//
// With REGISTER=1 it makes its account first.
import process from 'node:process'
import { ChatError, connect } from 'tchat'

const { TCHAT_SERVER = 'localhost', TCHAT_USER = 'echo', TCHAT_PASSWORD, REGISTER } = process.env

const chat = await orEnd(
  connect({
    server: TCHAT_SERVER,
    user: TCHAT_USER,
    password: TCHAT_PASSWORD,
    register: REGISTER === '1',
  }),
)
process.once('SIGTERM', () => chat.close())
process.once('SIGINT', () => chat.close())
process.stdout.write(`${chat.user.name} listens\n`)

await orEnd(listen())

/** Begins with what was said while the bot was away, and goes on over every loss of the connection. */
async function listen() {
  for await (const entry of chat.entries()) {
    if (entry.kind !== 'text' || entry.own) continue
    const toGroup = entry.conversation.startsWith('#')
    if (toGroup && !entry.mentioned) continue
    const text = entry.text.replaceAll(`@${chat.user.name}`, '').trim()
    if (text === '') continue
    try {
      await chat.send(entry.conversation, text, { reply: entry.seq })
    } catch (error) {
      // Who has blocked the bot, or put it out, ends it for nobody else.
      if (!(error instanceof ChatError)) throw error
      process.stderr.write(`no answer to ${entry.from}: ${error.message}\n`)
    }
  }
}

/** What stands in the way is told in one line: no server, a wrong password, a session that was ended. */
async function orEnd(step) {
  try {
    return await step
  } catch (error) {
    process.stderr.write(`echo-bot: ${error.message}\n`)
    process.exit(1)
  }
}
