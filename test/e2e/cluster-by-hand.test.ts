import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import { CLUSTER_LACKS } from '../support/cluster-crowd.ts'
import { Program, run } from '../support/program.ts'
import { TestHome } from '../support/test-home.ts'

const LOCAL = fileURLToPath(new URL('../../deploy/cluster/local.ts', import.meta.url))
const home = new TestHome()

test('a cluster to try says how it is reached, and nothing of it is left after Ctrl-C', async ({
  skip,
}) => {
  skip(!LocalCluster.isPossible, CLUSTER_LACKS)
  const local = new Program([], home.env, LOCAL)
  const end = () => {
    local.kill('SIGINT')
    return local.ended
  }
  home.keep({ close: end })
  await local.waitFor(/Ctrl-C ends and removes all of it/)
  const place = (wanted: RegExp) => wanted.exec(local.stdout)?.[1] ?? ''
  const folder = place(/^All of it is in (\S+)$/m)
  expect(local.stdout).toMatch(/^Store {2}postgres:\/\/\S+$/m)
  expect(local.stdout).toMatch(/^Bus {4}nats:\/\/127\.0\.0\.1:\d+$/m)
  const [, ...admin] = place(/^To look after it: +node (.*)$/m).split(' ')
  // It is the node that is asked, also where the variable names its database.
  const env = { ...home.env, TCHAT_STORE: place(/^Store {2}(\S+)$/m) }
  const status = async () => (await run([...admin, '--json'], env)).stdout
  await expect.poll(status).toContain('"nodes":3')
  const beside = [...admin.slice(0, -1), home.path('of-no-node'), '--json']
  expect((await run(beside, env)).stdout).toContain('"online":"unknown"')
  const postmaster = Number(
    readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
  )
  expect(await end()).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(folder)).toBe(false)
  await expect.poll(() => stateOf(postmaster)).toMatch(/^(Z.*)?$/)
})

test('what it does not know starts nothing', async () => {
  expect(await run(['--nodes', '5'], home.env, LOCAL)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no '--nodes' here\.\n\nUsage: node deploy/),
  })
})

/** Nothing: there is no such process; Z: it has ended. */
function stateOf(pid: number): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout.trim()
}
