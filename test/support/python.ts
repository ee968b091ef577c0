import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const PROTOBUF = ['-c', 'import google.protobuf']
/** A Python that has the protobuf module: the system's, when another one comes first. */
const python = ['python3', '/usr/bin/python3'].find((each) => {
  return spawnSync(each, PROTOBUF).status === 0
})
/** Whether there is all that the example in Python needs. */
export const pythonIsHere = python !== undefined && spawnSync('protoc', ['--version']).status === 0
export const PYTHON_LACKS =
  'needs protoc and Python’s protobuf (Debian: protobuf-compiler, python3-protobuf): see .ci/run'

/** A folder with the module that protoc makes of docs/tchat.proto. */
export function protocolModule(): string {
  const folder = temporaryFolder()
  const { status, stderr } = spawnSync('protoc', [
    '--proto_path=docs',
    `--python_out=${folder}`,
    'docs/tchat.proto',
  ])
  expect(`${status} ${stderr}`).toBe('0 ')
  return folder
}

export type Told = Readonly<Record<string, unknown>>

/** A program in Python that tells lines of JSON; its lines are taken one after the other. */
export class PythonProgram {
  #child: ChildProcessWithoutNullStreams
  #lines: AsyncIterator<string>
  #ended: Promise<number | null>
  errors = ''

  constructor(module: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(python ?? 'python3', args, {
      env: {
        ...process.env,
        PYTHONPATH: `${module}:examples/python`,
        PYTHONDONTWRITEBYTECODE: '1',
        ...env,
      },
    })
    onTestFinished(() => {
      this.#child.kill('SIGKILL')
    })
    this.#child.stderr.on('data', (data) => {
      this.errors += data
    })
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve))
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  say(line: string | Buffer): void {
    this.#child.stdin.write(Buffer.concat([Buffer.from(line), Buffer.from('\n')]))
  }

  /** The next line. @throws when there is none any more */
  async next(): Promise<Told> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`it ended: ${this.errors}`)
    return JSON.parse(value)
  }

  /** The next line that has this name in it; those before it are passed over. */
  async told(name: string): Promise<Told> {
    for (;;) {
      const one = await this.next()
      if (name in one) return one
    }
  }

  /** Ends its input; its exit code. */
  end(): Promise<number | null> {
    this.#child.stdin.end()
    return this.#ended
  }

  kill(): Promise<number | null> {
    this.#child.kill('SIGKILL')
    return this.#ended
  }
}
