import { afterEach, describe, expect, test, vi } from 'vitest'
import { ChangedKeyError } from '../../src/net/dial.ts'
import { memoryOutbox } from '../../src/net/outbox.ts'
import { DisconnectedError } from '../../src/net/requests.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import { Desk } from '../support/client.ts'
import { settle } from '../support/fake-clock.ts'
import { ALICE, BOB, entryAt, headAt, TOKEN } from '../support/fake-server.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) {
    await desk.client.close()
    expect(desk.clock.pending).toBe(0)
  }
})

function makeDesk(...options: ConstructorParameters<typeof Desk>): Desk {
  const desk = new Desk(...options)
  desks.push(desk)
  return desk
}

const LOBBY = { kind: 'group', id: '~lobby' } as const
const TO_BOB = { kind: 'direct', id: BOB.id } as const

describe('logging in', () => {
  test('by name and password gives a token, by which it comes back', async () => {
    const desk = makeDesk()
    const { user, token } = await desk.client.logIn('alice', 'correct horse')
    expect(user).toEqual(ALICE)
    expect(token).toEqual(TOKEN)
    await settle()
    await desk.server.drop()
    await desk.clock.advance(2_000)
    expect(desk.server.askedFor('logIn').map((asked) => [asked.name, asked.token.length])).toEqual([
      ['alice', 0],
      ['', 32],
    ])
    expect(desk.links).toEqual([
      'connecting',
      'online',
      'online',
      'waiting',
      'connecting',
      'online',
      'online',
    ])
    expect(desk.client.token).toEqual(TOKEN)
  })

  test('a refusal is thrown, once, and nothing is tried again', async () => {
    const desk = makeDesk()
    desk.server.rules.logIn = () => ({ type: 'error', code: 'wrongLogin', text: 'no' })
    await expect(desk.client.logIn('alice', 'x')).rejects.toMatchObject({ code: 'wrongLogin' })
    await desk.clock.advance(120_000)
    expect(desk.server.connections).toHaveLength(1)
    expect(desk.server.connection.closed).toBe(true)
    expect(desk.links).toEqual(['connecting', 'offline'])
  })

  test('an unreachable server is thrown, and it can be tried again', async () => {
    const desk = makeDesk()
    desk.server.refusals = 1
    await expect(desk.client.register('alice', 'x')).rejects.toThrow('nothing listens there')
    expect(desk.client.link.state).toBe('offline')
    await desk.client.register('alice', 'x')
    expect(desk.client.link.state).toBe('online')
  })

  test('only one session at a time', async () => {
    const desk = makeDesk()
    const first = desk.client.logIn('alice', 'x')
    await expect(desk.client.logIn('alice', 'x')).rejects.toThrow(/has a session already/)
    await first
    expect(() => desk.client.resume(TOKEN)).toThrow(/has a session already/)
    expect(desk.server.connections).toHaveLength(1)
  })

  test('a goodbye instead of an answer is its reason', async () => {
    const desk = makeDesk()
    desk.server.rules.logIn = () => ({ type: 'goodbye', code: 'plaintextRefused', text: 'TLS!' })
    await expect(desk.client.logIn('alice', 'x')).rejects.toThrow('TLS!')
  })

  test('logging out tells the server, forgets the token, and keeps what was not sent', async () => {
    const desk = makeDesk()
    await desk.client.logIn('alice', 'x')
    desk.server.rules.sendDirect = () => 'silence'
    await desk.client.say(TO_BOB, 'unsent')
    await desk.client.logOut()
    expect(desk.server.askedFor('logOut')).toHaveLength(1)
    expect(desk.told('loggedOut')).toHaveLength(1)
    expect(desk.client.link.state).toBe('offline')
    expect(desk.client.token).toBeUndefined()
    expect(desk.outbox).toHaveLength(1)
    expect(desk.clock.pending).toBe(0)
    await desk.client.logIn('alice', 'x')
    expect(desk.client.link.state).toBe('online')
  })

  test('closing while it connects ends the attempt', async () => {
    const desk = makeDesk()
    desk.server.rules.logIn = () => 'silence'
    const failed = expect(desk.client.logIn('alice', 'x')).rejects.toThrow(DisconnectedError)
    await settle()
    await desk.client.close()
    await failed
    expect(desk.server.connections).toHaveLength(1)
  })
})

