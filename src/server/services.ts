import { Jobs } from './admin/jobs.ts'
import type { Bus, Hint, OnHint, OnLost } from './bus/bus.ts'
import { Cursors } from './cursors.ts'
import { Hub } from './hub.ts'
import { defaultRates, LONG_REQUESTS_MAX, type Rates } from './limits.ts'
import type { Log } from './log.ts'
import { LogWatch } from './log-watch.ts'
import { Counts } from './metrics/counts.ts'
import { defaultPasswordCost, type PasswordCost, Passwords } from './passwords.ts'
import { Crowds } from './presence/crowds.ts'
import { Devices } from './presence/devices.ts'
import { Presence } from './presence/presence.ts'
import { ReceiptRounds } from './presence/receipt-rounds.ts'
import { Typing } from './presence/typing.ts'
import { Watching } from './presence/watching.ts'
import { RateLimit } from './rate-limit.ts'
import { Reminders } from './reminders.ts'
import { Shares } from './shares.ts'
import type { Appended, Store } from './store/store.ts'
import { StoreState } from './store-state.ts'
import type { Subscriber } from './subscriber.ts'
import { toldOnce } from './told-once.ts'

/** What handlers work with. One node of a server has one of each. */
export type Services = Readonly<{
  /** This node's id, unique among all. */
  node: string
  store: Store
  storeState: StoreState
  hub: Hub
  presence: Presence
  watching: Watching
  crowds: Crowds
  devices: Devices
  receipts: ReceiptRounds
  typing: Typing
  cursors: Cursors
  passwords: Passwords
  limits: Limits
  shares: Shares
  registration: Registration
  counts: Counts
  /** Of several nodes: heals what hints did not tell; undefined where there is one. */
  logWatch: LogWatch | undefined
  /** Other nodes work on the same store. */
  shared: boolean
  /** What operators asked for and takes long. */
  jobs: Jobs
  /** Who shows it owns the data folder. */
  ownerSecret: (() => Uint8Array) | undefined
  publish: (hint: Hint) => void
  /** Other nodes can be told now, and heard. */
  busIsUp: () => boolean
  /** Milliseconds since 1970, for the times of entries and sessions. */
  now: () => number
  /** Milliseconds, for durations: it never leaps when somebody sets the wall clock. */
  monotonic: () => number
  log: Log
}>

/** Who may make an account: anybody, who has an invite, nobody. */
export type Registration = 'open' | 'invite' | 'closed'

export type OpenServices = Services & Readonly<{ close: () => Promise<void> }>

export type Limits = Readonly<{
  messages: RateLimit
  failedLogInsOfAccount: RateLimit
  failedLogInsFromAddress: RateLimit
  /** What is not given back when it was right. */
  passwordsOfAccount: RateLimit
  /** Apart: wrong passwords from an address do not keep out who comes back from there. */
  badTokensFromAddress: RateLimit
}>

export type ServicesOptions = Readonly<{
  openStore: (
    onAppended: (appended: readonly Appended[]) => void,
    counts: Counts,
    storeState: StoreState,
  ) => Promise<Store>
  node: string
  connectBus: (onHint: OnHint, onLost: OnLost) => Bus | Promise<Bus>
  /** Other nodes work on the same store; by default none do. */
  shared?: boolean
  now: () => number
  monotonic: () => number
  log: Log
  rates?: Partial<Rates>
  /** `open` unless said otherwise. */
  registration?: Registration | undefined
  /** Undefined: nobody can show that they own the data folder. */
  ownerSecret?: (() => Uint8Array) | undefined
  passwordCost?: PasswordCost
}>

/** Everything of a node but its sockets: opens the store, joins the bus, knits them together. */
export async function openServices(options: ServicesOptions): Promise<OpenServices> {
  const { now, monotonic, node, shared = false } = options
  const log = toldOnce(options.log)
  // What others say before all is knitted together concerns nobody here.
  let ready = false
  const onHint = (hint: Hint) => {
    if (!ready) return
    guarded(log, () => hub.onHint(hint))
    guarded(log, () => presence.onHint(hint))
    guarded(log, () => crowds.onHint(hint))
    guarded(log, () => devices.onHint(hint))
    guarded(log, () => receipts.onHint(hint))
    guarded(log, () => typing.onHint(hint))
    guarded(log, () => reminders.onHint(hint))
  }
  const bus = await options.connectBus(onHint, () => ready && logWatch?.trouble())
  const publish = (hint: Hint) => bus.publish(hint)
  const counts = new Counts()
  const storeState = new StoreState()
  const store = await options
    .openStore(
      (appended) => {
        counts.entries += appended.length
        publish({ kind: 'appended', appended })
      },
      counts,
      storeState,
    )
    .catch(async (error: unknown) => {
      await bus.close()
      throw error
    })
  const onDirect = (one: string, other: string) => presence.acquaint(one, other)
  const onLeft = (subscriber: Subscriber, group: string) => {
    presence.left(subscriber, group)
    watching.left(subscriber, group)
    crowds.left(subscriber, group)
  }
  const hub = new Hub({ store, log, onDirect, onLeft })
  const onNodeGone = () => logWatch?.trouble()
  const presence = new Presence({
    ...{ node, hub, store, publish, shared, monotonic, onNodeGone, log },
  })
  const users = () => presence.here
  const watching = new Watching()
  const crowds = new Crowds({ store, hub, presence, monotonic, log })
  const devices = new Devices({ node, hub, presence, publish })
  const receipts = new ReceiptRounds({ hub, watching, store, log })
  const reminders = new Reminders({ store, hub, presence, receipts, now })
  const logWatch = shared ? new LogWatch({ hub, reminders, users, now, monotonic, log }) : undefined
  const typing = new Typing({ hub, watching, publish, monotonic })
  const cursors = new Cursors({ store, publish, monotonic })
  const passwords = new Passwords(options.passwordCost ?? defaultPasswordCost)
  const limits = limitsOf({ ...defaultRates, ...options.rates }, monotonic)
  const close = async () => {
    cursors.close()
    await store.close()
    await bus.close()
  }
  const registration = options.registration ?? 'open'
  const parts = {
    store,
    storeState,
    hub,
    presence,
    cursors,
    passwords,
    limits,
    jobs: new Jobs(),
    counts,
  }
  const { ownerSecret } = options
  const shares = new Shares(LONG_REQUESTS_MAX)
  const told = { watching, crowds, devices, receipts, typing, shares, logWatch, shared }
  ready = true
  const busIsUp = () => bus.isUp
  const clocks = { now, monotonic }
  return {
    node,
    ...parts,
    ...told,
    registration,
    ownerSecret,
    publish,
    busIsUp,
    ...clocks,
    log,
    close,
  }
}

/** A fault there must not end the process, nor keep a hint from others. */
function guarded(log: Log, task: () => void): void {
  try {
    task()
  } catch (error) {
    log.error('a hint was not understood', { error })
  }
}

function limitsOf(rates: Rates, monotonic: () => number): Limits {
  const aMinute = (burst: number) => new RateLimit({ perSecond: burst / 60, burst }, monotonic)
  return {
    messages: new RateLimit(
      { perSecond: rates.messagesPerSecond, burst: rates.messagesBurst },
      monotonic,
    ),
    failedLogInsOfAccount: aMinute(rates.failedLogInsPerAccount),
    failedLogInsFromAddress: aMinute(rates.failedLogInsPerAddress),
    passwordsOfAccount: aMinute(Math.max(rates.passwordsPerAccount, rates.failedLogInsPerAccount)),
    badTokensFromAddress: aMinute(rates.failedLogInsPerAddress),
  }
}
