import { parseAddress } from '../../net/address.ts'
import { looksLikeShareLine, parseShareLine, shareLine } from '../../net/share-line.ts'
import { isLoopback } from '../../net/tls.ts'
import type { ClientState } from '../state/model.ts'

/**
 * What others paste to come here: the server with its key, the group, the invite; of a server that
 * is hosted here one line for each of its addresses. '' stands for no group and no invite.
 */
export function sharedLines(state: ClientState, group: string, invite = ''): readonly string[] {
  const key = state.serverKey
  const addresses = state.share.map((line) => line.split(' ').at(-1) ?? '')
  const places = isHostedHere(state) ? addresses : [state.address]
  return places.flatMap((place) => {
    const address = addressOf(place)
    return address === undefined ? [] : [`${COMMAND} ${shareLine(address, group, key, invite)}`]
  })
}

/** Whether the line leads nowhere from other computers. */
export function isForHereOnly(state: ClientState): boolean {
  const parsed = isHostedHere(state) ? undefined : addressOf(state.address)
  return parsed !== undefined && (parsed.host === 'localhost' || isLoopback(parsed.host))
}

/** Others can be shown the way to this server, which is hosted here. */
export function isHostedHere(state: ClientState): boolean {
  return state.share.length > 0 && isAtHosted(state)
}

/** Whether this server is the one that is hosted here: one may host and be connected elsewhere. */
export function isAtHosted({ serverKey, hostKey }: ClientState): boolean {
  return hostKey !== undefined && serverKey === hostKey
}

/** Runs also where tchat is not installed. */
const COMMAND = 'npx tchat connect'

function addressOf(text: string) {
  try {
    return looksLikeShareLine(text) ? parseShareLine(text).address : parseAddress(text)
  } catch {
    // A server that nobody is connected to has none.
    return undefined
  }
}
