import { writeFileSync } from 'node:fs'
import { generated } from './docs/generated.ts'

for (const [path, make] of Object.entries(generated)) {
  writeFileSync(new URL(`../${path}`, import.meta.url), make())
}
