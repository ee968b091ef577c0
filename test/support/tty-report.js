// Runs a program at this terminal, notes its process id in a file, and says afterwards how it ended
// and how it left the terminal. node tty-report.js PID_FILE PROGRAM ARGUMENT…
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const [pidFile, program, ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: 'inherit' })
writeFileSync(pidFile, String(child.pid))
// Keys of the terminal are for the program.
process.on('SIGINT', () => {})
child.on('exit', (code, signal) => {
  const settings = spawnSync('stty', ['-a'], { stdio: ['inherit', 'pipe', 'inherit'] })
  const modes = settings.stdout.toString().split(/[\s;]+/)
  const isSane = ['icanon', 'echo', 'isig', 'opost'].every((mode) => modes.includes(mode))
  process.stdout.write(`ended: ${signal ?? code}, terminal ${isSane ? 'sane' : 'not sane'}\n`)
})
