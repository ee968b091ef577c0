import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { OutboxItem } from '../../../src/net/events.ts'
import type { Chat } from '../../../src/net/library/chat.ts'
import { type ConnectOptions, connect } from '../../../src/net/library/connect.ts'
import { memoryOutbox, type Outbox } from '../../../src/net/outbox.ts'
import { type RunningServer, serve } from '../../../src/server/serve.ts'
import { CHEAP, PASSWORD } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let server: RunningServer

beforeEach(async () => {
  const folder = temporaryFolder()
  server = await serve({ host: '127.0.0.1', port: 0, folder, passwordCost: CHEAP })
  return () => server.close()
})

/** Of what the outbox holds: the texts, as a run would find them that comes after this one was killed. */
class Disk {
  #items: Map<string, OutboxItem>

  constructor(kept: readonly OutboxItem[] = []) {
    this.#items = new Map(kept.map((item) => [item.nonce, item]))
  }

  get items(): readonly OutboxItem[] {
    return [...this.#items.values()]
  }

  get texts(): readonly string[] {
    return this.items.map(({ text }) => text)
  }

  get outbox(): Outbox {
    return {
      ...memoryOutbox(this.items),
      add: async (item) => void this.#items.set(item.nonce, item),
      remove: async (nonce) => void this.#items.delete(nonce),
    }
  }
}

const said = (...texts: readonly string[]): OutboxItem[] =>
  texts.map((text, at) => {
    const target = { kind: 'group', id: 'lobby' } as const
    return { nonce: `${at}`.repeat(32), target, text, reply: 0, time: 0, refused: undefined }
  })

/** `answered`: the server has acknowledged all that waited. */
async function enter(
  disk: Disk,
  more: Partial<ConnectOptions> = {},
): Promise<Readonly<{ chat: Chat; answered: Promise<void> }>> {
  const answered = Promise.withResolvers<void>()
  const chat = await connect({
    server: `127.0.0.1:${server.port}`,
    ...{ user: 'alice', password: PASSWORD, register: true },
    outbox: disk.outbox,
    onEvent: (event) => {
      if (event.type === 'outbox' && event.items.length === 0) answered.resolve()
    },
    ...more,
  })
  onTestFinished(() => chat.close())
  return { chat, answered: answered.promise }
}

async function textsOf(chat: Chat): Promise<string[]> {
  const texts: string[] = []
  for await (const { kind, text } of chat.history('#lobby')) if (kind === 'text') texts.push(text)
  return texts
}

describe('who said it is told before the outbox forgets it', () => {
  test('and not shown what the server has', async () => {
    const disk = new Disk()
    const { chat } = await enter(disk)
    const [asked, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const onSent = () => {
      asked.resolve()
      return told.promise
    }
    const sending = chat.send('#lobby', 'hello', { onSent })
    await asked.promise
    expect(chat.client.outbox).toEqual([])
    expect(disk.texts).toEqual(['hello'])
    told.resolve()
    expect(await sending).toMatchObject({ conversation: expect.any(String) })
    expect(disk.texts).toEqual([])
  })

  test('what it comes to when telling fails is the next run’s', async () => {
    const disk = new Disk()
    const { chat } = await enter(disk)
    const fault = new Error('no paper')
    const onSent = () => Promise.reject(fault)
    await expect(chat.send('#lobby', 'hello', { onSent })).rejects.toBe(fault)
    await chat.close()
    expect(disk.texts).toEqual(['hello'])
    const next = await enter(disk, { register: false, repeats: true })
    await next.chat.send('#lobby', 'hello')
    expect(disk.texts).toEqual([])
    expect(await textsOf(next.chat)).toEqual(['hello'])
  })

  test('what was said past it is told to nobody', async () => {
    const disk = new Disk()
    const { chat, answered } = await enter(disk)
    await chat.client.say({ kind: 'group', id: 'lobby' }, 'hello')
    await answered
    expect(disk.texts).toEqual([])
  })
})

describe('what an earlier run left', () => {
  test('stays until it was repeated and told, or the run ends well', async () => {
    const disk = new Disk(said('one', 'two'))
    const { chat, answered } = await enter(disk, { repeats: true })
    await answered
    expect(disk.texts).toEqual(['one', 'two'])
    const onSent = async () => expect(disk.texts).toEqual(['one', 'two'])
    await chat.send('#lobby', 'one', { onSent })
    expect(disk.texts).toEqual(['two'])
    chat.endRepeats()
    expect(disk.texts).toEqual([])
    expect(await textsOf(chat)).toEqual(['one', 'two'])
  })

  test('is not said twice by a third run, when the second is killed, too', async () => {
    const disk = new Disk(said('one', 'two'))
    const second = await enter(disk, { repeats: true })
    await second.answered
    await second.chat.send('#lobby', 'one')
    // As far as the disk is concerned, this is how one ends that is killed.
    await second.chat.close()
    const third = await enter(disk, { register: false, repeats: true })
    await third.chat.send('#lobby', 'two')
    expect(disk.texts).toEqual([])
    expect(await textsOf(third.chat)).toEqual(['one', 'two'])
  })

  test('is gone with the acknowledgement where nothing is repeated', async () => {
    const disk = new Disk(said('one'))
    const { chat, answered } = await enter(disk)
    await answered
    expect(disk.texts).toEqual([])
    await chat.send('#lobby', 'one')
    expect(await textsOf(chat)).toEqual(['one', 'one'])
  })
})
