import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Field } from '../../src/protocol/fields.ts'
import { type DraftMessage, type Message, messages } from '../../src/protocol/messages.ts'
import type { Log } from '../../src/server/log.ts'
import { arbitraryMessage, messageTypes } from '../support/arbitrary-message.ts'
import { type Client, startServer } from '../support/server.ts'

/** Request ids that the client's own barrier does not use. */
const FIRST_REQUEST = 1_000

/** Without the one that would end the session for all that follow. */
const requestTypes = messageTypes.filter(
  (type) => messages[type].from === 'client' && type !== 'logOut',
)

test('any request that has the form of its message is answered exactly once, as the table says', async () => {
  const faults: string[] = []
  const server = await startServer({ log: logTo(faults) })
  const alice = await server.register('alice')
  const { group } = await alice.ask({ type: 'createGroup', nonce: Buffer.alloc(16), name: 'ops' })
  const known = ['alice', '#ops', '#lobby', alice.id, group?.id ?? '', '~u99']

  await fc.assert(
    fc.asyncProperty(arbitraryRequests(known, alice), async (drafts) => {
      const client = server.guest()
      const asked = drafts.map((draft, at) => ({ ...draft, request: FIRST_REQUEST + at }))
      for (const draft of asked) client.send(draft as DraftMessage)
      await client.barrier()
      const answers = client.pushes.filter(isAnswer)
      for (const { request, type } of asked) {
        const [answer, ...more] = answers.filter((each) => each.request === request)
        expect(more).toEqual([])
        expect(answer?.type).toBeOneOf(['error', answerOf(type)])
      }
      expect(answers).toHaveLength(asked.length)
      client.end()
    }),
    { numRuns: 40 },
  )
  await alice.barrier()
  expect(faults).toEqual([])
})

/** Mostly by someone who is logged in, and mostly at things that exist. */
function arbitraryRequests(
  known: readonly string[],
  { token }: Client,
): fc.Arbitrary<readonly DraftMessage[]> {
  const request = fc
    .tuple(
      arbitraryMessage(requestTypes),
      fc.constantFrom(...known),
      fc.integer({ max: 4, min: 0 }),
    )
    .map(([draft, target, aim]) => (aim > 0 ? aimedAt(draft, target) : draft))
  const logIn = fc.constant<DraftMessage>({ type: 'logIn', token })
  const first = fc.oneof({ weight: 4, arbitrary: logIn }, { weight: 1, arbitrary: request })
  return fc
    .tuple(first, fc.array(request, { maxLength: 20 }))
    .map(([one, others]) => [one, ...others])
}

/** Every text that may be a name or id is that one; nonces have their length. */
function aimedAt(draft: DraftMessage, target: string): DraftMessage {
  const changed: Record<string, unknown> = { ...draft }
  for (const [name, field] of Object.entries<Field>(messages[draft.type].fields)) {
    if (['to', 'group', 'user', 'conversation', 'name'].includes(name)) changed[name] = target
    if (field.kind === 'textList') changed[name] = [target]
    if (name === 'nonce') changed[name] = Buffer.alloc(16, target.length)
  }
  return changed as DraftMessage
}

function answerOf(type: DraftMessage['type']): string | undefined {
  const row = messages[type]
  return 'answer' in row ? row.answer : undefined
}

function isAnswer(message: Message): message is Message & { request: number } {
  return 'request' in message && message.request >= FIRST_REQUEST
}

function logTo(faults: string[]): Log {
  const ignore = () => undefined
  return {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (text, details) => faults.push(`${text}: ${String(details?.['error'] ?? '')}`),
  }
}