describe('coming back', () => {
  test('waits some seconds after each failure, longer after many, and says until when', async () => {
    const desk = makeDesk()
    desk.server.refusals = 53
    await desk.resume()
    await desk.clock.advance(200_000)
    const waits = desk.told('link').flatMap(({ link }) => (link.state === 'waiting' ? [link] : []))
    expect(waits.map((link) => link.attempt)).toEqual(Array.from({ length: 53 }, (_, at) => at + 2))
    expect(waits[0]?.reason).toBe('nothing listens there')
    const times = waits.map((link) => link.retryAt)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(new Set(gaps.slice(0, 48))).toEqual(new Set([2_250]))
    expect(gaps.slice(48)).toEqual([4_250, 8_250, 15_250, 15_250])
    expect(desk.client.link.state).toBe('online')
  })

  test('at once when a person asks for it', async () => {
    const desk = makeDesk()
    desk.server.refusals = 1
    await desk.resume()
    expect(desk.client.link.state).toBe('waiting')
    desk.client.reconnect()
    expect(desk.client.link).toEqual({ state: 'connecting', attempt: 1 })
    desk.client.reconnect()
    await settle()
    expect(desk.client.link.state).toBe('online')
    expect(desk.server.connections).toHaveLength(1)
  })

  test('at once when the machine wakes', async () => {
    const desk = makeDesk()
    desk.server.refusals = 6
    await desk.resume()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      desk.client.reconnect()
      await settle()
    }
    desk.clock.sleep(3_600_000)
    await desk.clock.advance(2_000)
    expect(desk.client.link.state).toBe('online')
  })

  test('no sooner than the server asks', async () => {
    const desk = makeDesk()
    desk.server.rules.logIn = () => ({ type: 'error', code: 'rateLimited', retryMs: 50_000 })
    await desk.resume()
    delete desk.server.rules.logIn
    await desk.clock.advance(49_999)
    expect(desk.server.connections).toHaveLength(1)
    await desk.clock.advance(1)
    expect(desk.client.link.state).toBe('online')
  })

  test('not when the key has changed: a person must decide, then it does', async () => {
    const changed = new ChangedKeyError({ host: 'h', port: 1 }, `sha256:b`, `sha256:a`)
    let trusted = false
    const desk: Desk = makeDesk({
      dial: () => (trusted ? desk.server.dial() : Promise.reject(changed)),
    })
    await desk.resume()
    expect(desk.client.link).toEqual({ state: 'blocked', error: changed })
    await desk.clock.advance(120_000)
    expect(desk.client.link.state).toBe('blocked')
    trusted = true
    desk.client.reconnect()
    await settle()
    expect(desk.client.link.state).toBe('online')
  })

  test.each(['badVersion', 'plaintextRefused'] as const)('not after a goodbye %s', async (code) => {
    const desk = makeDesk()
    desk.server.rules.logIn = () => ({ type: 'goodbye', code, text: 'no' })
    await desk.resume()
    expect(desk.client.link).toMatchObject({ state: 'blocked', error: { code } })
  })

  test('not when the other end speaks something else', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.connection.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await settle()
    expect(desk.client.link).toMatchObject({ state: 'blocked', error: { code: 'badMagic' } })
  })

  test('not with a worthless token: the session is over', async () => {
    const desk = makeDesk()
    desk.server.rules.logIn = () => ({ type: 'error', code: 'badToken', text: 'ended' })
    await desk.resume()
    expect(desk.told('loggedOut')).toEqual([{ type: 'loggedOut', reason: 'ended' }])
    expect(desk.client.link.state).toBe('offline')
    expect(desk.clock.pending).toBe(0)
  })

  test('not when the session was revoked', async () => {
    const desk = makeDesk()
    await desk.resume()
    await desk.server.say({ type: 'goodbye', code: 'revoked', text: 'ended elsewhere' })
    expect(desk.told('loggedOut')).toEqual([{ type: 'loggedOut', reason: 'ended elsewhere' }])
  })

  test.each(['badToken', 'banned'] as const)(
    'not after a loss when the token is refused with %s: the reason is told',
    async (code) => {
      const desk = makeDesk()
      await desk.resume()
      desk.server.rules.logIn = () => ({ type: 'error', code, text: 'you are not welcome' })
      await desk.server.drop()
      await desk.clock.advance(5_000)
      expect(desk.told('loggedOut')).toEqual([{ type: 'loggedOut', reason: 'you are not welcome' }])
      expect(desk.clock.pending).toBe(0)
    },
  )

  test('not when a goodbye says that one is banned', async () => {
    const desk = makeDesk()
    await desk.resume()
    await desk.server.say({ type: 'goodbye', code: 'banned', text: 'banned: spam' })
    expect(desk.told('loggedOut')).toEqual([{ type: 'loggedOut', reason: 'banned: spam' }])
  })

  test('after a goodbye that is no end, with its words', async () => {
    const desk = makeDesk()
    await desk.resume()
    await desk.server.say({ type: 'goodbye', code: 'stopping', text: 'the server stops' })
    expect(desk.client.link).toMatchObject({ state: 'waiting', reason: 'the server stops' })
    await desk.clock.advance(4_000)
    expect(desk.client.link.state).toBe('online')
  })

  test('a connection on which heads cannot be had is given up', async () => {
    const desk = makeDesk()
    desk.server.rules.sync = () => ({ type: 'error', code: 'badRequest', text: 'no heads' })
    await desk.resume()
    expect(desk.client.link).toMatchObject({ state: 'waiting', reason: 'no heads' })
    expect(desk.server.connection.closed).toBe(true)
  })
})

