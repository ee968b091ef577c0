import { homedir, platform } from 'node:os'
import { posix, win32 } from 'node:path'

/** Where this person's files are. */
export type Folders = Readonly<{
  /** What a person writes. */
  config: string
  /** What the client remembers: tokens, pins, outbox, drafts; also the log of a hosted server. */
  state: string
  /** The server's data. */
  server: string
}>

export type Surroundings = Readonly<{
  platform: NodeJS.Platform
  home: string
  env: Readonly<Record<string, string | undefined>>
}>

/**
 * The only place that knows where platforms keep such files. The XDG Base Directory variables are
 * followed on every platform when they are set (absolute, as that specification asks); otherwise
 * each platform's own habits.
 */
export function folders(surroundings: Surroundings = here()): Folders {
  const { join, isAbsolute } = surroundings.platform === 'win32' ? win32 : posix
  const usual = usualFolders(surroundings)
  const tchatIn = (variable: string, otherwise: string): string => {
    const wanted = surroundings.env[variable] ?? ''
    return isAbsolute(wanted) ? join(wanted, 'tchat') : otherwise
  }
  return {
    config: tchatIn('XDG_CONFIG_HOME', usual.config),
    state: tchatIn('XDG_STATE_HOME', usual.state),
    server: join(tchatIn('XDG_DATA_HOME', usual.data), 'server'),
  }
}

function here(): Surroundings {
  return { platform: platform(), home: homedir(), env: process.env }
}

function usualFolders(surroundings: Surroundings): { config: string; state: string; data: string } {
  const { home, env } = surroundings
  if (surroundings.platform === 'win32') {
    const roaming = env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming')
    const local = env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local')
    return {
      config: win32.join(roaming, 'tchat'),
      state: win32.join(local, 'tchat', 'state'),
      data: win32.join(local, 'tchat', 'data'),
    }
  }
  if (surroundings.platform === 'darwin') {
    const support = posix.join(home, 'Library', 'Application Support', 'tchat')
    return {
      config: support,
      state: posix.join(support, 'state'),
      data: posix.join(support, 'data'),
    }
  }
  return {
    config: posix.join(home, '.config', 'tchat'),
    state: posix.join(home, '.local', 'state', 'tchat'),
    data: posix.join(home, '.local', 'share', 'tchat'),
  }
}
