import type { Catalogue } from './en.ts'
import { key, keys } from './live-keys.ts'
import { zhAttentionWords, zhPreferencesWords, zhStatusWords } from './zh-attention.ts'
import { zhConfigurationWords } from './zh-configuration.ts'
import { zhFaultWords } from './zh-faults.ts'
import { zhKeymapWords } from './zh-keymap.ts'
import { zhKeyLogWords } from './zh-keys.ts'
import { zhReadingWords } from './zh-log.ts'
import { zhMemoryWords } from './zh-memory.ts'
import { zhMessageWords } from './zh-messages.ts'
import { zhWindowWords } from './zh-windows.ts'
import { zhWritingWords } from './zh-writing.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')
const MEMBER_KEYS = [
  `${key('addMembers', 'members')} 添加`,
  `${key('removeMember', 'members')} 移出`,
  `${key('ban', 'members')} 封禁`,
  `${key('setRole', 'members', 'owner')} ${key('setRole', 'members', 'admin')} ${key('setRole', 'members', 'member')} 身份`,
  key('close'),
].join(' · ')

/** What is written in the place of these; every other word of a command's form is typed as it stands. */
const placeholders: Readonly<Record<string, string>> = {
  name: '名字',
  names: '名字',
  group: '群组',
  'first members': '首批成员',
  invite: '邀请码',
  text: '内容',
  words: '关键词',
  uses: '人数',
  days: '天数',
  number: '编号',
  emoji: '表情',
}

/**
 * Every word of the interface, in Simplified Chinese. The same word for the same thing:
 *
 * | English | Chinese | | English | Chinese |
 * | --- | --- | --- | --- | --- |
 * | conversation | 会话 | | mute | 静音 |
 * | direct message | 私聊 | | pin | 置顶 |
 * | group | 群组 | | do not disturb | 免打扰 |
 * | contact | 联系人 | | away, busy | 离开, 忙碌 |
 * | member, admin, owner | 成员, 管理员, 群主 | | outbox, draft | 发件箱, 草稿 |
 * | message | 消息 | | reply, edit | 回复, 编辑 |
 * | unread, read, delivered | 未读, 已读, 已送达 | | reaction | 回应 |
 * | mention | 提及 | | catch up, peek | 补看, 预览 |
 * | topic | 话题 | | theme | 配色 |
 * | invite, its code | 邀请, 邀请码 | | share line | 分享链接 |
 * | remove, ban | 移出, 封禁 | | block | 屏蔽 |
 * | session | 登录的设备 | | account | 账号 |
 * | key of a server | 密钥 | | key that is pressed | 按键 |
 *
 * A blank stands between Chinese and Latin letters or digits. Punctuation is of full width; quotation
 * marks are 「」, since terminals do not agree how wide the others are. Commands and keys stay Latin.
 */