describe('a client that is told of new entries only', () => {
  test('fetches nothing, tells what is pushed, and moves no cursor', async () => {
    const desk = makeDesk({ catchUp: false })
    desk.server.heads = [headAt('~lobby', 40)]
    await desk.resume()
    await desk.server.say({ type: 'groupEntry', conversation: '~lobby', entry: entryAt(41) })
    await desk.server.drop()
    desk.server.heads = [headAt('~lobby', 60)]
    await desk.clock.advance(5_000)
    await desk.server.say({ type: 'groupEntry', conversation: '~lobby', entry: entryAt(61) })
    await desk.clock.advance(2_000)
    expect(desk.seqs('~lobby')).toEqual([41, 61])
    expect(desk.server.askedFor('getPage')).toEqual([])
    expect(desk.server.askedFor('mark')).toEqual([])
  })

  test('can go on with a token in one attempt', async () => {
    const desk = makeDesk({ catchUp: false })
    desk.server.rules.logIn = () => ({ type: 'error', code: 'badToken', text: 'over' })
    await expect(desk.client.logInByToken(TOKEN)).rejects.toMatchObject({ code: 'badToken' })
    expect(desk.client.link.state).toBe('offline')
    delete desk.server.rules.logIn
    expect(await desk.client.logInByToken(TOKEN)).toEqual({ user: ALICE, token: TOKEN })
    expect(desk.client.token).toEqual(TOKEN)
    await settle()
  })
})

describe('a closed client', () => {
  test.each([
    ['while it waits', 1],
    ['while it is online', 0],
  ])('closed %s, dials no more', async (_, refusals) => {
    const dial = vi.fn(() => desk.server.dial())
    const desk: Desk = makeDesk({ dial })
    desk.server.refusals = refusals
    await desk.resume()
    await desk.client.close()
    desk.client.reconnect()
    await settle()
    expect(dial).toHaveBeenCalledTimes(1)
    expect(desk.client.token).toBeUndefined()
  })
})

