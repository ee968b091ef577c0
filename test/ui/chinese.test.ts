import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import type { Member } from '../../src/protocol/messages.ts'
import { textWidth } from '../../src/ui/text/width.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZES = [
  { columns: 50, rows: 20 },
  { columns: 60, rows: 16 },
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
]
const LARGE = { columns: 80, rows: 24 }
const [ALICE, MING] = [person('alice'), person('小明')]
const env = { LANG: 'zh_CN.UTF-8' }
const ESC = '\x1b'
const CTRL_K = '\x0b'
const CTRL_U = '\x15'
const CTRL_X = '\x18'
const UP = '\x1b[A'

/** #大厅 is open, mine, with two others in it. */
async function office(
  size = LARGE,
): Promise<Readonly<{ world: ScriptedWorld; screen: Screen; hall: string }>> {
  const world = new ScriptedWorld()
  const hall = world.group('大厅', ALICE, MING)
  world.changeHead(hall, { role: 'owner', topic: '十点发布' })
  const member = (user: typeof ALICE): Member => ({
    user,
    role: user === ME ? 'owner' : 'member',
    online: true,
    status: user === MING ? 'busy' : 'available',
    classic: false,
  })
  world.members.set(hall, [ME, ALICE, MING].map(member))
  world.say(world.direct(MING), MING, 11, '在吗')
  world.say(hall, MING, 12, '早上好')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const options = { env, start: { address: 'office:8000' } }
  const screen = Screen.open(size, options, { connector: world, now: () => NINE })
  await screen.waitFor('早上好')
  // One column has no room for a header.
  if (size.columns > 50) await screen.waitFor('3/3 在线')
  return { world, screen, hall }
}

test('the chat is in Chinese', async () => {
  const { world, screen, hall } = await office()
  world.waits({ kind: 'group', id: hall }, '离线时写的', 40)
  world.waits({ kind: 'group', id: hall }, '太快了', 41, 'too much at once; try again later')
  await screen.waitFor('◷')
  await screen.waitFor('操作太频繁')
  const empty = '                    │'
  expect(screen.rows).toEqual([
    ' tchat  me@office:8000  ● 在线 12ms  发件箱 1  ✗ 被拒 1          未读 1   ? 帮助',
    '联系人 1      未读 1│#大厅 · 3/3 在线 · 十点发布',
    '◐ 小明             1│──────────────────── #大厅 从这里开始 ────────────────────',
    '                    │─────────────────── 2026年11月21日周六 ───────────────────',
    '群组 1              │─────────────────────── 1 条新消息 ───────────────────────',
    '▸ #大厅     ✗ 被拒 1│09:12 小明      早上好',
    '                    │09:40 你      ◷ 离线时写的',
    '                    │09:41 你      ✗ 太快了',
    '                    │                未发送：操作太频繁，请稍后再试。/retry 重',
    '                    │                发，/discard 放弃',
    ...Array.from({ length: 8 }, () => empty),
    'n 新建 J 加入 a 添加│',
    '────────────────────┴───────────────────────────────────────────────────────────',
    '> 输入消息、/命令 或 @名字',
    '',
    '────────────────────────────────────────────────────────────────────────────────',
    ' Enter 发送 · Alt-Enter 换行 · Ctrl-K 跳转 · Alt-A 下个未读 · Ctrl-X 菜单',
  ])
})

/** How it is opened, what it says, what its last row says. */
const WINDOWS: readonly (readonly [string, string, RegExp])[] = [
  ['/help\r', '按键和命令', /滚动 · Home\/End · Esc 关闭/],
  [CTRL_X, 'Ctrl-X，然后按…', /Esc 关闭/],
  [CTRL_K, '跳转到', /Enter 跳转 · Esc 关闭/],
  ['/create\r', '首批成员', /Enter 创建 · Esc 关闭/],
  ['/join\r', '加入群组', /Enter 加入 · Esc 关闭/],
  ['/add\r', '添加联系人', /Enter 添加 · Esc 关闭/],
  ['/members\r', '#大厅 的成员', /x 移出 · b 封禁 · o A u 身份 · Esc/],
  ['/group\r', '3 人，3 人在线 · 你是群主', /Enter 执行 · Esc 关闭/],
  ['/topic\r', '只能有一行；留空则清除。', /Enter 执行 · Esc 关闭/],
  ['/rename\r', '成员、消息和邀请都会保留。', /Enter 执行 · Esc 关闭/],
  ['/add-member\r', '多个名字用空格分隔。', /Enter 执行 · Esc 关闭/],
  ['/delete-group\r', '请输入群组名以确认。', /Enter 执行 · Esc 关闭/],
  ['/password\r', '至少 8 个字符。', /Enter 执行 · Esc 关闭/],
  ['/delete-account\r', '注销账号', /Enter 执行 · Esc 关闭/],
  ['/search 早\r', '搜索 #大厅', /Enter 跳转 · Ctrl-F .* · Esc 关闭/],
  ['/settings\r', 'me 的账号', /Enter 执行 · Esc 关闭|此服务器不支持这项操作/],
  ['/leave\r', '退出 #大厅？', /Enter 确定 · Esc 关闭/],
  ['/whois 小明\r', '共同群组：#大厅', /Esc 关闭/],
  ['/sessions\r', '已登录的设备', /X 其他全部下线 · Esc 关闭/],
  ['/bans\r', '#大厅 的封禁名单', /x 解除封禁 · Esc 关闭/],
  ['/invites\r', '#大厅 的邀请', /x 撤销 · Esc 关闭/],
]

