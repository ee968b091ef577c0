/**
 * `npm run picture`: takes docs/pictures/ from the real client, in an emulated terminal, against a
 * real server on which a few people talk.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Circumstances, type Person, Stage } from '../test/support/stage.ts'
import { Crowd, type Place } from './picture/crowd.ts'
import { type SchemeName, screenSvg } from './picture/svg.ts'

const FOLDER = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const FULL = { cols: 80, rows: 24 }
const NARROW = { cols: 50, rows: 20 }
const EVERYBODY = ['alice', 'bob', 'carol', 'dave', '李雷']

/** Who looks: their theme and language are those of the picture. */
const dark = inTerminal({ TCHAT_THEME: 'dark' })
const light = inTerminal({ TCHAT_THEME: 'light' })
const chinese = inTerminal({ TCHAT_THEME: 'dark', TCHAT_LANG: 'zh' })

async function takePictures(): Promise<void> {
  await using stage = await Stage.open()
  const crowd = new Crowd(stage.relay.port)
  for (const name of EVERYBODY) await crowd.arrives(name)
  const me = await stage.newcomer('you', dark)
  const here = await talk(crowd, me)
  await crowd.writes('carol', here)
  await me.sees('carol is writing')
  picture('dark', me, FULL, 'dark')
  me.screen.resize(NARROW.cols, NARROW.rows)
  await crowd.writes('carol', here)
  await me.screen.waitFor(({ rows }) => /▾/.test(rows[0] ?? '') && rows.length === NARROW.rows)
  await me.sees('carol is writing')
  picture('one-pane', me, NARROW, 'dark')

  await comesBack(me, light)
  await me.sees('5/6 online')
  // The server tells nobody twice within seconds.
  await crowd.writes('bob', here)
  await me.sees('bob is writing')
  picture('light', me, FULL, 'light')

  await comesBack(me, chinese)
  await me.sees('#发布')
  me.screen.type('/goto 发布\r')
  await me.sees(/4 在线[\s\S]*✓✓✓ 文档[\s\S]*辛苦了/)
  picture('chinese', me, FULL, 'dark')

  await me.quit()
  await talkMeanwhile(crowd)
  me.start(dark)
  await me.sees(/new in \d conversations/)
  await me.sees(/night was quiet[\s\S]*lunch at one/)
  picture('catch-up', me, FULL, 'dark')
  await crowd.close()
}

/** In #lobby, and what is unread elsewhere. Answers the last of what was said in #lobby. */
async function talk(crowd: Crowd, me: Person): Promise<Place> {
  await crowd.says('alice', '#lobby', 'morning all')
  const deploy = await crowd.says('alice', '#lobby', 'deploy is at 10, see https://ci.example/42')
  await crowd.says('bob', '#lobby', 'on it 👍', deploy)
  await crowd.says('李雷', '#lobby', '早上好！日本語 and emoji 👩‍👩‍👧 keep the columns straight')
  const cake = await crowd.says('carol', '#lobby', 'who brings the cake for Friday?')
  for (const name of ['alice', 'bob']) await crowd.reacts(name, cake, '🎂')
  await crowd.reacts('李雷', cake, '❤️')
  await elsewhere(crowd, me)
  await me.goTo('lobby')
  await me.say('I do: carrot, with walnuts')
  await me.sees(/✓ I do: carrot/)
  await crowd.read(cake, EVERYBODY)
  await me.sees(/✓✓✓ I do: carrot/)
  await crowd.says('alice', '#lobby', '@you 好的, thank you!')
  await crowd.leaves('dave')
  await me.sees('○ dave')
  const notes = 'notes as always:\n```\ntchat send "#ops" < notes.md\n```'
  const last = await crowd.says('bob', '#lobby', notes)
  await me.say('they are out')
  await me.sees(/✓ they are out/)
  // Until the server has heard what was read.
  await me.screen.waitFor(({ rows }) => rows.some((row) => /#lobby +│/.test(row)))
  return last
}

/** Conversations that are not open: mentions, muted, away. */
async function elsewhere(crowd: Crowd, me: Person): Promise<void> {
  for (const name of ['alice', '李雷', 'dave']) {
    me.screen.type(`/add ${name}\r`)
    await me.sees(`${name} is a contact`)
  }
  await crowd.is('李雷', 'away')
  await crowd.makesGroup('carol', 'ops', ['you', 'alice', 'bob'])
  await crowd.says('carol', '#ops', 'the night was quiet')
  await crowd.makesGroup('李雷', '发布', ['you', 'alice', 'bob'])
  await chineseTalk(crowd, me)
  await crowd.says('bob', '#ops', '@you could you look at the disk of db-2?')
  await crowd.says('bob', 'you', 'lunch at one?')
  await me.sees('@1')
}

async function chineseTalk(crowd: Crowd, me: Person): Promise<void> {
  await crowd.says('李雷', '#发布', '大家早上好！今天下午三点发布 2.4，请把没合并的改动列一下。')
  const open = await crowd.says('alice', '#发布', '我这边还有一个：搜索的高亮')
  await crowd.says('bob', '#发布', '我来看，十分钟', open)
  await me.sees('#发布')
  await me.goTo('发布')
  await me.say('文档我已经更新了')
  await me.sees(/✓ 文档我已经更新了/)
  await crowd.read(open, ['alice', 'bob', '李雷'])
  const thanks = await crowd.says('李雷', '#发布', '辛苦了！三点见 🎉')
  await crowd.reacts('alice', thanks, '👍')
  await me.sees('辛苦了')
}

async function talkMeanwhile(crowd: Crowd): Promise<void> {
  await crowd.says('alice', '#ops', '@you the tests are red since the last merge')
  for (const text of ['looking', 'it is the clock of the runner', 'fixed, green again']) {
    await crowd.says('bob', '#ops', text)
  }
  await crowd.says('carol', 'you', 'are you coming to the demo?')
  await crowd.says('李雷', 'you', '明天的会议改到十点了')
  for (let count = 1; count <= 18; count++) {
    await crowd.says('alice', '#lobby', `step ${count} of the release is done`)
  }
}

/** Somebody at a terminal of many colours, with nothing configured but that. */
function inTerminal(env: Readonly<Record<string, string>>): Circumstances {
  return { size: FULL, env: { ...env, COLORTERM: 'truecolor' } }
}

async function comesBack(me: Person, circumstances: Circumstances): Promise<void> {
  await me.quit()
  me.start(circumstances)
}

function picture(name: string, { screen }: Person, { cols }: typeof FULL, as: SchemeName): void {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}${name}.svg`, screenSvg(screen.cells, cols, as))
  process.stdout.write(`${name}\n${screen.text}\n\n`)
}

await takePictures()
