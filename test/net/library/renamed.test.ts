import { expect, onTestFinished, test } from 'vitest'
import { type ConnectOptions, connect } from '../../../src/net/library/connect.ts'
import { nonce, PASSWORD } from '../../support/server.ts'
import { plainClient, serveHere } from '../../support/sockets.ts'
import { Tap } from '../../support/tap.ts'

test('a message that is repeated does not go to another group that has the name by then', async () => {
  const { port } = await serveHere()
  const tap = await Tap.open(port)
  onTestFinished(() => tap.close())
  const ann = await plainClient(port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const options: ConnectOptions = {
    server: `127.0.0.1:${tap.port}`,
    user: 'bob',
    password: PASSWORD,
    register: true,
    plaintext: true,
  }
  const bob = await connect(options)
  onTestFinished(() => bob.close())
  const first = await ann.ask({
    type: 'createGroup',
    nonce: nonce(),
    name: 'ops',
    members: ['bob'],
  })
  const group = first.group?.id ?? ''
  // Known, so that nothing but the message is under way.
  await bob.send('#ops', 'one')
  tap.withholding = true
  const sent = bob.send('#ops', 'two')
  await ann.push('groupEntry', ({ entry }) => entry?.text === 'two')
  await ann.ask({ type: 'renameGroup', group, name: 'ops-old' })
  await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] })
  tap.cut()
  tap.withholding = false
  expect(await sent).toMatchObject({ conversation: group })
  await ann.barrier()
  const texts = ann.pushes.flatMap((push) =>
    push.type === 'groupEntry' && push.entry?.kind === 'text'
      ? [[push.conversation, push.entry.text]]
      : [],
  )
  expect(texts).toEqual([
    [group, 'one'],
    [group, 'two'],
  ])
})

test('what is said first stands first, though its target is not known yet', async () => {
  const { port } = await serveHere()
  const options = {
    server: `127.0.0.1:${port}`,
    password: PASSWORD,
    register: true,
    plaintext: true,
  }
  const bob = await connect({ ...options, user: 'bob' })
  const eve = await connect({ ...options, user: 'eve' })
  for (const one of [bob, eve]) onTestFinished(() => one.close())
  const texts = Array.from({ length: 20 }, (_, at) => `${at}`)
  // Whether it could be aborted makes no difference.
  const { signal } = new AbortController()
  const optionsOf = (at: number) => (at % 2 === 0 ? { signal } : {})
  await Promise.all(texts.map((text, at) => bob.send('eve', text, optionsOf(at))))
  const heard: string[] = []
  for await (const { text } of eve.history('bob')) heard.push(text)
  expect(heard).toEqual(texts)
})