describe('staying alive', () => {
  test('heartbeats tell the latency', async () => {
    const desk = makeDesk()
    await desk.resume()
    await desk.clock.advance(45_000)
    expect(desk.server.askedFor('heartbeat')).toHaveLength(4)
    expect(desk.client.link).toEqual({ state: 'online', latencyMs: 0 })
  })

  test('three silent intervals are a loss, any byte is a sign of life', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.heartbeat = () => 'silence'
    await desk.clock.advance(30_000)
    await desk.server.say({ type: 'presences' })
    await desk.clock.advance(59_000)
    expect(desk.links).not.toContain('waiting')
    await desk.clock.advance(1_000)
    expect(desk.client.link.state).toBe('waiting')
  })

  test('an answer that does not come is told, and that it has come', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.sendDirect = () => 'silence'
    await desk.client.say(TO_BOB, 'hello')
    await desk.clock.advance(3_000)
    expect(desk.client.link).not.toHaveProperty('silentSince')
    const silentSince = desk.clock.now() - 3_000
    await desk.clock.advance(2_000)
    expect(desk.client.link).toEqual({ state: 'online', latencyMs: 0, silentSince })
    await desk.server.say({ type: 'presences' })
    expect(desk.client.link).toEqual({ state: 'online', latencyMs: 0 })
    await desk.clock.advance(5_000)
    expect(desk.client.link).toHaveProperty('silentSince')
  })

  test('who waits for an answer does not wait for three silent intervals', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.sendDirect = () => 'silence'
    desk.server.rules.heartbeat = () => 'silence'
    await desk.client.say(TO_BOB, 'hello')
    await desk.clock.advance(19_000)
    expect(desk.client.link.state).toBe('online')
    await desk.clock.advance(1_000)
    expect(desk.client.link).toMatchObject({
      state: 'waiting',
      reason: 'the server did not answer',
    })
    desk.server.rules = {}
    await desk.clock.advance(5_000)
    expect(desk.client.link).toEqual({ state: 'online', latencyMs: 0 })
    expect(desk.outbox).toEqual([])
  })

  test('nothing asked, nothing missed: silence is told of a heartbeat at the earliest', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.heartbeat = () => 'silence'
    await desk.clock.advance(18_000)
    expect(desk.client.link).toEqual({ state: 'online', latencyMs: 0 })
    await desk.clock.advance(2_000)
    expect(desk.client.link).toHaveProperty('silentSince')
  })

  test('after a sleep a dead connection is found at once, a living one is kept', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.clock.sleep(600_000)
    await desk.clock.advance(8_000)
    expect(desk.client.link.state).toBe('online')
    expect(desk.server.connections).toHaveLength(1)
    desk.server.rules.heartbeat = () => 'silence'
    desk.clock.sleep(600_000)
    await desk.clock.advance(7_000)
    expect(desk.client.link.state).toBe('waiting')
  })
})

