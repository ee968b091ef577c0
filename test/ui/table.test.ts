import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withValue } from '../../src/ui/state/table.ts'

const key = fc.integer({ min: 0, max: 200 }).map(String)

test('whatever is changed in whichever order, each table is what a copied map would be', () => {
  const steps = fc.array(fc.tuple(fc.nat(), key, fc.nat()), { maxLength: 150 })
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat())), steps, (first, changes) => {
      const maps: ReadonlyMap<string, number>[] = [new Map(first)]
      const tables: ReadonlyMap<string, number>[] = [new Map(first)]
      for (const [from, name, value] of changes) {
        // Any of those there are goes on, so that several come of one.
        const at = from % maps.length
        maps.push(new Map(maps[at]).set(name, value))
        tables.push(withValue(tables[at] ?? new Map(), name, value))
      }
      for (const [at, map] of maps.entries()) {
        const table = tables[at] ?? new Map()
        expect([...table]).toEqual([...map])
        expect([...table.keys()]).toEqual([...map.keys()])
        expect([...table.values()]).toEqual([...map.values()])
        expect(table.size).toBe(map.size)
        for (let number = 0; number <= 200; number++) {
          expect(table.get(`${number}`)).toBe(map.get(`${number}`))
          expect(table.has(`${number}`)).toBe(map.has(`${number}`))
        }
      }
    }),
    { numRuns: 40 },
  )
})
