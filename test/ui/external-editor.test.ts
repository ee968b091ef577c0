import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { defaults } from '../../src/ui/configuration/options.ts'
import { PATIENCE } from '../support/patience.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SIZE = { columns: 80, rows: 24 }
const CTRL_X = '\x18'
const CTRL_Y = '\x19'

/** A chat whose editor is this shell script; `$1` is the file. */
async function chat(script: string, more: Readonly<{ configured?: string }> = {}) {
  const folder = temporaryFolder()
  const editor = join(folder, 'editor')
  writeFileSync(editor, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', person('bob'))
  world.say(lobby, ME, 1, 'my own words')
  const { configured = '' } = more
  const compose = { ...defaults.compose, editor: configured }
  const notify = { ...defaults.notify, groups: 'all' } as const
  const configuration = { ...defaults, compose, notify }
  const env = { USER: 'me', EDITOR: configured === '' ? `${editor} --wait` : 'false' }
  const screen = Screen.open(SIZE, { env, configuration }, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('type a message')
  return { screen, world, lobby, folder, said: () => world.said.map(({ text }) => text) }
}

/** The file is the last argument. */
const FILE = 'for file; do :; done'

describe('the own editor', () => {
  test('gets the draft in a private file, and what it makes of it comes back', async () => {
    const folder = temporaryFolder()
    const seen = join(folder, 'seen')
    const { screen, said } = await chat(
      `${FILE}; stat -c %a "$file" "$(dirname "$file")" >${seen}; cat "$file" >>${seen}; printf '第二行\\n' >>"$file"`,
    )
    screen.type('first ')
    screen.type(`${CTRL_X}e`)
    await screen.waitFor('> first 第二行')
    expect(readFileSync(seen, 'utf8')).toBe('600\n700\nfirst ')
    expect(screen.cursor?.x).toBe(2 + 6 + 6)
    screen.type('\r')
    await vi.waitFor(() => expect(said()).toEqual(['first 第二行']), PATIENCE)
  })

  test('is the one of the configuration before that of the environment', async () => {
    const folder = temporaryFolder()
    const editor = join(folder, 'mine')
    writeFileSync(editor, '#!/bin/sh\necho configured >"$1"\n', { mode: 0o700 })
    const { screen } = await chat('exit 1', { configured: editor })
    screen.type('/editor\r')
    await screen.waitFor('> configured')
  })

  test('keeps the edit that it was called in, and undo gives back the text of before', async () => {
    const { screen } = await chat(`${FILE}; echo better >"$file"`)
    screen.type('/edit\r')
    await screen.waitFor('editing you: my own words')
    screen.type(`${CTRL_X}e`)
    await screen.waitFor('> better')
    expect(screen.text).toContain('editing you: my own words')
    screen.type('\x1f')
    await screen.waitFor('> my own words')
  })

  test('fails in one notice: the text stays, and what it saved can be put in', async () => {
    const { screen } = await chat(`${FILE}; echo half >"$file"; exit 3`)
    screen.type('precious')
    screen.type(`${CTRL_X}e`)
    await screen.waitFor('ended with code 3. Your text is as it was; Ctrl-Y puts in')
    expect(screen.text).toContain('> precious')
    screen.type(CTRL_Y)
    await screen.waitFor('> precioushalf')
  })

  test('that is not there is named', async () => {
    const { screen } = await chat('', { configured: '/nowhere/ed' })
    screen.type('precious')
    screen.type(`${CTRL_X}e`)
    await screen.waitFor('The editor (/nowhere/ed) failed: there is no such program.')
    expect(screen.text).toContain('> precious')
  })

  test('is in nobody’s way: what is said meanwhile comes, and is not read', async () => {
    const folder = temporaryFolder()
    const go = join(folder, 'go')
    const { screen, world, lobby } = await chat(
      `${FILE}; n=0; until [ -e ${go} ] || [ $n = 400 ]; do n=$((n+1)); sleep 0.02; done; echo done >"$file"`,
    )
    screen.type(`${CTRL_X}e`)
    await vi.waitFor(() => expect(screen.isAlternate).toBe(false), PATIENCE)
    const marked = world.askedOf('mark').length
    const { written } = screen
    world.say(lobby, person('bob'), 5, 'while you write')
    // The bell: nobody looks at the chat.
    await vi.waitFor(() => expect(screen.written).toBeGreaterThan(written), PATIENCE)
    expect(world.askedOf('mark').length).toBe(marked)
    writeFileSync(go, '')
    await screen.waitFor('> done')
    expect(screen.text).toContain('while you write')
    // Only now that it is seen.
    await vi.waitFor(() => expect(world.askedOf('mark').length).toBe(marked + 1), PATIENCE)
  })

  test('what it makes too long is named', async () => {
    const { screen } = await chat(`${FILE}; head -c 9000 /dev/zero | tr '\\0' x >"$file"`)
    screen.type(`${CTRL_X}e`)
    await screen.waitFor('The text makes 8.8 KB, a message holds 8 KB: Enter asks how')
  })

  test('takes a long paste, too', async () => {
    const { screen } = await chat(`${FILE}; sed -i 's/one/two/' "$file"`)
    screen.type(`\x1b[200~${Array(30).fill('one').join('\n')}\x1b[201~`)
    await screen.waitFor('Paste 30 lines')
    screen.type('e')
    await screen.waitFor((now) => now.rows.filter((row) => row.trim() === 'two').length > 3)
  })

  test('leaves no file', async () => {
    const folder = temporaryFolder()
    const name = join(folder, 'name')
    const { screen } = await chat(`${FILE}; echo "$file" >${name}; echo text >"$file"`)
    screen.type(`${CTRL_X}e`)
    await screen.waitFor('> text')
    const file = readFileSync(name, 'utf8').trim()
    expect(file.startsWith(tmpdir())).toBe(true)
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })
})
