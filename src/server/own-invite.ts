import { newInviteCode } from './invite-code.ts'
import type { Services } from './services.ts'

/** An invite that nobody has used is given again while it lasts so long, milliseconds. */
const LEFT_MS_MIN = 60 * 60 * 1_000
const LASTS_MS = 24 * 60 * 60 * 1_000
const LISTED = 500

/**
 * For who owns the data folder and hosts from a client: lets one person register. Where anybody may,
 * or nobody, there is none. Starting again and again makes no more of them.
 */
export async function ownInvite(services: Services): Promise<string | undefined> {
  const { store, registration, now } = services
  if (registration !== 'invite') return undefined
  const unused = await unusedInvite(services)
  if (unused !== undefined) return unused
  const time = now()
  const code = newInviteCode()
  const draft = { by: undefined, code, group: '', uses: 1, time, expires: time + LASTS_MS }
  return (await store.createInvite(draft)).code
}

async function unusedInvite({ store, now }: Services): Promise<string | undefined> {
  let after = ''
  do {
    const page = await store.survey({ of: 'invites', user: '', after, limit: LISTED })
    const found = page.items.find(({ by, group, used, uses, expires }) => {
      const lasts = Number(expires) >= now() + LEFT_MS_MIN
      return by === '' && group === '' && used === 0 && uses === 1 && lasts
    })
    if (typeof found?.['code'] === 'string') return found['code']
    after = page.next
  } while (after !== '')
  return undefined
}
