import { expect, test } from 'vitest'
import { folders, type Surroundings } from '../../src/cli/paths.ts'

const linux: Surroundings = { platform: 'linux', home: '/home/ada', env: {} }

test('on Linux files are where the XDG specification has them', () => {
  expect(folders(linux)).toEqual({
    config: '/home/ada/.config/tchat',
    state: '/home/ada/.local/state/tchat',
    server: '/home/ada/.local/share/tchat/server',
  })
})

test('the XDG variables win, on every platform', () => {
  const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_DATA_HOME: '/d' }
  const wanted = { config: '/c/tchat', state: '/s/tchat', server: '/d/tchat/server' }
  expect(folders({ ...linux, env })).toEqual(wanted)
  expect(folders({ ...linux, platform: 'darwin', env })).toEqual(wanted)
})

test('a relative XDG folder is ignored, as its specification asks', () => {
  expect(folders({ ...linux, env: { XDG_STATE_HOME: 'state' } })).toEqual(folders(linux))
})

test('on macOS files are in Application Support', () => {
  const mac = folders({ platform: 'darwin', home: '/Users/ada', env: {} })
  expect(mac.server).toBe('/Users/ada/Library/Application Support/tchat/data/server')
})

test('on Windows configuration roams, the rest is local', () => {
  const env = { APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' }
  expect(folders({ platform: 'win32', home: 'C:\\Users\\ada', env })).toEqual({
    config: 'C:\\R\\tchat',
    state: 'C:\\L\\tchat\\state',
    server: 'C:\\L\\tchat\\data\\server',
  })
})
