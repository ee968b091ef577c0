import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Batches } from './batches.ts'
import type { Answers, Call, Order, WorkerMessage } from './calls.ts'

/** Calls in one transaction: bounds how long the first of them waits for the last. */
const BATCH_CALLS_MAX = 512

/**
 * In a store's thread: that order and all that arrived meanwhile. What comes while a commit runs
 * goes into the next. `before`: is called before each transaction.
 */
export function carryOut(
  port: MessagePort,
  batches: Batches,
  first: Order,
  before: () => void = () => {},
): 'go on' | 'close' {
  const waiting: Call[] = []
  let next: 'go on' | 'close' = 'go on'
  let order: Order | undefined = first
  while (order !== undefined || waiting.length > 0) {
    for (; order !== undefined; order = nextOrder(port)) {
      if (order.kind === 'close') next = 'close'
      else for (const call of order.calls) waiting.push(call)
    }
    if (waiting.length > 0) before()
    if (waiting.length > 0) {
      const answers: WorkerMessage = timed(batches, waiting.splice(0, BATCH_CALLS_MAX))
      port.postMessage(answers)
    }
    order = nextOrder(port)
  }
  return next
}

function timed(batches: Batches, calls: readonly Call[]): Answers {
  const begun = performance.now()
  const answers = batches.run(calls)
  return { ...answers, tookMs: performance.now() - begun }
}

function nextOrder(port: MessagePort): Order | undefined {
  return receiveMessageOnPort(port)?.message as Order | undefined
}
