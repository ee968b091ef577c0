import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { IrcServer } from './irc-server.ts'
import type { SeatSize } from './seat.ts'
import { TerminalWindow } from './terminal-window.ts'

/** Whether there is a weechat with a screen on this machine; weechat-headless has none. */
export function hasWeechat(): boolean {
  return weechatPath() !== undefined
}

function weechatPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'weechat')).find((path) => existsSync(path))
}

/** weechat as installed, without its log files, in the channel of a server of our own. */
export class Weechat {
  readonly window: TerminalWindow
  readonly server: IrcServer
  #folder: string

  private constructor(window: TerminalWindow, server: IrcServer, folder: string) {
    this.window = window
    this.server = server
    this.#folder = folder
  }

  static async start(size: SeatSize): Promise<Weechat> {
    const server = await IrcServer.listen()
    const folder = mkdtempSync(join(tmpdir(), 'tchat-weechat-'))
    const commands = [
      '/plugin unload logger',
      `/server add bench 127.0.0.1/${server.port}`,
      '/set irc.server.bench.nicks me',
      '/set irc.server.bench.autojoin "#lobby"',
      // 'ssl' until 3.8, 'tls' since: the other one is said not to exist.
      '/set irc.server.bench.ssl off',
      '/set irc.server.bench.tls off',
      '/connect bench',
    ]
    const arguments_ = commands.flatMap((command) => ['-r', command])
    const env = {
      HOME: folder,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      PATH: process.env['PATH'] ?? '',
    }
    const line = [weechatPath() ?? 'weechat', '-d', folder, ...arguments_]
    const window = new TerminalWindow(line, size, env)
    await server.joined()
    return new Weechat(window, server, folder)
  }

  async stop(): Promise<void> {
    await this.window.close()
    await this.server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
