import type { Sent } from '../../net/events.ts'
import { entryJson } from '../../net/library/chat-entry.ts'
import { WithdrawnError } from '../../net/library/deliveries.ts'
import { formatTarget, parseTarget } from '../../net/library/target.ts'
import { messageOf } from '../../protocol/errors.ts'
import type { CommandLine, FlagValues } from '../command-line.ts'
import { Failure, UsageError } from '../errors.ts'
import { targetOf } from './arguments.ts'
import { type Deadline, deadlineOf } from './deadline.ts'
import { interruptible } from './interruptible.ts'
import { type OpenChat, withChat } from './open.ts'
import { tell } from './output.ts'
import { failureOf } from './refusal.ts'
import { sendLines } from './send-lines.ts'
import { checkText, wholeText } from './text-input.ts'
import type { World } from './world.ts'

/** `tchat send TARGET [TEXT…]`: exit code 0 means that the server has it on disk. */
export async function sendCommand({ input, values }: CommandLine, world: World): Promise<number> {
  const [first, ...words] = input
  if (first === undefined) throw new UsageError("to whom? 'tchat send TARGET [TEXT…]'")
  const target = targetOf(first)
  checkFlags(values, words)
  const fromInput = readsInput(world, words)
  const deadline = deadlineOf(world, values)
  try {
    const lines = fromInput && values.lines === true
    const text = lines ? '' : await messageFrom(world, words, fromInput, deadline)
    const run = async (opened: OpenChat) => {
      if (lines) await carryLines(opened, world, target, values, deadline)
      else await carry(opened, world, { target, text }, values, deadline)
      opened.chat.endRepeats()
      return 0
    }
    const { signal } = deadline
    return await withChat(world, values, run, { keeps: true, endsItself: true, signal })
  } finally {
    deadline.cancel()
  }
}

function checkFlags({ lines }: FlagValues, words: readonly string[]): void {
  if (lines === true && words.length > 0 && words.join() !== '-') {
    throw new UsageError('--lines sends the lines of standard input: leave the text out')
  }
}

/** @throws UsageError when there is nothing to be said */
function readsInput({ stdin }: World, words: readonly string[]): boolean {
  if (words.join() === '-') return true
  if (words.length > 0) return false
  if (stdin.isTTY !== true) return true
  throw new UsageError(
    "what is to be said? 'tchat send TARGET TEXT…', or '-' for what you type until Ctrl-D",
  )
}

async function messageFrom(
  { stdin }: World,
  words: readonly string[],
  fromInput: boolean,
  { signal }: Deadline,
): Promise<string> {
  if (fromInput) return wholeText(interruptible(stdin, signal))
  const text = words.join(' ')
  // The system hands over what is not UTF-8 with replacements in it.
  if (text.includes('\ufffd')) throw new UsageError('the text is not UTF-8')
  return checkText(text, 'the message')
}

type Message = Readonly<{ target: string; text: string }>

async function carry(
  { chat, account }: OpenChat,
  world: World,
  { target, text }: Message,
  values: FlagValues,
  { signal }: Deadline,
): Promise<void> {
  const where = `${target} at ${account.server}`
  let fault: unknown
  const onSent = async (sent: Sent) => {
    if (values.json === true) await tell(world.stdout, ack(chat.user.name, { target, text }, sent))
    if (values.waitDelivered !== true) return
    await waitDelivered(chat, sent, where, signal).catch((error: unknown) => {
      fault = error
    })
  }
  await chat.send(target, text, { signal, onSent }).catch((error: unknown) => {
    throw failureOf(explained(error, signal), where)
  })
  if (fault !== undefined) throw fault
}

async function carryLines(
  { chat, account }: OpenChat,
  world: World,
  target: string,
  values: FlagValues,
  { signal }: Deadline,
): Promise<void> {
  const where = `${target} at ${account.server}`
  const onSent = async (text: string, sent: Sent) => {
    if (values.json === true) await tell(world.stdout, ack(chat.user.name, { target, text }, sent))
  }
  const { last, count, fault } = await sendLines(chat, target, world.stdin, { signal, onSent })
  if (fault !== undefined) throw lineFailure(fault, count, where, signal)
  if (values.waitDelivered === true && last !== undefined) {
    await waitDelivered(chat, last, where, signal)
  }
}

/** What was wrong with the input stays wrong use of the command; the rest is the server's. */
function lineFailure(fault: unknown, count: number, where: string, signal: AbortSignal): unknown {
  const so = `${count} ${count === 1 ? 'line was' : 'lines were'} sent before`
  if (fault instanceof UsageError)
    return new UsageError(`${fault.message}; ${so}, nothing after it`)
  const failure = failureOf(explained(fault, signal), where)
  return failure instanceof Failure ? new Failure(`${failure.message}; ${so}`) : failure
}

/** Why it was taken back is not that it was taken back. */
function explained(error: unknown, signal: AbortSignal): unknown {
  if (!(error instanceof WithdrawnError) || !signal.aborted) return error
  return new WithdrawnError(error.tried, new Error(messageOf(signal.reason)))
}

async function waitDelivered(
  chat: OpenChat['chat'],
  sent: Sent,
  where: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await chat.delivered(sent, signal)
  } catch (error) {
    if (!signal.aborted) throw failureOf(error, where)
    throw new Failure(
      `${where}: ${messageOf(signal.reason)}; it is on the server (${sent.seq}), but has not reached everybody`,
    )
  }
}

/** As `tail` shows the entry. */
function ack(from: string, { target, text }: Message, { seq, time }: Sent): string {
  const conversation = formatTarget(parseTarget(target))
  return `${entryJson({ conversation, seq, time, from, kind: 'text', text })}\n`
}
