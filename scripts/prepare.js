// What npm runs after `npm ci`, and once more when `npx tchat` links a checkout into its cache. That
// link stays broken for good when this fails; so without a compiler (before `npm ci`) there is
// nothing to do here, and bin/tchat.js says what is missing.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (existsSync(new URL('../node_modules/typescript', import.meta.url))) {
  const build = spawnSync('npm run --silent build', { shell: true, stdio: 'inherit' })
  process.exitCode = build.status ?? 1
}
