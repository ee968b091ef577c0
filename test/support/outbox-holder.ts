import { openOutbox } from '../../src/net/files/outbox-file.ts'

/**
 * A process of its own that opens an outbox, adds what its arguments say, tells in one JSON line
 * what it found, and holds the outbox until it is killed.
 * Arguments: state folder, then a text for each item.
 */
const [stateFolder = '', ...texts] = process.argv.slice(2)
const outbox = await openOutbox({ stateFolder, server: 'host:8000', userName: 'alice' })
for (const text of texts) {
  await outbox.add({
    nonce: Buffer.from(text.padEnd(16)).toString('hex'),
    target: { kind: 'group', id: 'lobby' },
    text,
    time: Date.now(),
    reply: 0,
    refused: undefined,
  })
}
process.stdout.write(`${JSON.stringify(outbox.kept.map((item) => item.text))}\n`)
setInterval(() => undefined, 60_000)
