import { openSqliteStore } from '../../../src/server/store/sqlite.ts'

/**
 * A process that appends until it is killed: two users talk to one another and in a group, several
 * messages at a time. Every acknowledgement is a line on stdout, `conversation seq text`, written
 * at once. Arguments: the data folder, what tells this run's texts from others', how many messages
 * at a time, and how many each if it shall end by itself.
 */
const [folder = '', run = '', writers = '24', count = 'Infinity'] = process.argv.slice(2)

const store = await openSqliteStore({ folder, onAppended: () => undefined })
const [ann, bob] = [await userNamed('ann'), await userNamed('bob')]
await store.join(ann, 'lobby', 1)
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)))
await store.close()

async function userNamed(name: string): Promise<string> {
  const known = await store.findUser(name)
  const account = { name, passwordHash: '', time: 1, joins: 'lobby' }
  return (known ?? (await store.createAccount(account))).id
}

async function write(writer: number): Promise<void> {
  const [sender, partner] = writer % 2 === 0 ? [ann, bob] : [bob, ann]
  const where =
    writer % 3 === 0
      ? { kind: 'group' as const, target: 'lobby' }
      : { kind: 'direct' as const, target: partner }
  for (let index = 0; index < Number(count); index += 1) {
    const text = `${run}-${writer}-${index}`
    const nonce = Buffer.from(text.padEnd(16, '.')).subarray(0, 16)
    const { conversation, seq } = await store.append({ sender, ...where, nonce, text, time: index })
    process.stdout.write(`${conversation} ${seq} ${text}\n`)
  }
}