test.each(SIZES)('every window fits: $columns x $rows', async (size) => {
  const { screen } = await office(size)
  for (const [keys, says, last] of WINDOWS) {
    screen.type(keys)
    await screen.waitFor(says)
    await screen.waitFor(last)
    expectWhole(screen, size)
    screen.type(ESC)
    await screen.waitFor('早上好')
    screen.type(CTRL_U)
    await screen.waitFor('输入消息')
  }
})

/** Nothing of the interface is cut, wider than the screen, or left in English. */
function expectWhole({ rows }: Screen, { columns }: Readonly<{ columns: number }>): void {
  expect(rows.filter((row) => textWidth(row) > columns)).toEqual([])
  // Of the hints in the last row those that there is room for are shown.
  expect(rows.slice(0, -1).filter((row) => CUT.test(row))).toEqual([])
  expect(rows.filter((row) => ENGLISH.test(row))).toEqual([])
}

/** Cut short; these go on by themselves. */
const CUT = /(?<!正在\p{Script=Han}*|然后按|连接到|首批成员|名字|:\/\/)…\s*(?:│|$)/u

/** Words that no key, command, name or address is made of. */
const ENGLISH =
  /(?<![/\w@#:~-])(?:the|of|and|to|for|is|are|you|your|new|open|close|choose|send|write|member|members|group|message|messages|search|online|offline|with|not|what)(?![\w/:])/

test.each(SIZES)('what keys do fits while one reads back: $columns x $rows', async (size) => {
  const { screen } = await office(size)
  screen.type(ESC)
  await screen.waitFor('正在翻看')
  expectWhole(screen, size)
  screen.type(UP)
  screen.type('i')
  await screen.waitFor('消息详情')
  expectWhole(screen, size)
  screen.type(ESC)
  await screen.waitFor(({ text }) => !text.includes('消息详情'))
  screen.type('d')
  await screen.waitFor('为所有人删除这条消息？')
  expectWhole(screen, size)
  screen.type(ESC)
  await screen.waitFor(({ text }) => !text.includes('删除这条'))
  screen.type('+')
  await screen.waitFor('输入表情或')
  expectWhole(screen, size)
})

test.each(SIZES)('the way in fits: $columns x $rows', async (size) => {
  const world = new ScriptedWorld()
  const screen = Screen.open(size, { env, start: 'menu' }, { connector: world, now: () => NINE })
  await screen.waitFor('在本机启动')
  await screen.waitFor('↑↓ 选择 · Enter 确定 · q 退出')
  expectWhole(screen, size)
  screen.type('\x1b[B\r')
  await screen.waitFor('连接到服务器')
  await screen.waitFor('Enter 连接 · Esc 返回')
  expectWhole(screen, size)
  screen.type('office:8000\r')
  await screen.waitFor('登录 office:8000')
  await screen.waitFor('Tab 下一项 · Enter 确定 · Esc 返回')
  world.refusals.push(new ChatError('wrongLogin'))
  screen.type('ming\tsecretword\r')
  await screen.waitFor('名字或密码错误。')
  expectWhole(screen, size)
})

test('what goes wrong is said in Chinese, whoever says it', async () => {
  const { world, screen } = await office()
  const refuse = (error: ChatError) => {
    world.answers['addMembers'] = () => {
      throw error
    }
  }
  refuse(new ChatError('unknownUser', 'there is no user 小红'))
  screen.type('/add-member 小红\r')
  await screen.waitFor('没有用户 小红。')
  screen.type(CTRL_U)
  refuse(new ChatError('blocked', '小红 takes nothing from you'))
  screen.type('/add-member 小红\r')
  await screen.waitFor('小红 不接收你的消息。')
  screen.type(CTRL_U)
  refuse(new ChatError('storageFull'))
  screen.type('/add-member 小红\r')
  await screen.waitFor('服务器空间已满。需要服务器管理者腾出空间。')
  screen.type(CTRL_U)
  screen.type('/kick\r')
  await screen.waitFor('用法：/kick 名字')
  screen.type(CTRL_U)
  screen.type('/nosuch\r')
  await screen.waitFor('没有命令 /nosuch')
})

test('of whom the server ends the session is told so in Chinese', async () => {
  const { world, screen } = await office()
  world.emit({ type: 'loggedOut', reason: 'the session was ended elsewhere' })
  await screen.waitFor('此登录已在其他设备上被结束')
})

test('a share line that is cut short is told so in Chinese', async () => {
  const screen = Screen.open(LARGE, { env, start: 'menu' }, { connector: new ScriptedWorld() })
  await screen.waitFor('在本机启动')
  screen.type('\x1b[B\r')
  await screen.waitFor('连接到服务器')
  screen.type('tchat://office//short\r')
  await screen.waitFor('「tchat://office//short」不是分享链接：指纹不是 43 个字符，内容不完整')
})
