import { createServer, type Socket } from 'node:net'
import { SPEAKERS, saidAt } from './texts.ts'

const CHANNEL = '#lobby'
const NICK = 'me'

/** As much of IRC as a client needs that connects and joins; then it is told what there is to say. */
export class IrcServer {
  readonly port: number
  #close: () => Promise<void>
  #socket: Promise<Socket>
  #said = 0

  private constructor(port: number, socket: Promise<Socket>, close: () => Promise<void>) {
    this.port = port
    this.#socket = socket
    this.#close = close
  }

  static async listen(): Promise<IrcServer> {
    const joined = Promise.withResolvers<Socket>()
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      let rest = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\r\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          answer(socket, line)
          if (line.startsWith('JOIN')) joined.resolve(socket)
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    return new IrcServer(port, joined.promise, async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
  }

  /** Resolves when the client is in the channel. */
  async joined(): Promise<void> {
    await this.#socket
  }

  async say(count: number): Promise<void> {
    const socket = await this.#socket
    let lines = ''
    for (let said = 0; said < count; said++) {
      this.#said += 1
      const { text, speaker } = saidAt(this.#said)
      lines += `:${SPEAKERS[speaker]}!user@host PRIVMSG ${CHANNEL} :${text}\r\n`
    }
    if (lines !== '') socket.write(lines)
  }

  close(): Promise<void> {
    return this.#close()
  }
}

function answer(socket: Socket, line: string): void {
  const [command = '', argument = ''] = line.split(' ')
  socket.write((answers[command]?.(argument) ?? []).map((text) => `${text}\r\n`).join(''))
}

const answers: Readonly<Record<string, (argument: string) => readonly string[]>> = {
  CAP: (what) => (what === 'LS' ? [`:bench CAP ${NICK} LS :`] : []),
  USER: () => [
    `:bench 001 ${NICK} :welcome`,
    `:bench 005 ${NICK} CHANTYPES=# PREFIX=(o)@ NETWORK=bench :are supported`,
    `:bench 422 ${NICK} :no message of the day`,
  ],
  PING: (token) => [`:bench PONG bench ${token}`],
  JOIN: () => [
    `:${NICK}!user@host JOIN ${CHANNEL}`,
    `:bench 353 ${NICK} = ${CHANNEL} :${NICK} ${SPEAKERS.join(' ')}`,
    `:bench 366 ${NICK} ${CHANNEL} :end`,
  ],
}
