import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { StoreThread } from '../../../src/server/store/store-thread.ts'

test('when the thread fails, everything that waits and everything later is refused', async () => {
  const failures: Error[] = []
  const thread = threadOf("throw new Error('the disk is gone')", failures)
  const waiting = [1, 2, 3].map(() => thread.call('findUser', 'ann'))
  for (const answer of await Promise.allSettled(waiting)) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
  }
  await expect(thread.call('findUser', 'ann')).rejects.toMatchObject({ code: 'unavailable' })
  expect(failures.map(({ message }) => message)).toEqual(['the disk is gone'])
  await thread.close()
})

test('a thread that ends by itself has failed, too', async () => {
  const failures: Error[] = []
  const thread = threadOf('process.exit(0)', failures)
  await expect(thread.call('findUser', 'ann')).rejects.toMatchObject({ code: 'unavailable' })
  expect(failures).toHaveLength(1)
})

test('a thread that ends because it was closed has not failed', async () => {
  const failures: Error[] = []
  const thread = threadOf("if (order.kind === 'close') parentPort.close()", failures)
  await thread.close()
  expect(failures).toEqual([])
})

test('the calls of one turn of the event loop go over together', async () => {
  const thread = threadOf(`
    if (order.kind === 'close') return parentPort.close()
    const answers = order.calls.map(() => order.calls.length)
    parentPort.postMessage({ kind: 'answers', answers, appended: [], faults: [] })`)
  const counts = await Promise.all([1, 2, 3].map(() => thread.call('findUser', 'ann')))
  expect(counts).toEqual([3, 3, 3])
  expect(await thread.call('findUser', 'ann')).toBe(1)
  await thread.close()
})

/** A thread that does this with every order. */
function threadOf(work: string, failures: Error[] = []): StoreThread {
  const source = `
    const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (order) => { ${work} })`
  const worker = new Worker(source, { eval: true })
  onTestFinished(async () => {
    await worker.terminate()
  })
  return new StoreThread(worker, {
    onAppended: () => undefined,
    onFailure: (error) => failures.push(error),
  })
}
