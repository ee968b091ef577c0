import { expect, test } from 'vitest'
import { YOUNG_BYTES_MAX, YoungSpace } from '../../src/ui/young-space.ts'

test('what is made just now gets no more room than is of use, and as much again after a rest', () => {
  const flags: string[] = []
  let youngBytes = 0
  const space = new YoungSpace({
    youngBytes: () => youngBytes,
    setFlag: (flag) => flags.push(flag),
  })
  const sizes = [YOUNG_BYTES_MAX / 2, YOUNG_BYTES_MAX, 2 * YOUNG_BYTES_MAX, YOUNG_BYTES_MAX / 8, 0]
  for (const [at, size] of sizes.entries()) {
    youngBytes = size
    space.look(at * 1_000)
  }
  expect(flags).toEqual(['--semi-space-growth-factor=1', '--semi-space-growth-factor=2'])
})

test('it is looked at now and then, however much is drawn', () => {
  let looks = 0
  const heap = { youngBytes: () => (looks += 1), setFlag: () => undefined }
  const space = new YoungSpace(heap)
  for (let ms = 0; ms < 1_000; ms++) space.look(ms)
  expect(looks).toBe(4)
})

test('V8 knows its size, and takes what it is told', () => {
  const space = new YoungSpace()
  expect(() => space.look(0)).not.toThrow()
})
