/** Where the bus is, and how one gets in. */
export type NatsPlace = Readonly<{
  /** As `host:port`. */
  servers: readonly string[]
  tls: boolean
  user: string | undefined
  password: string | undefined
  token: string | undefined
  /** Nodes of one server share it; what else uses the same bus has another. */
  space: string
}>

const DEFAULT_PORT = 4222
const DEFAULT_SPACE = 'tchat'

/**
 * `nats://[USER:PASSWORD@|TOKEN@]HOST[:PORT][,…][/SPACE]`, or `tls://…`: one place, or several of one
 * cluster with commas between, each with a scheme of its own or without. Who is asked for a user is
 * told that of the first.
 * @throws RangeError that says what is wrong
 */
export function natsPlace(text: string): NatsPlace {
  const urls = text.split(',').map((part) => urlOf(part.trim(), text))
  const [first] = urls
  if (first === undefined) throw new RangeError('no server is named')
  const space = urls.map(({ pathname }) => pathname.replace(/^\//, '')).find((path) => path !== '')
  if (space !== undefined && !/^[\w-]{1,64}$/.test(space)) {
    throw new RangeError(`'/${space}' is no name for a part of the bus: letters, digits, - and _`)
  }
  const [user, password] = [first.username, first.password].map(decodeURIComponent)
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`),
    tls: first.protocol === 'tls:',
    user: password === '' ? undefined : user,
    password: password === '' ? undefined : password,
    token: password === '' && user !== '' ? user : undefined,
    space: space ?? DEFAULT_SPACE,
  }
}

/** What may be said of it: without password or token. */
export function placeText({ servers, tls }: NatsPlace): string {
  return `${tls ? 'tls' : 'nats'}://${servers.join(',')}`
}

function urlOf(part: string, whole: string): URL {
  const [, scheme = 'nats'] = /^(\w+):\/\//.exec(part) ?? /^(\w+):\/\//.exec(whole) ?? []
  if (scheme !== 'nats' && scheme !== 'tls') throw new RangeError(`'${scheme}://' is not nats://`)
  const url = URL.parse(part.includes('://') ? part : `${scheme}://${part}`)
  if (url === null || url.hostname === '') throw new RangeError('a host is missing')
  return url
}
