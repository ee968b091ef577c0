import { expect, test } from 'vitest'
import { shortPath } from '../../../src/ui/text/paths.ts'

const HOME = '/home/a-person-with-a-name'

test.each([
  ['/etc/hosts', '/etc/hosts'],
  [HOME, '~'],
  [`${HOME}/notes`, '~/notes'],
  // Another one's.
  [`${HOME}y/notes`, `${HOME}y/notes`],
  [`${HOME}/.local/state/tchat/outbox/me@office_8000.jsonl`, '~/.local/…/me@office_8000.jsonl'],
  ['/var/lib/somewhere/else/entirely/tchat/outbox', '/var/lib/somewhere/else/…/outbox'],
  [`/${'x'.repeat(80)}/y`, '/…/y'],
  ['', ''],
])('%s in short', (path, short) => {
  expect(shortPath(path, HOME)).toBe(short)
})

test('without a home folder nothing is taken for it', () => {
  expect(shortPath('/root/x', '')).toBe('/root/x')
  expect(shortPath('/root/x', '/')).toBe('/root/x')
})