describe('saying', () => {
  test('is in the outbox until it is acknowledged', async () => {
    const desk = makeDesk()
    await desk.resume()
    const nonce = await desk.client.say(TO_BOB, 'hello')
    await settle()
    expect(nonce).toBe('01'.repeat(16))
    expect(desk.server.askedFor('sendDirect')).toMatchObject([{ to: BOB.id, text: 'hello' }])
    const items = desk.told('outbox').map((event) => event.items.map((item) => item.text))
    expect(items).toEqual([['hello'], []])
  })

  test('what answers another text says which, also after a loss', async () => {
    const desk = makeDesk()
    await desk.client.say(LOBBY, 'in a group', 12)
    await desk.client.say(TO_BOB, 'to one', 7)
    await desk.client.say(TO_BOB, 'plain')
    expect(desk.outbox.map(({ reply }) => reply)).toEqual([12, 7, 0])
    await desk.resume()
    expect(desk.server.askedFor('sendGroup')).toMatchObject([{ reply: 12 }])
    expect(desk.server.askedFor('sendDirect')).toMatchObject([{ reply: 7 }, { reply: 0 }])
  })

  test('waits for the connection, and keeps the order', async () => {
    const desk = makeDesk()
    const texts = Array.from({ length: 150 }, (_, index) => `text ${index}`)
    for (const text of texts) await desk.client.say(LOBBY, text)
    await desk.resume()
    await settle()
    expect(desk.server.askedFor('sendGroup').map((asked) => asked.text)).toEqual(texts)
    expect(desk.outbox).toEqual([])
  })

  test('goes out when it is durable, not before, and nothing overtakes it', async () => {
    const written: (() => void)[] = []
    const add = () => new Promise<void>((resolve) => written.push(resolve))
    const desk = makeDesk({ outbox: { ...memoryOutbox(), add } })
    await desk.resume()
    const said = [desk.client.say(LOBBY, 'one'), desk.client.say(LOBBY, 'two')]
    written[1]?.()
    await settle()
    expect(desk.server.askedFor('sendGroup')).toEqual([])
    expect(desk.outbox.map((item) => item.text)).toEqual(['two'])
    written[0]?.()
    await Promise.all(said)
    await settle()
    expect(desk.server.askedFor('sendGroup').map((asked) => asked.text)).toEqual(['one', 'two'])
  })

  test('no more than 64 are under way at a time, after losses too', async () => {
    const desk = makeDesk()
    desk.server.rules.sendGroup = () => 'silence'
    for (let index = 0; index < 150; index += 1) await desk.client.say(LOBBY, `text ${index}`)
    await desk.resume()
    expect(desk.server.askedFor('sendGroup')).toHaveLength(64)
    await desk.server.drop()
    await desk.clock.advance(5_000)
    expect(desk.server.askedFor('sendGroup')).toHaveLength(128)
  })

  test('is repeated with its nonce after every loss', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.sendDirect = () => 'silence'
    await desk.client.say(TO_BOB, 'hello')
    await settle()
    await desk.server.drop()
    await desk.clock.advance(5_000)
    delete desk.server.rules.sendDirect
    await desk.server.drop()
    await desk.clock.advance(10_000)
    const asked = desk.server.askedFor('sendDirect')
    expect(asked).toHaveLength(3)
    expect(new Set(asked.map((one) => Buffer.from(one.nonce).toString('hex'))).size).toBe(1)
    expect(desk.outbox).toEqual([])
  })

  test('what an earlier run left goes out first', async () => {
    const kept = {
      nonce: 'ab'.repeat(16),
      target: LOBBY,
      text: 'kept',
      time: 1,
      reply: 0,
      refused: undefined,
    }
    const desk = makeDesk({ outbox: memoryOutbox([kept]) })
    await desk.client.say(LOBBY, 'new')
    await desk.resume()
    expect(desk.server.askedFor('sendGroup').map((asked) => asked.text)).toEqual(['kept', 'new'])
  })

  test('a refusal is shown and holds up nothing; a person retries or discards', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.sendGroup = () => ({ type: 'error', code: 'notMember', text: 'not yours' })
    const refused = await desk.client.say(LOBBY, 'one')
    const other = await desk.client.say(LOBBY, 'two')
    await desk.client.say(TO_BOB, 'three')
    await settle()
    expect(desk.outbox.map((item) => [item.text, item.refused])).toEqual([
      ['one', 'not yours'],
      ['two', 'not yours'],
    ])
    await desk.server.drop()
    await desk.clock.advance(5_000)
    expect(desk.server.askedFor('sendGroup')).toHaveLength(2)
    delete desk.server.rules.sendGroup
    await desk.client.retry(refused)
    desk.client.discard(other)
    await settle()
    expect(desk.server.askedFor('sendGroup').map((asked) => asked.text)).toEqual([
      'one',
      'two',
      'one',
    ])
    expect(desk.outbox).toEqual([])
  })

  test('what is too much at once is repeated when the server says', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.sendGroup = () => ({ type: 'error', code: 'rateLimited', retryMs: 700 })
    await desk.client.say(LOBBY, 'one')
    await settle()
    expect(desk.outbox.map((item) => item.refused)).toEqual([undefined])
    delete desk.server.rules.sendGroup
    await desk.clock.advance(699)
    expect(desk.outbox).toHaveLength(1)
    await desk.clock.advance(1)
    expect(desk.outbox).toEqual([])
  })

  test('an entry with the nonce acknowledges, too', async () => {
    const desk = makeDesk()
    desk.server.heads = [headAt('~lobby', 0)]
    await desk.resume()
    desk.server.rules.sendGroup = () => 'silence'
    const nonce = await desk.client.say(LOBBY, 'hello')
    const own = { from: ALICE.id, nonce: Buffer.from(nonce, 'hex') }
    const entry = entryAt(1, own)
    await desk.server.say({ type: 'groupEntry', conversation: '~lobby', entry })
    expect(desk.outbox).toEqual([])
    const forged = entryAt(2, { nonce: Buffer.alloc(16, 2) })
    await desk.client.say(LOBBY, 'again')
    await desk.server.say({ type: 'groupEntry', conversation: '~lobby', entry: forged })
    expect(desk.outbox).toHaveLength(1)
  })

  test('what cannot be a message or cannot be kept is refused at once', async () => {
    const broken = { ...memoryOutbox(), add: () => Promise.reject(new Error('the disk is full')) }
    const desk = makeDesk({ outbox: broken })
    await expect(desk.client.say(LOBBY, '')).rejects.toThrow(RangeError)
    await expect(desk.client.say(LOBBY, '的'.repeat(2_731))).rejects.toThrow(/8193 bytes; 8192/)
    await expect(desk.client.say(LOBBY, 'x')).rejects.toThrow('the disk is full')
    expect(desk.outbox).toEqual([])
  })

  test('what the codec cannot carry is refused and blocks nothing', async () => {
    const desk = makeDesk()
    await desk.resume()
    await desk.client.say({ kind: 'direct', id: 'x'.repeat(500) }, 'one')
    await desk.client.say(LOBBY, 'two')
    await settle()
    expect(desk.outbox).toMatchObject([{ text: 'one', refused: expect.stringMatching(/bytes/) }])
  })
})

