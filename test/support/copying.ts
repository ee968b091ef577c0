import { copyFolder } from '../../src/server/admin/folder.ts'

/**
 * A process that copies a data folder into a database, a few rows at a time, until it is killed:
 * for each of its steps it prints a line. Arguments: the folder, the database.
 */
const [folder = '', url = ''] = process.argv.slice(2)

await copyFolder(folder, {
  url,
  batchRows: 20,
  onProgress: ({ step, table, rows }) => process.stdout.write(`${step} ${table} ${rows}\n`),
})
process.stdout.write('done\n')
