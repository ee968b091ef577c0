import { Crowd } from './crowd.ts'
import { Drain } from './drain.ts'
import { Idle } from './idle.ts'
import { LogIns } from './log-ins.ts'
import { Pairs } from './pairs.ts'
import type { Crew, Report, Task } from './task.ts'

/**
 * The load generator's process: apart from the server's, so that what members cost is not counted as
 * its own. The first message says the task; each further one asks for a round.
 */

const crews: { [K in Task['kind']]: (task: Extract<Task, { kind: K }>) => Crew } = {
  crowd: (task) => new Crowd(task),
  pairs: (task) => new Pairs(task),
  idle: (task) => new Idle(task),
  drain: (task) => new Drain(task),
  logIns: (task) => new LogIns(task),
}

function crewFor(task: Task): Crew {
  return (crews[task.kind] as (task: Task) => Crew)(task)
}

function report(what: Report): void {
  process.send?.(what)
}

process.on('disconnect', () => process.exit())
process.once('message', async (task: Task) => {
  const crew = crewFor(task)
  await crew.enter()
  process.on('message', async () => report({ kind: 'round', ...(await crew.round()) }))
  report({ kind: 'ready' })
})
report({ kind: 'listening' })
