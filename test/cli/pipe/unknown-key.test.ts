import { networkInterfaces } from 'node:os'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { failureOf } from '../../../src/cli/pipe/refusal.ts'
import { UntrustedKeyError } from '../../../src/net/dial.ts'
import { shareLine } from '../../../src/net/share-line.ts'
import { serve } from '../../../src/server/serve.ts'
import { CHEAP, PASSWORD } from '../../support/server.ts'
import { Shell } from '../../support/shell.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const KEY = `sha256:${'a'.repeat(64)}` as const
const env = { TCHAT_PASSWORD: PASSWORD }

test('the key of a server that is not known is named, and what to say', () => {
  const error = new UntrustedKeyError({ host: 'chat.example.org', port: 8000 }, KEY)
  const failure = failureOf(error, 'chat.example.org:8000') as Error
  expect(failure.name).toBe('Failure')
  expect(failure.message).toContain(`chat.example.org:8000 is not known yet; its key is ${KEY}`)
  expect(failure.message).toContain(`say --trust ${KEY}`)
})

/** Of this machine, but not on loopback. Undefined: it has no network. */
const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

describe('at an address that is not on loopback', () => {
  const host = ownAddress ?? ''

  beforeEach(({ skip }) => {
    skip(ownAddress === undefined, 'needs an IPv4 address that is not on loopback: see .ci/run')
  })

  async function start() {
    const folder = temporaryFolder()
    const server = await serve({ host, port: 0, folder, passwordCost: CHEAP })
    onTestFinished(() => server.close())
    const { port, fingerprint } = server
    const address = { host, port }
    const login = ['login', '--register', '--user', 'alice', '--server']
    return {
      login,
      fingerprint,
      place: `${host}:${port}`,
      line: shareLine(address, '', fingerprint),
    }
  }

  test('without a terminal it is refused; --trust, or a share line, lets one in', async () => {
    const { login, fingerprint, place, line } = await start()
    const shell = new Shell(temporaryFolder())
    const refused = await shell.run([...login, place], { env })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`say --trust ${fingerprint}`)
    const trusting = await shell.run([...login, place, '--trust', fingerprint], { env })
    expect(trusting).toMatchObject({ code: 0, stderr: '' })
    expect(await shell.run(['ls'])).toMatchObject({ code: 0, stderr: '' })
    const fresh = new Shell(temporaryFolder())
    const account = ['--user', 'alice', '--server', line]
    expect(await fresh.run(['ls', ...account], { env })).toMatchObject({ code: 0, stderr: '' })
  })

  test('at a terminal a person is asked', async () => {
    const { login, fingerprint, place } = await start()
    const shell = new Shell(temporaryFolder())
    const asked: string[] = []
    const personWho = (agrees: boolean) => ({
      secret: () => Promise.resolve(PASSWORD),
      agrees: (question: string) => {
        asked.push(question)
        return Promise.resolve(agrees)
      },
    })
    expect(await shell.run([...login, place], { person: personWho(false) })).toMatchObject({
      code: 1,
    })
    expect(await shell.run([...login, place], { person: personWho(true) })).toMatchObject({
      code: 0,
    })
    expect(await shell.run(['ls'], { person: personWho(false) })).toMatchObject({ code: 0 })
    expect(asked).toHaveLength(2)
    expect(asked[0]).toContain(fingerprint)
  })
})

test('at a terminal a message is not waited for unless it is asked for', async () => {
  const shell = new Shell(temporaryFolder())
  const stdin = Object.assign(Readable.from([]), { isTTY: true })
  const ran = await shell.run(['send', 'bob'], { stdin })
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('what is to be said?') })
})
