import { expect, test } from 'vitest'
import { PrivateFileError } from '../../src/net/files/private-file.ts'
import { zh } from '../../src/ui/catalogue/zh.ts'
import { complaintOf } from '../../src/ui/flow/complaint.ts'
import { fileFault, inWords } from '../../src/ui/flow/refusal.ts'
import { lookOf } from '../support/look.ts'

const home = '/home/a-person-with-a-name'
const file = `${home}/.local/state/tchat/outbox/me@office_8000.jsonl`
const full = new PrivateFileError(file, Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))

test('what is wrong with a file is said first, then which it is, in short', () => {
  const said = 'the disk is full: make room (cannot use ~/.local/…/me@office_8000.jsonl)'
  expect(fileFault(full.message, lookOf({ home }))).toBe(said)
  expect(inWords(full, lookOf({ home }))).toBe(`T${said.slice(1)}.`)
  expect(inWords(new Error('nothing of a file'), lookOf({ home }))).toBe('Nothing of a file.')
})

test.each(['EACCES', 'EROFS', 'ENOENT', 'EEXIST', 'EISDIR', 'ENOSPC'])(
  'in Chinese, too: %s',
  (code) => {
    const error = new PrivateFileError('/x', Object.assign(new Error(code), { code }))
    const said = inWords(error, lookOf({ words: zh }))
    expect(said).toMatch(/^\p{Script=Han}.*（无法使用 \/x）。$/u)
    expect(said.replace('/x', '').replace('XDG_STATE_HOME', '')).not.toMatch(/[A-Za-z]/)
  },
)

test('so it is with what is wrong in the configuration', () => {
  const fault = `${home}/.config/somewhere-far-away/tchat/config.toml:3: "drak" is no theme`
  const said = complaintOf({ configurationFaults: [fault] }, lookOf({ home }))
  expect(said).toMatch(/^~\/\.config\/…\/config\.toml:3: "drak" is no theme/)
})
