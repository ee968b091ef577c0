import { onTestFinished } from 'vitest'
import type { Chat } from '../../src/net/library/chat.ts'
import { Program } from './program.ts'
import { PASSWORD } from './server.ts'

export type ExampleOptions = Readonly<{
  /** HOST:PORT */
  server: string
  user: string
  args?: readonly string[]
  /** False: it has its account already. */
  register?: boolean
}>

/** One of the programs of examples/, which has begun its work; ended with the test. */
export async function startExample(
  file: string,
  { server, user, args = [], register = true }: ExampleOptions,
): Promise<Program> {
  const account = { TCHAT_SERVER: server, TCHAT_USER: user, TCHAT_PASSWORD: PASSWORD }
  const env = { ...account, REGISTER: register ? '1' : '', PATH: process.env['PATH'] ?? '' }
  const running = new Program(args, env, file)
  onTestFinished(() => running.close())
  await running.waitFor(/ listens| goes to /)
  return running
}

/** What others say in a conversation, from its beginning, until that many were said. */
export async function heard(chat: Chat, count: number, conversation: string): Promise<string[]> {
  const texts: string[] = []
  for await (const { kind, own, text } of chat.entries({ in: [conversation], since: 0 })) {
    if (kind === 'text' && !own) texts.push(text)
    if (texts.length === count) break
  }
  return texts
}
