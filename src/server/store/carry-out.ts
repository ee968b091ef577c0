import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Batches } from './batches.ts'
import type { Answers, Call, Order, WorkerMessage } from './calls.ts'

/** Calls in one transaction: bounds how long the first of them waits for the last. */
const BATCH_CALLS_MAX = 512

/**
 * In a store's thread: that order and all that arrived meanwhile. What comes while a commit runs
 * goes into the next, and what comes while a transaction waits for its turn goes with it. `before`:
 * is called before each transaction.
 */
export function carryOut(
  port: MessagePort,
  batches: Batches,
  first: Order,
  before: () => void = () => {},
): 'go on' | 'close' {
  const waiting: Call[] = []
  let next: 'go on' | 'close' = 'go on'
  const take = (from?: Order) => {
    for (let order = from ?? nextOrder(port); order !== undefined; order = nextOrder(port)) {
      if (order.kind === 'close') next = 'close'
      else for (const call of order.calls) waiting.push(call)
    }
  }
  for (take(first); waiting.length > 0; take()) {
    before()
    const calls = waiting.splice(0, BATCH_CALLS_MAX)
    const more = () => {
      take()
      return waiting.splice(0, BATCH_CALLS_MAX - calls.length)
    }
    const answers: WorkerMessage = timed(batches, calls, more)
    port.postMessage(answers)
  }
  return next
}

function timed(batches: Batches, calls: readonly Call[], more: () => readonly Call[]): Answers {
  const begun = performance.now()
  const answers = batches.run(calls, more)
  return { ...answers, tookMs: performance.now() - begun }
}

function nextOrder(port: MessagePort): Order | undefined {
  return receiveMessageOnPort(port)?.message as Order | undefined
}