describe('asking', () => {
  test('answers, refusals and the lack of a connection are told to who asks', async () => {
    const desk = makeDesk()
    await expect(desk.client.request({ type: 'sync' })).rejects.toThrow(DisconnectedError)
    await desk.resume()
    expect((await desk.client.request({ type: 'sync' })).type).toBe('heads')
    await expect(desk.client.request({ type: 'find', text: 'x' })).rejects.toThrow(ChatError)
    desk.server.rules.find = () => 'silence'
    const lost = expect(desk.client.request({ type: 'find' })).rejects.toThrow(DisconnectedError)
    await settle()
    await desk.server.drop()
    await lost
  })

  test('no answer within thirty seconds is an error', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.find = () => 'silence'
    const late = expect(desk.client.request({ type: 'find' })).rejects.toThrow(/did not answer/)
    await desk.clock.advance(30_000)
    await late
  })

  test('an answer of another type is an error, and one to nobody is dropped', async () => {
    const desk = makeDesk()
    await desk.resume()
    desk.server.rules.find = () => ({ type: 'heads' })
    await expect(desk.client.request({ type: 'find' })).rejects.toThrow(/answered with heads/)
    await desk.server.say({ type: 'found', request: 4_000_000 })
    expect(desk.client.link.state).toBe('online')
  })

  test('events follow from answers as from notices', async () => {
    const desk = makeDesk()
    const contact = { user: BOB, online: true, removed: false }
    await desk.resume()
    desk.server.rules.addContact = () => ({ type: 'contacts', contacts: [contact] })
    await desk.client.request({ type: 'addContact', user: 'bob' })
    await desk.client.request({ type: 'mark', conversation: '~c', delivered: 4 })
    await desk.server.say({ type: 'presences', users: [{ user: BOB.id, online: false }] })
    expect(desk.told('contacts').at(-1)).toMatchObject({ contacts: [contact], complete: false })
    expect(desk.told('marked')).toMatchObject([{ conversation: '~c', delivered: 4 }])
    expect(desk.told('presences')).toMatchObject([{ users: [{ user: BOB.id, online: false }] }])
    await desk.server.say({ type: 'presences', conversation: '~c', online: 201 })
    expect(desk.told('crowd')).toMatchObject([{ conversation: '~c', online: 201 }])
  })

  test('who writes, and how far others have got, is told', async () => {
    const desk = makeDesk()
    await desk.resume()
    const members = [{ user: BOB.id, delivered: 9, read: 4 }]
    const counts = { seq: 9, delivered: 1, read: 0, of: 1 }
    desk.server.rules.getReceipts = () => ({
      type: 'receipts',
      conversation: '~c',
      members,
      ...counts,
    })
    await desk.server.say({ type: 'typed', conversation: '~c', user: BOB })
    await desk.client.request({ type: 'getReceipts', conversation: '~c', seq: 9 })
    expect(desk.told('typed')).toEqual([{ type: 'typed', conversation: '~c', user: BOB }])
    expect(desk.told('receipts')).toEqual([
      { type: 'receipts', conversation: '~c', members, ...counts },
    ])
  })

  test('answers and notices are told in the order in which they came', async () => {
    const desk = makeDesk()
    const contact = { user: BOB, online: true, removed: false }
    await desk.resume()
    desk.server.rules.addContact = () => 'silence'
    const asking = desk.client.request({ type: 'addContact', user: 'bob' })
    await settle()
    const request = desk.server.askedFor('addContact').at(-1)?.request ?? 0
    await desk.server.say(
      { type: 'contacts', request, contacts: [contact] },
      { type: 'contacts', contacts: [{ ...contact, removed: true }] },
    )
    await asking
    const changes = desk.told('contacts').filter((event) => !event.complete)
    expect(changes.map(({ contacts }) => contacts[0]?.removed)).toEqual([false, true])
  })

  test('what is watched is watched again after a loss', async () => {
    const desk = makeDesk()
    await desk.resume()
    await desk.client.request({ type: 'watch', conversation: '~lobby' })
    await desk.server.drop()
    await desk.clock.advance(5_000)
    expect(desk.server.askedFor('watch').map((asked) => asked.conversation)).toEqual([
      '~lobby',
      '~lobby',
    ])
  })

  test('the whole list of contacts comes before what changed meanwhile', async () => {
    const desk = makeDesk()
    const contact = { user: BOB, online: false, removed: false }
    let asked = false
    desk.server.rules.listContacts = () => {
      asked = true
      return 'silence'
    }
    await desk.resume()
    expect(asked).toBe(true)
    const request = desk.server.askedFor('listContacts').at(-1)?.request ?? 0
    await desk.server.say(
      { type: 'contacts', contacts: [{ ...contact, removed: true }] },
      { type: 'contacts', request, contacts: [contact] },
    )
    expect(
      desk.told('contacts').map((event) => [event.complete, event.contacts[0]?.removed]),
    ).toEqual([
      [true, false],
      [false, true],
    ])
  })
})

test('text from others has no control sequences in it', async () => {
  const desk = makeDesk()
  desk.server.heads = [headAt('~lobby', 1)]
  desk.server.logs.set('~lobby', [entryAt(1, { text: 'a\u001b[2Jb', name: 'e\u202eve' })])
  await desk.resume()
  expect(desk.told('entry')[0]?.entry).toMatchObject({ text: 'ab', name: 'eve' })
})
