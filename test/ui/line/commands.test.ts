import { describe, expect, test } from 'vitest'
import { lineWords } from '../../../src/ui/catalogue/en-line.ts'
import {
  type ActionName,
  actionNames,
  namedActions,
} from '../../../src/ui/commands/action-names.ts'
import { LineOffice } from '../../support/line-office.ts'
import { PASSWORD } from '../../support/server.ts'

const office = new LineOffice()

/** What is typed for each command in a group of one's own, the answers to its questions, and what comes of it. */
const scenes: Readonly<Partial<Record<ActionName, readonly [readonly string[], RegExp]>>> = {
  goTo: [['/goto'], /^1 .*$/m],
  message: [['/msg bob psst'], /to bob: psst \[\d+\] sent/],
  createGroup: [['/create another'], /You are in #\S*another, 1 member/],
  joinGroup: [['/join'], /^Public groups:\n#lobby \(\d+\), joined$/m],
  leaveGroup: [['/leave'], /^You left #home\S*\.$/m],
  members: [['/names'], /^In #home\S*: /m],
  share: [['/share'], /^npx tchat connect tchat:\/\/127\.0\.0\.1:\d+\/home/m],
  search: [['/search tea'], /^1 found\.\n.*\n.* bob: tea\? https:.*$/m],
  searchAll: [['/search-all tea'], /found\./],
  group: [['/group'], /^Group #home\S*\nTopic {4}none\n.*\nMembers {2}2, [12] online/m],
  topic: [['/topic a topic', '/topic'], /^The topic of #home\S*: a topic$/m],
  renameGroup: [['/rename other-NAME'], /^The group is #other/m],
  addMembers: [['/add-member carl'], /^carl is in #home\S* now\.$/m],
  invite: [['/invite'], /^Whoever pastes this line is let in/m],
  invites: [['/invites'], /^There is no invite that is still good/m],
  removeMember: [['/kick bob'], /^bob is not in #home\S* any more\.$/m],
  ban: [['/ban bob'], /^bob is banned from #home/m],
  unban: [['/unban bob'], /^bob is not banned from #home/m],
  bans: [['/bans'], /^Nobody is banned\.$/m],
  setRole: [['/role bob admin'], /^bob is an admin now\.$/m],
  makePublic: [['/private', '/public'], /^#home\S* is public: anyone may join\.$/m],
  makePrivate: [['/private'], /^#home\S* is by invitation/m],
  deleteGroup: [['/delete-group', 'home-NAME'], /^#home\S* is deleted\.$/m],
  block: [['/block bob'], /^No direct messages from bob now/m],
  unblock: [['/block bob', '/unblock bob'], /^You take direct messages from bob again\.$/m],
  account: [['/settings'], /^Account of \S+\n.*\nOthers see you as online\.$/m],
  sessions: [['/sessions'], /^Your sessions\ntchat .* this one/m],
  password: [
    ['/password', PASSWORD, 'another horse', 'another horse'],
    /^The password is changed/m,
  ],
  deleteAccount: [['/delete-account', 'NAME', PASSWORD], /Your password\?/],
  shareReceipts: [['/show-read off'], /^Others do not see what you have read\.$/m],
  reply: [['/reply certainly'], /you: \(answers \d+\) certainly \[\d+\] sent/],
  editMessage: [['mine', '/edit yours'], /you changed message \d+ to: yours$/m],
  deleteMessage: [['/delete 3'], /^.* you deleted message 3$/m],
  react: [['/react 3 :tada:'], /you put 🎉 to message 3$/m],
  unreact: [['/react 3 tada', '/unreact'], /you took 🎉 back from message 3$/m],
  messageInfo: [['mine', '/info'], /^Message \d+, .* you: mine\nRead by 0 of \d/m],
  openLink: [['/url'], /^https:\/\/example\.org\/$/m],
  me: [['/me waves'], /#home\S* \* you waves \[\d+\] sent/],
  whois: [['/whois bob'], /^bob, id ~/m],
  addContact: [['/add bob'], /^bob is a contact now\.$/m],
  removeContact: [['/add bob', '/remove bob'], /^bob is no contact now/m],
  nextUnread: [['/next'], /^(Nothing is unread\.|You are in .*)$/m],
  catchUp: [['/catch-up'], /^(Nothing is unread\.|\d+ unread in .*)$/m],
  mute: [['/mute'], /^#home\S* is muted/m],
  pin: [['/pin'], /^#home\S* is pinned/m],
  markUnread: [['/mark-unread 3'], /^#home\S* is marked unread\.$/m],
  notifyLevel: [['/notify all'], /^You are told of every message from #home/m],
  away: [['/away'], /^You are away now/m],
  busy: [['/dnd'], /^Do not disturb/m],
  lastConversation: [['/last'], /You are in #lobby[\s\S]*You are in #home[\s\S]*You are in #lobby/],
  nextConversation: [['/forward'], /You are in #home[\s\S]*You are in /],
  previousConversation: [['/back'], /You are in #home[\s\S]*You are in /],
  nthConversation: [['/window 999'], /^There is no conversation 999\.$/m],
  firstUnread: [['/mark-unread 3', '/unread'], /marked unread[\s\S]* bob: tea\?/],
  retry: [['/retry'], /^Nothing was refused here\.$/m],
  discard: [['/discard'], /^Nothing was refused here\.$/m],
  reconnect: [['/reconnect', '/names'], /^In #home/m],
  logOut: [['/logout'], /^You are logged out\.$/m],
  help: [['/help'], /^\/reply \[number\] text: reply to a message; also \/re$/m],
  quit: [['/quit'], /You are in #home/],
}

describe('every command of the full screen does something in line mode, or says why not', () => {
  const names = namedActions().map(([, name]) => name)

  test.each(names)('%s', async (name) => {
    const reason = (lineWords.screen as Partial<Record<ActionName, string>>)[name]
    const [lines, wanted] = scenes[name] ?? [
      [`/${actionNames[name].commands?.[0] ?? ''}`],
      undefined,
    ]
    expect(wanted === undefined, 'it either works or says why not').toBe(reason !== undefined)
    const user = `u-${name.toLowerCase()}`
    const person = await office.person(user)
    const bob = await office.guest('bob')
    await office.guest('carl')
    person.type(`/create home-${user} bob`)
    await person.waitFor(`You are in #home-${user}`)
    await bob.send(`#home-${user}`, 'tea? https://example.org')
    await person.waitFor('bob: tea?')
    person.type(...lines.map((line) => line.replace('NAME', user)))
    const exact = (reason ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    await person.waitFor(wanted ?? new RegExp(`^${exact}$`, 'm'))
    // What it says takes a line, and nothing that only a screen could show is left over.
    expect(person.text).not.toContain(lineWords.overlay)
    expect(person.text).not.toMatch(/[^\P{Cc}\n]/u)
  })
})

test('there is a scene for no command that is not there', () => {
  const names = new Set<string>(namedActions().map(([, name]) => name))
  expect(
    [...Object.keys(scenes), ...Object.keys(lineWords.screen)].filter((it) => !names.has(it)),
  ).toEqual([])
  const usages = Object.keys(lineWords.usages)
  expect(usages.filter((it) => !names.has(it))).toEqual([])
})

test('a command that has too much behind it says how it is written', async () => {
  const person = await office.person('verbose')
  person.type(
    '/names of all',
    '/history x',
    '/history 5000',
    '/delete',
    '/edit',
    '/react',
    '/whois',
  )
  person.type('/search', '/rename', '/help nonsense', '/help zoom', '/help /re', '/history 1 1')
  await person.waitFor(/^\/reply \[number\] text: reply to a message/m)
  expect(person.errors.split('\n').slice(0, -1)).toEqual([
    'Write it so: /members.',
    'Write it so: /history [how many [before which number]].',
    'Write it so: /history [how many [before which number]].',
    'Write it so: /delete number.',
    'Write it so: /edit [number] text.',
    'Write it so: /react [number] emoji.',
    'Write it so: /whois name.',
    'Write it so: /search words.',
    'Write it so: /rename name.',
    'No command /nonsense: see /help; //nonsense is a text.',
  ])
})

test('/history reads back, further with a number, and says where the log begins', async () => {
  const person = await office.person('reader')
  person.type('/create long', ...Array.from({ length: 30 }, (_, at) => `text ${at}`), '/history')
  await person.waitFor(/text 10 \[12\]\n[\s\S]*text 29 \[31\]$/m)
  const before = person.text.length
  person.type('/history 5 12')
  await person.waitFor(/text 29 \[31\]\n.*\n.* text 5 \[7\]\n[\s\S]*text 9 \[11\]\n/)
  expect(person.text.slice(before)).not.toMatch(/text (4|10) /)
  person.type('/history 100')
  await person.waitFor(/^That is the beginning of #long\.\n.*\n.* \* you created the group$/m)
})
