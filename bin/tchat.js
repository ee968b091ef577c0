#!/usr/bin/env node
// Read by any Node that has modules, however old: nothing here may be newer than its syntax.
import { existsSync, readFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const program = new URL('dist/program/cli-main.js', root)
const needed = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).engines.node

const refusal = whyNot()
if (refusal === '') {
  import(program.href).then((main) => main.main(process.argv.slice(2)), fail)
} else {
  fail(new Error(refusal))
}

function whyNot() {
  if (!existsSync(program)) return 'is not built yet: run `npm ci` (or `npm run build`) first'
  if (isEnough(process.versions.node)) return ''
  const own = existsSync(new URL('node_modules/node', root)) ? '; `npx tchat` brings its own' : ''
  return `needs Node.js ${needed}, this is ${process.versions.node} (${process.execPath})${own}`
}

function isEnough(version) {
  const wanted = numbers(needed)
  const present = numbers(version)
  return present[0] > wanted[0] || (present[0] === wanted[0] && present[1] >= wanted[1])
}

function numbers(version) {
  return version.replace(/^\D+/, '').split('.').map(Number)
}

function fail(error) {
  process.stderr.write(`tchat: ${error.message}\n`)
  process.exitCode = 1
}
