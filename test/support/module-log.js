// Preloaded (`node --import`): notes every module that the program resolves in the file that
// MODULE_LOG names.
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    appendFileSync(process.env['MODULE_LOG'], `${resolved.url}\n`)
    return resolved
  },
})
