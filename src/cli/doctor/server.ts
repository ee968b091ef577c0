import { formatAddress, parseAddress } from '../../net/address.ts'
import { ChangedKeyError, type Dialed, dial, UntrustedKeyError } from '../../net/dial.ts'
import { DialError } from '../../net/dial-error.ts'
import { PinFolder } from '../../net/files/pins.ts'
import { Session } from '../../net/session.ts'
import { systemTimers } from '../../net/timers.ts'
import { ChatError, messageOf } from '../../protocol/errors.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Nobody waits longer for a doctor. */
const ANSWER_MS = 5_000

export type ServerAsked = Readonly<{ address: string; plaintext: boolean; stateFolder: string }>

/** The way to a server: dialling, its key, whether it speaks as this program does, and how fast. */
export async function serverFindings(asked: ServerAsked): Promise<readonly Finding[]> {
  const address = parseAddress(asked.address)
  const where = formatAddress(address)
  const folder = new PinFolder(asked.stateFolder)
  // A doctor remembers nothing.
  const pins = { find: folder.find.bind(folder), trust: async () => undefined }
  const security = asked.plaintext ? 'plaintext' : 'tls'
  const begun = performance.now()
  try {
    const dialed = await dial(address, { security, pins, connectTimeoutMs: ANSWER_MS })
    const ms = Math.round(performance.now() - begun)
    return [
      ok('server', `${where}: ${KEYS[dialed.trusted]}, reached in ${ms} ms`),
      await talk(dialed),
    ]
  } catch (error) {
    return [unreached(error, where, asked.plaintext)]
  }
}

const KEYS: Readonly<Record<Dialed['trusted'], string>> = {
  authority: 'TLS, an authority vouches for its certificate',
  pin: 'TLS, its key is the known one',
  firstUse: 'TLS, on this computer',
  plaintext: 'without TLS: everybody on the way can read and change all',
}

function unreached(error: unknown, where: string, plaintext: boolean): Finding {
  if (error instanceof UntrustedKeyError) {
    const advice = `'tchat connect ${where}' asks whether it is the right one`
    return warn(
      'server',
      `${where} answers; its key is not known yet: ${error.fingerprint}`,
      advice,
    )
  }
  if (error instanceof ChangedKeyError) {
    return fail('server', error.message, 'ask who runs it before you trust the new key')
  }
  const security = plaintext ? '' : ', or --plaintext where it speaks no TLS'
  const advice =
    error instanceof DialError && error.kind === 'notTls'
      ? '--plaintext, if it is a server without TLS'
      : `is the address right, and the server running? 'tchat --serve' runs one${security}`
  return fail('server', messageOf(error), advice)
}

/** Whatever it answers, a refusal too, it speaks the same protocol. */
async function talk({ stream }: Dialed): Promise<Finding> {
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)
  const session = new Session(stream, {
    timers: systemTimers,
    now: Date.now,
    onNotice: () => undefined,
    onLatency: () => undefined,
    onLost: lost.reject,
  })
  const cancel = systemTimers.after(ANSWER_MS, () => lost.reject(new Error('no answer came')))
  const begun = performance.now()
  try {
    const answer = session.request({ type: 'heartbeat' }).catch((error: unknown) => {
      if (!(error instanceof ChatError)) throw error
    })
    await Promise.race([answer, lost.promise])
    return ok('protocol', `version 2, an answer in ${(performance.now() - begun).toFixed(1)} ms`)
  } catch (error) {
    return fail('protocol', messageOf(error), 'is it a tchat server, and of this version?')
  } finally {
    cancel()
    session.close()
  }
}