export const zh: Catalogue = {
  product: 'tchat',
  tooSmall: (columns, rows) => `太小，至少 ${columns}×${rows}`,
  locale: 'zh-CN',

  lists: {
    contacts: '联系人',
    groups: '群组',
    members: '成员',
    newCount: (n) => `未读 ${n}`,
    waiting: (n) => `待发 ${n}`,
    refused: (n) => `✗ 被拒 ${n}`,
    blocked: '已屏蔽',
    keys: (create, join, add) => `${create} 新建 ${join} 加入 ${add} 添加`,
    keysWide: (create, join, add) => `${create} 新建 · ${join} 加入 · ${add} 添加`,
    keysNarrow: (create, join) => `${create} 新建 ${join} 加入`,
    keysFilter: () => `${key('openFiltered', 'filter')} 打开 ${key('endFilter', 'filter')} 全部`,
    membersKeys: `${key('group', 'lists')} 信息 · ${key('leaveGroup', 'lists')} 退出群组`,
    notes: '给自己的笔记',
  },

  header: {
    unread: (n, mentions) =>
      n === 0 ? '' : mentions === 0 ? `未读 ${n}` : `未读 ${n} @${mentions}`,
    help: (key) => `${key} 帮助`,
    outbox: (n) => (n === 0 ? '' : `发件箱 ${n}`),
    refused: (n) => (n === 0 ? '' : `✗ 被拒 ${n}`),
  },

  link: {
    offline: '离线',
    connecting: '正在连接…',
    online: (ms) => (ms === undefined ? '在线' : `在线 ${ms}ms`),
    waiting: (seconds) => `已断线，${seconds} 秒后重试`,
    silent: (seconds) => `已 ${seconds} 秒没有回应`,
    stuck: '服务器暂时无法保存',
    stuckWaiting: (seconds) => `服务器暂时无法保存，${seconds} 秒后重试`,
    blocked: '未连接',
  },

  log: {
    you: '你',
    newLine: (n) => `${n} 条新消息`,
    below: (n, mentions) =>
      mentions === 0 ? `↓ ${n} 条新消息` : `↓ ${n} 条新消息（${mentions} @）`,
    belowNone: (place) => `↓ ${key('newest', place)}：最新`,
    loading: '正在加载…',
    loadFailed: '更早的消息加载失败，再滚动一次可重试',
    beginning: (title) => `${title} 从这里开始`,
    joinedHere: (title) => `你在这里加入了 ${title}`,
    beginningWith: (name) => `你与 ${name} 的私聊从这里开始`,
    hole: (n) => `${n} 条尚未加载`,
    created: '创建了群组',
    joined: '加入了群组',
    quit: '离开了群组',
    added: (name) => `添加了 ${name}`,
    removed: (name) => `移出了 ${name}`,
    banned: (name) => `封禁了 ${name}`,
    role: {
      none: (name) => `更改了 ${name} 的权限`,
      member: (name) => `将 ${name} 设为普通成员`,
      admin: (name) => `将 ${name} 设为管理员`,
      owner: (name) => `将 ${name} 设为群主`,
    },
    renamed: (name) => `将群组改名为 #${name}`,
    topic: (text) => (text === '' ? '清除了话题' : `设置了话题：${text}`),
    access: (invite) => (invite ? '将群组设为仅限受邀' : '将群组设为公开'),
    ended: '结束了群组',
    refused: (reason) => `未发送：${reason}。/retry 重发，/discard 放弃`,
    online: (online, members) => `${online}/${members} 在线`,
    members: (n) => `${n} 名成员`,
    isOnline: '在线',
    isGone: '此账号已注销',
    isOffline: '离线；消息会在对方下次登录时送达',
    notes: '只有你能看到',
    empty: '还没有消息，来写第一条吧。',
    none: '没有打开的会话。',
    welcome: (title) => `你已进入 ${title}。`,
    onlineNow: (names) => `在线：${names.replaceAll(', ', '、')}`,
    nobodyElse: '现在没有其他人在线。',
    publicGroups: (groups) => `公开群组：${groups}`,
    group: (name, members) => `#${name}（${members}）`,
    share: '他人这样连接（/share 复制）：',
    firstKeys: (lists, add, create, join) =>
      `先按 ${lists}，再按  ${add} 加联系人  ${create} 建群组  ${join} 加群组`,
  },

  composer: {
    prompt: '> ',
    placeholder: {
      compose: '输入消息、/命令 或 @名字',
      log: `正在翻看 · ${key('focusCompose', 'log')} 返回输入`,
      people: `在列表中 · ${key('accept', 'lists')} 打开，${key('focusCompose', 'lists')} 返回输入`,
      groups: `在列表中 · ${key('accept', 'lists')} 打开，${key('focusCompose', 'lists')} 返回输入`,
    },
    hints: {
      send: '发送',
      newline: '换行',
      goTo: '跳转',
      nextUnread: '下个未读',
      menu: '菜单',
      help: '帮助',
      choose: '选择',
      reply: '回复',
      edit: '编辑',
      delete: '删除',
      react: '回应',
      info: '详情',
      copy: '复制',
      link: '打开链接',
      write: '输入',
      open: '打开',
      filter: '筛选',
      nextPane: '下个窗格',
    },
  },

  start: {
    title: '终端里的聊天',
    host: '在本机启动',
    hostHelp: '启动一台服务器并开始聊天',
    connect: '连接到…',
    connectHelp: '连接他人的服务器',
    recent: (address, user) => (user === '' ? address : `${user}@${address}`),
    recentTitle: '最近的服务器',
    keys: '↑↓ 选择 · Enter 确定 · q 退出',
    hosting: '正在启动服务器…',
    hostFailed: '服务器启动失败',
    otherPort: '使用任意空闲端口',
    connectLocal: '连接到本机正在运行的服务器',
    back: '返回',
  },

  address: {
    title: '连接到服务器',
    label: '地址',
    help: '主机、主机:端口 或 [IPv6]:端口；省略端口时为 8000。也可以粘贴别人给你的整行：tchat://…',
    keys: 'Enter 连接 · Esc 返回',
  },

  connecting: {
    title: (address) => `正在连接 ${address}…`,
    keys: 'Esc 取消',
  },

  failed: {
    title: (address) => `无法连接 ${address}`,
    next: (seconds) => `${seconds} 秒后重试`,
    trying: '正在重试…',
    waiting: (n) => `有 ${n} 条消息待发，服务器恢复后会自动发出。`,
    retry: '立即重试',
    edit: '修改地址',
    back: '返回',
    keys: '↑↓ 选择 · Enter 确定 · Esc 返回',
  },

  trust: {
    title: (address) => `本机第一次连接 ${address}`,
    why: '请向服务器的运行者核对密钥是否如下；tchat --serve 会显示它。',
    words: '词语形式',
    hex: '完整形式',
    trust: '信任',
    trustHelp: '记住密钥',
    once: '仅此一次',
    onceHelp: '连接，但不记住',
    cancel: '取消',
    keys: '↑↓ 选择 · Enter 确定 · Esc 取消',
  },

  changedKey: {
    title: (address) => `${address} 的密钥变了！`,
    why: '那里换了一台服务器，或有人从中拦截。尚未发送任何内容。',
    old: '原来是',
    new: '现在是',
    advice: (address) =>
      `如果服务器的运行者确认新密钥无误，请运行 npx tchat connect ${address} --trust 并附上新密钥。`,
    back: '返回',
    keys: 'Enter 返回',
  },

  logIn: {
    title: (address) => `登录 ${address}`,
    name: '名字',
    password: '密码',
    invite: '邀请',
    noInvite: '这一行里没有邀请码。',
    notInvite: (chars) => `这不是邀请码：邀请码有 ${chars} 个字符。请粘贴邀请码或整行。`,
    inviteHelp: '这里凭邀请创建账号：请粘贴邀请码或整行。',
    logIn: '登录',
    create: '创建账号',
    busy: '请稍候…',
    plaintext: '此连接没有加密！',
    nameMissing: '请输入名字。',
    passwordMissing: '请输入密码。',
    keys: 'Tab 下一项 · Enter 确定 · Esc 返回',
    ended: (reason) => reason,
  },

  goTo: {
    title: '跳转到',
    write: (name) => `给「${name}」写消息`,
    create: (name) => `创建群组「${name}」`,
    join: (name) => `加入群组「${name}」`,
    nothing: '没有找到',
    keys: `${CHOOSE} 选择 · ${key('accept')} 跳转 · ${key('close')} 关闭`,
    person: '用户',
    gone: '账号已注销',
    group: '群组',
    joins: (n) => `加入 · ${n} 名成员`,
    notes: '给自己的笔记',
  },

  menu: {
    title: 'Ctrl-X，然后按…',
    page: (page, pages) => `Ctrl-X，然后按… ${page}/${pages}`,
    keys: 'Esc 关闭',
    turn: '↑↓ 翻页 · Esc 关闭',
  },

  createGroup: {
    title: '创建群组',
    name: '名称',
    members: '首批成员',
    membersHelp: '多个名字用空格分隔；不必写自己',
    who: '加入方式',
    whoHelp: '按空格键切换；成员可以稍后添加',
    entry: { public: '任何人', invite: '仅限受邀' },
    keys: `${key('nextField')} 下一项 · ${key('accept')} 创建 · ${key('close')} 关闭`,
  },

  joinGroup: {
    title: '加入群组',
    members: (n) => `${n} 名成员`,
    joined: '已加入',
    nothing: '没有以此开头的公开群组',
    keys: `${CHOOSE} 选择 · ${key('accept')} 加入 · ${key('close')} 关闭`,
  },

  addContact: {
    title: '添加联系人',
    name: '名字',
    keys: `${key('accept')} 添加 · ${key('close')} 关闭`,
  },

  members: {
    title: (group) => `${group} 的成员`,
    keys: `${CHOOSE} 选择 · ${key('accept')} 私聊 · ${key('close')} 关闭`,
    keysAdd: `${CHOOSE} 选择 · ${key('accept')} 私聊 · ${key('addMembers', 'members')} 添加 · ${key('close')} 关闭`,
    keysAdmin: `${key('accept')} 私聊 · ${key('addMembers', 'members')} 添加 · ${key('removeMember', 'members')} 移出 · ${key('ban', 'members')} 封禁 · ${key('close')} 关闭`,
    keysOwner: `${key('accept')} 私聊 · ${MEMBER_KEYS}`,
    keysOwnerShort: MEMBER_KEYS,
    roles: { none: '', member: '', admin: '管理员', owner: '★ 群主' },
    classic: 'v1',
    onlyGroups: '只有群组才有成员。',
    leaveIsForGroups: '/leave 用于群组；移除联系人请用 /remove NAME。',
  },

  help: {
    title: '按键和命令',
    keys: `${CHOOSE} ${keys('choosePageUp', 'choosePageDown')} 滚动 · ${keys('chooseFirst', 'chooseLast')} · ${key('close')} 关闭`,
    commands: '命令',
    also: (meaning, others) => `${meaning}；也可写 ${others.replaceAll(', ', '、')}`,
    places: {
      anywhere: '任何地方',
      compose: '输入消息时',
      text: '所有输入框',
      log: `翻看消息时（${key('focusLog', 'compose')}）`,
      lists: `列表中（${key('focusNext', 'compose')}）`,
      overlay: '这样的窗口中',
      search: '搜索中',
      members: '成员名单中',
      group: '群组窗口中',
      account: '账号窗口中',
      list: '设备、邀请、封禁名单中',
      share: '分享链接或邀请的窗口中',
      invite: '邀请窗口中',
      longText: '粘贴长文本后',
      catchUp: '补看时',
      peek: '预览新消息时',
      links: '选择消息中的链接时',
      filter: '筛选列表时',
    },
  },

  share: {
    title: '他人这样连接',
    key: '本服务器的密钥，供核对：',
    hereOnly: '这个地址只在本机有效：他人需要换成服务器自己的地址。',
    copied: '已发送到剪贴板，能否成功取决于终端（tmux 需要 set-clipboard on）。',
    keys: `${key('copyLine', 'share')} 复制该行 · ${key('close')} 关闭`,
  },

  leave: {
    title: (group) => `退出 ${group}？`,
    yes: '退出',
    no: '留下',
    keys: `${CHOOSE} 选择 · ${key('accept')} 确定 · ${key('close')} 关闭`,
  },

  quit: {
    title: '服务器正由你在这里运行。',
    connected: (n) =>
      n === undefined ? '正在统计连接人数…' : n === 0 ? '没有其他人连接。' : `还有 ${n} 人连接着。`,
    elsewhere: {
      title: '你启动的服务器仍在这里运行。',
      connected: (n) =>
        n === undefined ? '正在统计连接人数…' : n === 0 ? '没有人连接。' : `有 ${n} 人连接着。`,
    },
    keep: '继续运行服务器',
    keepHelp: '关闭此窗口后服务器仍运行',
    stop: '停止服务器',
    stopHelp: '所有人都会断开，但不会丢失内容',
    stay: '留在这里',
    again: `再按一次 ${key('quitTwice', 'compose')} 退出`,
  },

  closing: {
    failed: (reason) => `tchat：发件箱无法关闭：${reason}`,
    late: '耗时过长',
    goesOn: (address, pid) => `tchat：服务器继续运行于 ${address}；停止请执行 kill ${pid}`,
  },

  logOut: {
    title: (n) => `有 ${n} 条消息尚未发送。`,
    help: '退出登录后不留任何内容，这些消息会丢失。',
    stay: '保持登录',
    yes: '退出登录并放弃这些消息',
  },

  notices: {
    unknownCommand: (name) => `没有命令 /${name}，见 /help；要发送这段文字请写 //${name}。`,
    otherCommand: (name, meant) =>
      `没有命令 /${name}，你是想输入 ${meant} 吗？要发送这段文字请写 //${name}。`,
    elsewhere: {
      nick: '账号的名字不能更改：别人看到的就是你登录时用的名字。',
      close: '这里不需要关闭会话：/leave 退出群组，/mute 将其静音。',
    },
    groupIsHere: (name) =>
      `/group 显示当前群组的信息：/goto #${name} 打开群组，/create ${name} 创建群组。`,
    noReason: (usage) => `用法：${usage}。原因不会显示给任何人。`,
    commandIsOneLine: '命令只能有一行：请删除下面的行。',
    pasted: (lines) => `已粘贴 ${lines} 行：按 ${key('send', 'compose')} 作为一条消息发送`,
    usage: (usage) => `用法：${usage}`,
    saidTo: (name) => `已发送给 ${name}。`,
    refused: (reason) => `有消息未能发送：${reason}。请用 /retry 重发或 /discard 放弃。`,
    nothingOpen: `请先打开一个会话：${key('goTo', 'compose')}。`,
    noUnread: '没有未读消息。',
    noUnreadHere: '这里没有未读消息。',
    noConversation: (n) => `没有会话 ${n}。`,
    added: (name) => `已添加联系人 ${name}。`,
    removed: (name) => `已移除联系人 ${name}。`,
    removedButListed: (name) => `已移除联系人 ${name}；会话仍保留在列表中。`,
    left: (group) => `你已退出 ${group}。`,
    joined: (group) => `你已加入 ${group}。`,
    created: (group) => `${group} 已创建。`,
    notOnline: '未连接：这项操作需要服务器。消息会先保存，稍后发送。',
    notDone: (command) =>
      `未连接：${command} 需要服务器，没有执行。按 ${key('edit.up', 'compose')} 可找回这一行。`,
    perhapsDone: (command) =>
      `连接在 ${command} 得到答复前中断，可能已经执行。按 ${key('edit.up', 'compose')} 可找回这一行。`,
    retried: (n) => `已重发 ${n} 条。`,
    retriedLater: (n) => `未连接：恢复连接后将重发 ${n} 条。`,
    discarded: (n) => `已放弃 ${n} 条。`,
    nothingRefused: '这里没有被拒的消息。',
    tooLong: (bytes, max) => `内容有 ${bytes} 字节，最多 ${max} 字节。请分成两条。`,
    noKey: (key) => `Ctrl-X ${key} 没有作用；按 Ctrl-X 查看可用的按键。`,
    loggedOut: '你已退出登录。',
    hosted: {
      stopped: '这里的服务器没有人使用，已停止。',
      goesOn: (address, n) => `你在 ${address} 的服务器继续运行：有 ${n} 人在使用。`,
      restarted: (how) => `你的服务器曾意外结束（${how}），已重新启动。`,
      lost: (how, why) =>
        `你的服务器已结束（${how}），未能重新启动${why === '' ? '' : `：${why}`}。其日志的位置见 tchat doctor。`,
    },
    nobodyNamed: (name) => `没有用户 ${name}。`,
    noGroupNamed: (name) => `没有群组 #${name}。`,
    putOut: {
      removed: (group, by) => `${by} 将你移出了 ${group}。`,
      banned: (group, by) => `${by} 在 ${group} 封禁了你：你不能再加入。`,
      ended: (group, by) => `${by} 结束了 ${group}，该群组已不存在。`,
    },
  },

  usage: (form) => form.replace(/[a-z]+(?: members)?/g, (word) => placeholders[word] ?? word),

  faults: zhFaultWords,

  windows: zhWindowWords,

  status: zhStatusWords,

  preferences: zhPreferencesWords,

  attention: zhAttentionWords,
  memory: zhMemoryWords,

  configuration: zhConfigurationWords,
  keyLog: zhKeyLogWords,
  messages: zhMessageWords,

  reading: zhReadingWords,

  ...zhWritingWords,

  keys: zhKeymapWords,

  actions: {
    goTo: '跳转到人或群组',
    message: '不离开这里给某人发消息',
    createGroup: '创建群组',
    joinGroup: '加入群组',
    search: '搜索消息',
    searchAll: '搜索全部会话',
    group: '群组信息',
    topic: '设置话题',
    renameGroup: '重命名群组',
    addMembers: '添加成员',
    invite: '生成邀请；写名字则直接添加',
    invites: '有效的邀请',
    removeMember: '移出成员',
    ban: '封禁某人',
    unban: '解除封禁',
    bans: '封禁名单',
    setRole: '设为群主、管理员或成员',
    makePublic: '设为公开群组',
    makePrivate: '设为仅限受邀',
    deleteGroup: '删除群组',
    block: '屏蔽某人的私聊',
    unblock: '取消屏蔽',
    account: '账号和设置',
    sessions: '已登录的设备',
    password: '修改密码',
    deleteAccount: '注销账号',
    shareReceipts: '他人能否看到已读状态',
    leaveGroup: '退出群组',
    members: '群组成员',
    membersPane: '成员栏开关',
    theme: '更换配色',
    share: '分享连接方式',
    addContact: '添加联系人',
    removeContact: '移除联系人',
    nextUnread: '下个未读会话',
    catchUp: '补看新消息',
    mute: '静音或取消静音',
    pin: '置顶或取消置顶',
    markUnread: '从这里标为未读',
    notifyLevel: '通知范围',
    away: '离开或恢复在线',
    busy: '免打扰开关',
    lastConversation: '上一次的会话',
    nextConversation: '下一个会话',
    previousConversation: '上一个会话',
    nthConversation: '第 1–9 个会话',
    focusNext: '下个窗格',
    focusPrevious: '上个窗格',
    pageUp: '上翻',
    pageDown: '下翻',
    selectPrevious: '上一条消息',
    selectNext: '下一条消息',
    reply: '回复消息',
    editMessage: '编辑自己的消息',
    deleteMessage: '删除消息',
    react: '回应消息',
    unreact: '撤回回应',
    messageInfo: '谁已读这条消息',
    copyMessage: '复制消息',
    openLink: '打开链接',
    previousMention: '上一条提及',
    nextMention: '下一条提及',
    zoom: '只显示消息',
    mouse: '鼠标开关',
    me: '描述自己的动作',
    whois: '查看用户资料',
    oldest: '最早的消息',
    newest: '最新消息',
    firstUnread: '第一条未读消息',
    retry: '重发被拒的消息',
    discard: '放弃被拒的消息',
    reconnect: '立即尝试连接',
    logOut: '退出登录',
    help: '显示此帮助',
    menu: '其他操作的菜单',
    redraw: '重绘屏幕',
    suspend: '挂起，fg 恢复',
    externalEditor: '用外部编辑器写',
    quit: '退出',
  },
}
