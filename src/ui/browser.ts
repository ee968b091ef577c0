import { spawn } from 'node:child_process'

/** What became of an address that was to be opened. `none`: there is no browser on this side. */
export type Opened =
  | Readonly<{ state: 'opened' }>
  | Readonly<{ state: 'none' }>
  | Readonly<{ state: 'failed'; program: string; reason: string }>

type Env = Readonly<Record<string, string | undefined>>

/** As long as a program may take to say that it cannot, milliseconds. */
const REFUSAL_MS = 2_000

/**
 * The program and its words that open an address, without a shell; undefined: a browser would open
 * where nobody sees it, over SSH and where there is no desktop.
 */
export function browserFor(
  url: string,
  env: Env,
  platform: NodeJS.Platform,
): readonly [string, ...string[]] | undefined {
  if (!/^https?:\/\/[!-~]+$/.test(url)) return undefined
  if ((env['SSH_CONNECTION'] ?? env['SSH_TTY'] ?? '') !== '') return undefined
  const own = ownBrowser(url, env['BROWSER'] ?? '')
  if (own !== undefined) return own
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  const hasDesktop = (env['WAYLAND_DISPLAY'] ?? env['DISPLAY'] ?? '') !== ''
  return hasDesktop ? ['xdg-open', url] : undefined
}

/** `$BROWSER`: commands with colons between, of which the first counts; %s in it is the address. */
function ownBrowser(url: string, browser: string): readonly [string, ...string[]] | undefined {
  const [program, ...words] = (browser.split(':')[0] ?? '').split(/\s+/).filter((it) => it !== '')
  if (program === undefined) return undefined
  return words.some((word) => word.includes('%s'))
    ? [program, ...words.map((word) => word.replaceAll('%s', () => url))]
    : [program, ...words, url]
}

/** Opens an address of the web, and no other. Never rejects. */
export function openInBrowser(
  url: string,
  env: Env,
  platform: NodeJS.Platform = process.platform,
): Promise<Opened> {
  const command = browserFor(url, env, platform)
  if (command === undefined) return Promise.resolve({ state: 'none' })
  const [program, ...words] = command
  const { promise, resolve } = Promise.withResolvers<Opened>()
  const failed = (reason: string) => resolve({ state: 'failed', program, reason })
  const child = spawn(program, words, { stdio: 'ignore', detached: true, windowsHide: true })
  const timer = setTimeout(() => resolve({ state: 'opened' }), REFUSAL_MS)
  child.on('error', (error) => failed(error.message))
  child.on('exit', (code) =>
    code === 0 ? resolve({ state: 'opened' }) : failed(`exit code ${code}`),
  )
  child.unref()
  return promise.finally(() => clearTimeout(timer))
}
