import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A person's home folder that exists for one test, and the environment of programs run there. */
export class Home implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tchat-home-'))

  /** Nothing of the machine's own settings, and no `CI`: Ink would write nothing. */
  get env(): Record<string, string> {
    return {
      HOME: this.folder,
      PATH: process.env['PATH'] ?? '',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      USER: 'someone',
    }
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
