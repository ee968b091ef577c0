import { writeFileSync } from 'node:fs'
import { goldenFile } from './docs/golden.ts'

writeFileSync(new URL('../test/golden/frames.txt', import.meta.url), goldenFile())
