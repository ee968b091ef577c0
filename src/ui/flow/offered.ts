import { formatAddress, parseAddress } from '../../net/address.ts'
import type { ServerProfile } from '../configuration/options.ts'
import type { RecentServer } from '../state/model.ts'

/** The servers of the start screen: those of the configuration first, then the others used last. */
export function offered(
  profiles: readonly ServerProfile[],
  recent: readonly RecentServer[],
): readonly RecentServer[] {
  const named = profiles.map(({ name, address, user }) => {
    const used = recent.find((it) => it.address === whole(address) && isOf(it, user))
    return { address, user: used?.user ?? user, plaintext: used?.plaintext ?? false, name, used }
  })
  const rest = recent.filter((it) => named.every(({ used }) => used !== it))
  return [...named.map(({ used: _, ...server }) => server), ...rest]
}

function isOf(server: RecentServer, user: string): boolean {
  return user === '' || server.user === user
}

function whole(address: string): string {
  return formatAddress(parseAddress(address))
}
