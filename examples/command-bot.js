// Answers commands that begin with a slash, in direct messages and in the groups that it is in:
// /help, /time, /roll 2d6, /who, /find words.
//
//   TCHAT_SERVER=localhost:8000 TCHAT_USER=helper TCHAT_PASSWORD=… node examples/command-bot.js '#games'
//
// The groups that are named are joined. With REGISTER=1 it makes its account first. In tchat's own
// client a text that begins with a slash is typed with two: //roll 2d6.
import { randomInt } from 'node:crypto'
import process from 'node:process'
import { ChatError, connect } from 'tchat'

const { TCHAT_SERVER = 'localhost', TCHAT_USER = 'helper', TCHAT_PASSWORD, REGISTER } = process.env

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

/** What each command answers; `words` are what stands behind it. */
const commands = {
  help: () =>
    `I know ${Object.keys(commands)
      .map((name) => `/${name}`)
      .join(', ')}`,
  time: () => new Date().toISOString(),
  roll: (_entry, [dice = '1d6']) => {
    const [, count, sides] = /^(\d{1,2})d(\d{1,3})$/.exec(dice) ?? []
    if (!(count > 0 && sides > 0)) return 'Say how many dice and how many sides: /roll 2d6'
    const thrown = Array.from({ length: Number(count) }, () => randomInt(1, Number(sides) + 1))
    return `${thrown.join(' + ')} = ${thrown.reduce((sum, one) => sum + one, 0)}`
  },
  who: async ({ conversation }) => {
    if (!conversation.startsWith('#')) return 'You and I.'
    const names = []
    for await (const { user } of chat.groups.members(conversation)) names.push(user.name)
    return names.join(', ')
  },
  find: async ({ conversation, seq }, words) => {
    if (words.length === 0) return 'What for? /find words'
    for await (const hit of chat.search(words.join(' '), conversation)) {
      const isCommand = hit.text.startsWith('/')
      if (hit.seq < seq && !hit.own && !isCommand) return `${hit.from}: ${hit.text}`
    }
    return 'Nothing.'
  },
}

for (const group of process.argv.slice(2)) await orEnd(chat.groups.join(group))
process.stdout.write(`${chat.user.name} listens\n`)
await orEnd(listen())

async function listen() {
  for await (const entry of chat.entries()) {
    if (entry.kind !== 'text' || entry.own || !entry.text.startsWith('/')) continue
    try {
      await answer(entry)
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
    process.stderr.write(`command-bot: ${error.message}\n`)
    process.exit(1)
  }
}

async function answer(entry) {
  const [name = '', ...words] = entry.text.slice(1).split(/\s+/)
  if (Object.hasOwn(commands, name)) {
    const text = cut(await commands[name](entry, words))
    await chat.send(entry.conversation, text, { reply: entry.seq })
  } else if (!entry.conversation.startsWith('#')) {
    await chat.send(entry.conversation, cut(`I do not know /${name}. ${commands.help()}`))
  }
}

/** A message has at most 8,192 bytes, and no half characters. */
function cut(text) {
  const bytes = Buffer.from(text)
  if (bytes.length <= 8_192) return text
  const whole = new TextDecoder().decode(bytes.subarray(0, 8_189), { stream: true })
  return `${whole}…`
}
