import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

const home = new TestHome()

function chinese(): Record<string, string> {
  return { ...home.env, LANG: 'zh_CN.UTF-8' }
}

async function begun(args: readonly string[], env: Record<string, string>): Promise<string> {
  const screen = new Pty(process.execPath, [PROGRAM, ...args], { env })
  await screen.waitFor(/Connect to…|连接到…/)
  const { text } = screen
  screen.type('q')
  expect(await screen.exited).toMatchObject({ exitCode: 0 })
  return text
}

test('a terminal whose locale is Chinese is spoken to in Chinese', async () => {
  const text = await begun([], chinese())
  expect(text).toContain('↑↓ 选择 · Enter 确定 · q 退出')
  expect(text).not.toContain('Connect')
})

test('--lang zh speaks Chinese in any locale, --lang en English', async () => {
  expect(await begun(['--lang', 'zh'], { ...home.env, LANG: 'C.UTF-8' })).toContain('在本机启动')
  expect(await begun(['--lang', 'en'], chinese())).toContain('Host here')
})

test('the configuration file comes before the locale', async () => {
  mkdirSync(home.path('.config/tchat'), { recursive: true })
  writeFileSync(home.path('.config/tchat/config.toml'), '[look]\nlanguage = "en"\n')
  expect(await begun([], chinese())).toContain('Host here')
  writeFileSync(home.path('.config/tchat/config.toml'), '[look]\nlanguage = "zh"\n')
  expect(await begun([], home.env)).toContain('在本机启动')
})

test('tchat keys tells in Chinese what a key does', async () => {
  const screen = new Pty(process.execPath, [PROGRAM, 'keys'], { env: chinese() })
  await screen.waitFor('请按键')
  screen.type('\x0b')
  await screen.waitFor('跳转到人或群组')
  screen.type('q')
  expect(await screen.exited).toMatchObject({ exitCode: 0 })
})
