import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ClientTask } from './task.ts'

const MAIN = fileURLToPath(new URL('./task-main.ts', import.meta.url))

/** The numbers that a task in a process of its own answers. */
export function runTask(task: ClientTask): Promise<readonly number[]> {
  const child = fork(MAIN, [JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the ${task.kind} task ended`)))
    child.once('message', (numbers) => {
      resolve(numbers as readonly number[])
      child.kill()
    })
  })
}

/** What runs it at a terminal. */
export function taskCommand(task: ClientTask): readonly string[] {
  return [process.execPath, MAIN, JSON.stringify(task)]
}
