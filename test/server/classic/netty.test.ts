import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { nonce, PASSWORD } from '../../support/server.ts'
import { plainClient, serveHere } from '../../support/sockets.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Where Debian's libnetty-java puts it. */
const JARS = ['buffer', 'codec', 'common', 'handler', 'resolver', 'transport'].map(
  (part) => `/usr/share/java/netty-${part}.jar`,
)
const NETTY = JARS.join(':')
const here = JARS.every((jar) => existsSync(jar)) && spawnSync('javac', ['-version']).status === 0

test('a Netty client with its own frame decoder talks with a client of version 2', async ({
  skip,
}) => {
  skip(!here, 'needs javac and Netty (Debian: default-jdk-headless, libnetty-java): see .ci/run')
  const { port } = await serveHere({ classic: true })
  const ann = await plainClient(port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const client = new NettyClient(compiled(), port)
  client.send('1', { userName: '张三', password: 'pwd' })
  const { userId } = await client.expect('2')
  client.send('7', { userIdList: ['ann'] })
  const { groupId } = await client.expect('8')
  for (let at = 0; at < 100; at += 1) {
    const text = `${at} ${'x'.repeat(at * 80)}`
    await ann.ask({ type: 'sendGroup', group: String(groupId), nonce: nonce(), text })
    expect(await client.expect('16')).toMatchObject({ message: text })
  }
  client.send('3', { toUserId: 'ann', message: '你好' })
  const { entry } = await ann.push('directEntry')
  expect(entry).toMatchObject({ from: userId, text: '你好' })
  client.send('17', {})
  expect(await client.expect('18')).toEqual({})
  client.send('13', { groupId })
  expect(await client.expect('14')).toMatchObject({ success: true })
  client.send('5', {})
  expect(await client.expect('6')).toMatchObject({ success: true })
  expect(await client.end()).toBe(0)
})

/** The folder with the classes. */
function compiled(): string {
  const folder = temporaryFolder()
  const source = 'examples/netty/ClassicClient.java'
  const { status, stderr } = spawnSync('javac', ['-cp', NETTY, '-d', folder, source])
  expect(`${status} ${stderr}`).toBe('0 ')
  return folder
}

class NettyClient {
  #child: ChildProcessWithoutNullStreams
  #lines: AsyncIterator<string>
  #errors = ''

  constructor(classes: string, port: number) {
    const run = ['-cp', `${NETTY}:${classes}`, 'ClassicClient', '127.0.0.1', `${port}`]
    this.#child = spawn('java', ['-Xmx64m', '-XX:TieredStopAtLevel=1', ...run])
    onTestFinished(() => {
      this.#child.kill('SIGKILL')
    })
    this.#child.stderr.on('data', (data) => {
      this.#errors += data
    })
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  send(command: string, fields: Readonly<Record<string, unknown>>): void {
    this.#child.stdin.write(`${command} ${JSON.stringify(fields)}\n`)
  }

  /** The next packet; it is that command. It heartbeats by itself, too. */
  async expect(command: string): Promise<Record<string, unknown>> {
    let line = await this.#next()
    while (command !== '18' && line.startsWith('18 ')) line = await this.#next()
    expect(line.split(' ')[0]).toBe(command)
    return JSON.parse(line.slice(command.length))
  }

  async #next(): Promise<string> {
    return (await this.#lines.next()).value ?? `nothing ${this.#errors}`
  }

  /** Its exit code. */
  async end(): Promise<number | null> {
    this.#child.stdin.end()
    return new Promise((resolve) => this.#child.once('close', resolve))
  }
}
