import { defaults } from '../../src/ui/configuration/options.ts'
import type { runUi as RunUi } from '../../src/ui/run.tsx'
import type { FakeTerminal } from './fake-terminal.ts'
import { type Beside, Room } from './room.ts'

export type SeatSize = Readonly<{ columns: number; rows: number }>

/** As built: Node does not load TSX. */
const BUILT = new URL('../../dist/program/ui-run.js', import.meta.url).href

/** The interface in this process, in a room where as much is said as is wanted. */
export class Seat {
  readonly room: Room
  #ended: Promise<number>

  private constructor(room: Room, ended: Promise<number>) {
    this.room = room
    this.#ended = ended
  }

  /** At a fake terminal; resolves once the room is on the screen. */
  static async take(terminal: FakeTerminal, beside: Beside): Promise<Seat> {
    const shown = terminal.written('#lobby')
    const { stdin, stdout } = terminal
    const seat = await Seat.at(
      stdin as unknown as NodeJS.ReadStream,
      stdout as unknown as NodeJS.WriteStream,
      beside,
    )
    await shown
    return seat
  }

  /** At whatever terminal there is; nothing need be drawn yet. */
  static async at(
    stdin: NodeJS.ReadStream,
    stdout: NodeJS.WriteStream,
    beside: Beside,
  ): Promise<Seat> {
    const { runUi } = (await import(BUILT)) as { runUi: typeof RunUi }
    const room = new Room(beside)
    const ended = runUi(
      {
        start: { address: 'bench:8000' },
        host: () => Promise.reject(new Error('nobody hosts here')),
        stateFolder: '/nonexistent',
        version: 'bench',
        stdin,
        stdout,
        env: { USER: 'me' },
        // The room is what is looked at, not a page about it.
        configuration: { ...defaults, notify: { ...defaults.notify, catchUp: false } },
      },
      { connector: room.world, zone: 'UTC', accountName: () => '' },
    )
    return new Seat(room, ended)
  }

  /** The one at the fake terminal. */
  async leave(terminal: FakeTerminal): Promise<void> {
    terminal.stdin.end()
    await this.#ended
  }
}
