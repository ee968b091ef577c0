import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { derivedOperations, readOperations } from '../../scripts/operations.ts'
import { commands, flagText, parseCommandLine } from '../../src/cli/command-line.ts'
import { Counts } from '../../src/server/metrics/counts.ts'
import { metricsOf } from '../../src/server/metrics/metrics.ts'
import { StoreTimings } from '../../src/server/store/upkeep/timings.ts'

test('OPERATIONS.md lists the verbs that there are: npm run docs writes it', () => {
  const text = readOperations()
  expect(text).toBe(derivedOperations(text))
})

test('every flag of a server is explained for who runs one', () => {
  const text = readOperations()
  const hidden = ['hosted', 'host', 'port']
  const flags = commands.serve.flags.filter((flag) => !hidden.includes(flag)).map(flagText)
  expect(flags.filter((flag) => !text.includes(flag))).toEqual([])
})

test('every metric is explained, and there is none that is not', async () => {
  const registry = metricsOf({
    services: { counts: new Counts(), hub: { deliveries: 0 } },
    peers: { size: 0, usersOnline: 0, outboxBytes: 0 },
    listener: { traffic: { received: 0, sent: 0 } },
    timings: new StoreTimings(),
    folder: '',
  })
  const own = registry.getMetricsAsArray().map(({ name }) => name)
  const named = new Set(readOperations().match(/\btchat_[a-z_]+[a-z]\b/g))
  expect([...named].sort()).toEqual(own.filter((name) => name.startsWith('tchat_')).sort())
})

test('the systemd unit starts a server with flags that exist, in the folder it may write to', () => {
  const unit = readFileSync('deploy/tchat.service', 'utf8')
  const [, line = ''] = /^ExecStart=\S+ (.*)$/m.exec(unit) ?? []
  const { command, values } = parseCommandLine(line.split(' '), {})
  expect(command).toBe('serve')
  const [, state = ''] = /^StateDirectory=(\S+)/m.exec(unit) ?? []
  expect(values.data?.text).toBe(`/var/lib/${state}`)
})
