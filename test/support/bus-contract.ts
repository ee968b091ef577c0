import { expect, onTestFinished, test } from 'vitest'
import type { Bus, Hint, OnHint } from '../../src/server/bus/bus.ts'
import { PLAIN_ENTRY } from './plain.ts'

/** Where the nodes of one test meet. */
export type Medium = Readonly<{ connect: (onHint: OnHint) => Bus | Promise<Bus> }>

/**
 * The examination of a bus adapter. `open` makes a medium of its own for each test. A hint between
 * nodes may be lost by contract; on a quiet network, as here, it is not.
 */
export function examineBus(open: () => Medium | Promise<Medium>): void {
  test('a node’s own hints come back to it, in the order of publishing', async () => {
    const medium = await open()
    const node = await join(medium)
    for (let index = 0; index < 100; index += 1) node.bus.publish(hint(`${index}`))
    await until(() => node.heard.length === 100)
    expect(node.heard).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`))
  })

  test('every node hears the hints of each node in the order of that node', async () => {
    const medium = await open()
    const nodes = [await join(medium), await join(medium), await join(medium)]
    for (let index = 0; index < 50; index += 1) {
      for (const [at, { bus }] of nodes.entries()) bus.publish(hint(`${at}:${index}`))
    }
    await until(() => nodes.every(({ heard }) => heard.length === 150))
    for (const { heard } of nodes) {
      for (const at of nodes.keys()) {
        const ofNode = heard.filter((user) => user.startsWith(`${at}:`))
        expect(ofNode).toEqual(Array.from({ length: 50 }, (_, index) => `${at}:${index}`))
      }
    }
  })

  test('a hint published while one is being told comes after it', async () => {
    const medium = await open()
    const order: string[] = []
    const bus = await medium.connect((told) => {
      const user = userOf(told)
      order.push(`begin ${user}`)
      if (user === 'first') bus.publish(hint('second'))
      order.push(`end ${user}`)
    })
    onTestFinished(() => bus.close())
    bus.publish(hint('first'))
    await until(() => order.length === 4)
    expect(order).toEqual(['begin first', 'end first', 'begin second', 'end second'])
  })

  test('a hint arrives with everything in it', async () => {
    const medium = await open()
    const heard: Hint[] = []
    const bus = await medium.connect((told) => heard.push(told))
    onTestFinished(() => bus.close())
    bus.publish(entryHint)
    await until(() => heard.length === 1)
    expect(heard).toEqual([entryHint])
  })

  test('a node that has closed hears no more', async () => {
    const medium = await open()
    const [gone, there] = [await join(medium), await join(medium)]
    await gone.bus.close()
    there.bus.publish(hint('late'))
    await until(() => there.heard.length === 1)
    expect(gone.heard).toEqual([])
  })
}

const entryHint: Hint = {
  kind: 'appended',
  appended: [
    {
      conversation: '~c1',
      between: ['~u1', '~u2'],
      entry: {
        seq: 7,
        time: 1_700_000_000_000,
        from: '~u1',
        name: '张三',
        kind: 'text',
        text: '你好 🎉',
        nonce: Buffer.alloc(16, 3),
        n: 5,
        ...PLAIN_ENTRY,
      },
    },
  ],
}

function hint(user: string): Hint {
  return { kind: 'presence', node: 'n', user, online: true }
}

function userOf(told: Hint): string {
  return told.kind === 'presence' ? told.user : ''
}

async function join(medium: Medium): Promise<{ bus: Bus; heard: string[] }> {
  const heard: string[] = []
  const bus = await medium.connect((told) => heard.push(userOf(told)))
  onTestFinished(() => bus.close())
  return { bus, heard }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}
