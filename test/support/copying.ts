import { copyFolder } from '../../src/server/admin/folder.ts'

/**
 * A process that copies a data folder into a database, a few rows at a time, and prints a line for
 * each of its steps. Arguments: the folder, the database, and at which line it kills itself, by number
 * or beginning: 'now', or 'later', with the next statement under way.
 */
const [folder = '', url = '', end = '', when = 'now'] = process.argv.slice(2)

let lines = 0

function print(line: string): void {
  lines += 1
  process.stdout.write(`${line}\n`)
  if (`${lines}` !== end && (end === '' || !line.startsWith(end))) return
  if (when === 'now') die()
  else setImmediate(die)
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

await copyFolder(folder, {
  url,
  batchRows: 20,
  onProgress: ({ step, table, rows }) => print(`${step} ${table} ${rows}`),
  onCheck: (what) => print(`check ${what}`),
})
print('done')
