import { expect, onTestFinished, test } from 'vitest'
import { parseAddress } from '../../src/net/address.ts'
import { OtherKeyError } from '../../src/net/dial.ts'
import { PinFolder } from '../../src/net/files/pins.ts'
import type { Fingerprint } from '../../src/net/fingerprint.ts'
import { serve } from '../../src/server/serve.ts'
import { FileConnector } from '../../src/ui/flow/connector.ts'
import { CHEAP } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Nobody's key. */
const OTHER: Fingerprint = `sha256:${'0'.repeat(64)}`

test('a server with another key than --trust names is refused, and the known key stays', async () => {
  const { address, key, state } = await world()
  const pins = new PinFolder(state)
  await pins.trust(parseAddress(address), key)
  const connector = new FileConnector(state, 'test', { address, trust: OTHER })
  const check = connector.check({ address, plaintext: false }, new AbortController().signal)
  await expect(check).rejects.toThrow(OtherKeyError)
  expect(await pins.find(parseAddress(address))).toBe(key)
})

test('the key that --trust names takes the place of a known one, once the server has shown it', async () => {
  const { address, key, state } = await world()
  const pins = new PinFolder(state)
  await pins.trust(parseAddress(address), OTHER)
  const connector = new FileConnector(state, 'test', { address, trust: key })
  expect(await pins.find(parseAddress(address))).toBe(OTHER)
  const { signal } = new AbortController()
  // Also where a share line names the same key.
  expect(await connector.check({ address, plaintext: false }, signal, key)).toBe(key)
  expect(await pins.find(parseAddress(address))).toBe(key)
})

async function world() {
  const folder = temporaryFolder()
  const server = await serve({ port: 0, host: '127.0.0.1', folder, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  const address = `127.0.0.1:${server.port}`
  return { address, key: server.fingerprint, state: temporaryFolder() }
}
