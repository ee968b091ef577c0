import type { LineWords } from './en-line.ts'

export const zhLineWords: LineWords = {
  entry: {
    inGroup: (group, name, text) => `${group} ${name}：${text}`,
    from: (name, text) => `${name}：${text}`,
    to: (name, text) => `发给 ${name}：${text}`,
    deed: (group, deed) => `${group} ${deed}`,
    event: (place, name, what) => `${place} * ${name} ${what}`,
    answer: (number, text) => `（回复 ${number}）${text}`,
    edited: (text) => `${text}（已编辑）`,
    reactions: (text, reactions) => `${text}（${reactions.replaceAll(', ', '、')}）`,
    numbered: (line, number) => `${line} [${number}]`,
    changed: (number, text) => `将消息 ${number} 改为：${text}`,
    deleted: (number) => `删除了消息 ${number}`,
    reacted: (number, reaction) => `用 ${reaction} 回应了消息 ${number}`,
    unreacted: (number, reaction) => `撤回了对消息 ${number} 的回应 ${reaction}`,
    unknown: '做了此版本不认识的操作',
  },

  sent: (line) => `${line} 已发送`,
  waiting: (place, text) => `未连接。消息已保存，连上后立即发送：${place}：${text}`,
  refused: (place, text, reason) =>
    `未能发送到 ${place}：${text}。${reason}/retry 重发，/discard 放弃。`,

  start: {
    connecting: (address) => `正在连接 ${address}…`,
    connected: (user, address) =>
      `已以 ${user} 的身份连接 ${address}。/help 列出命令，/quit 退出。`,
    unread: (n, mentions, place) =>
      mentions === 0
        ? `${place} 有 ${n} 条未读。`
        : `${place} 有 ${n} 条未读，其中 ${mentions} 条提及你。`,
    noUnread: '没有未读消息。',
    open: (place, about) => `当前会话 ${place}${about === '' ? '' : `，${about}`}。`,
    nothingOpen: '没有打开的会话。用 /goto 名字 或 /join 群组 打开一个。',
    earlier: (n) => `前面还有 ${n} 条未读消息，用 /history 查看。`,
    added: (place) => `你现在加入了群组 ${place}。/goto ${place} 打开它。`,
    missed: (n, place) => `${place} 漏收 ${n} 条，用 /history 查看。`,
  },

  link: {
    lost: (reason) => `连接已断开（${reason}），会自动重试。`,
    back: '已重新连接。',
    stuck: '服务器暂时无法保存任何内容。你说的话会留在这里，等服务器恢复后发出。',
    unstuck: '服务器已恢复保存。',
    retrying: '会自动重试。连按两次 Ctrl-C 结束。',
  },

  trust: {
    title: (address) => `本机第一次连接 ${address}。`,
    words: (words) => `密钥的词语形式：${words}`,
    full: (key) => `完整的密钥：${key}`,
    question: '密钥正确吗？「是」表示记住它，「一次」表示连接但不记住，其他回答则结束。',
    pipe: (address, key) =>
      `本机第一次连接 ${address}，其密钥为 ${key}。如果与服务器运行者所说一致，请加上 --trust ${key}`,
    changed: (address, old, now) =>
      `${address} 的密钥变了：原来是 ${old}，现在是 ${now}。那里换了一台服务器，或有人从中拦截；尚未发送任何内容。如果服务器的运行者确认新密钥无误，请加上 --trust ${now}`,
    no: '密钥未被信任，尚未发送任何内容',
  },

  logIn: {
    title: (address) => `登录 ${address}。`,
    account: '你在那里有账号吗？请回答「是」或「否」。',
    name: '你的名字？',
    nameOr: (name) => `你的名字？直接回车表示 ${name}。`,
    password: '你的密码？输入时不会显示。',
    newPassword: '设置密码，至少 8 个字符。输入时不会显示。',
    again: '再输入一次密码。',
    notTheSame: '两次输入的密码不一致。',
    invite: '邀请码，或别人给你的整行？',
    pipe: (address, user) =>
      `本机没有登录 ${address}：请先运行 tchat login --server ${address}${user === '' ? '' : ` --user ${user}`}，或提供 --user 和 TCHAT_PASSWORD`,
    over: (reason) => `登录已失效：${reason}`,
    gaveUp: '没有登录',
  },

  end: {
    again: '再按一次 Ctrl-C 结束。',
    waiting: (n) => `有 ${n} 条消息尚未发送，已保存，下次连接时发出。`,
  },

  input: {
    lost: (command) =>
      `「${command}」没有成功：在 /goto、/join 或 /create 成功之前，后面的各行都不会执行`,
    notUtf8: (line) => `输入的第 ${line} 行不是 UTF-8，已跳过`,
    tooLong: (line, bytes) => `输入的第 ${line} 行超过 ${bytes} 字节，已跳过`,
  },

  yes: ['是', 'yes', 'y'],
  no: ['否', '不', '没有', 'no', 'n'],
  once: ['一次', 'once', 'o'],

  history: { usage: '[条数 [从哪条往前]]', meaning: '查看以前的消息' },
  helpTexts:
    '不以斜杠开头的内容会发到当前会话；以斜杠开头的内容请写成 //内容。消息用后面的编号来指定。',
  message: (number) => `这里没有消息 ${number}。`,
  overlay: '这项操作需要全屏界面：请不带 --line 运行 tchat connect。',
  inviteNeeded: (group) => `${group} 仅限受邀加入：请用 /join ${group} 加上邀请码。`,
  beginning: (place) => `${place} 从这里开始。`,
  more: (n) => `结果不止这 ${n} 条，多写几个词可以缩小范围。`,
  found: (n) => (n === 0 ? '没有找到。' : `找到 ${n} 条。`),
  conversation: (number, place, about) =>
    `${number} ${place}${about === '' ? '' : `，${about.replaceAll(', ', '，')}`}`,
  withAbout: (name, about) => `${name}，${about.replaceAll(', ', '，')}`,
  noContacts: '你还没有联系人。',
  publicGroups: '公开群组：',
  names: (place, names) => `${place} 的成员：${names.replaceAll(', ', '、')}。`,
  online: (place, names) =>
    names === '' ? `${place} 没有其他人在线。` : `${place} 在线：${names.replaceAll(', ', '、')}。`,
  oneOnline: (name, about) => `${name}：${about}。`,
  topic: (place, topic) => (topic === '' ? `${place} 没有话题。` : `${place} 的话题：${topic}`),
  about: (number, when, text) => `消息 ${number}，${when}，${text}`,
  reactionsBy: (reaction, count) => `${reaction} ${count}`,
  groupNameToDelete: (name) =>
    `${name} 中所有人的所有消息都会被删除，无法恢复。请输入群组名以确认。`,
  leaveInvite: (group) => `${group} 仅限受邀：退出后需要新的邀请才能回来。退出吗？是 或 否。`,
  stayed: '未做任何操作。',
  logOutWaiting: (waiting) => `${waiting}退出登录并放弃它们吗？是 或 否。`,
  logOutEverywhere: '此账号在所有设备上都会退出登录。继续吗？是 或 否。',
  deleteAccount:
    '你会退出所有群组，联系人和登录记录都会删除，你发过的消息会保留，你的名字不会再给任何人使用。请输入你的名字以确认。',
  presentPassword: '当前密码？',

  screen: {
    membersPane: '/sidebar 只用于全屏界面。/names 可查看这里有谁。',
    copyMessage: '/copy 只用于全屏界面。/history 可再次显示消息。',
    previousMention: '/mention 只用于全屏界面。/search 加上你的名字可找到提及你的消息。',
    nextMention: '/mention-down 只用于全屏界面。/search 加上你的名字可找到提及你的消息。',
    zoom: '/zoom 只用于全屏界面：这里本来就只显示消息。',
    mouse: '/mouse 只用于全屏界面：这里的鼠标归终端使用。',
    focusNext: '/pane 只用于全屏界面：这里没有窗格。',
    focusPrevious: '/pane-back 只用于全屏界面：这里没有窗格。',
    pageUp: '/page-up 只用于全屏界面。/history 可往前查看。',
    pageDown: '/page-down 只用于全屏界面。/history 可往前查看。',
    oldest: '/top 只用于全屏界面。/history 100 可往前看很多。',
    newest: '/end 只用于全屏界面：这里总会显示最新消息。',
    menu: '/menu 只用于全屏界面。/help 列出命令。',
    theme: '/theme 只用于全屏界面：这里没有颜色。',
    redraw: '/redraw 只用于全屏界面：这里无需重绘。',
    suspend: '/suspend 只用于全屏界面：这里请按 Ctrl-Z。',
    externalEditor: '/editor 只用于全屏界面。tchat send 可发送多行内容。',
  },

  usages: {
    reply: '[编号] 内容',
    editMessage: '[编号] 内容',
    deleteMessage: '编号',
    react: '[编号] 表情',
    unreact: '[编号] [表情]',
    messageInfo: '[编号]',
    openLink: '[编号]',
    markUnread: '[编号|off]',
    createGroup: '群组 [首批成员…]',
    renameGroup: '名字',
    addMembers: '名字…',
    search: '关键词',
    searchAll: '关键词',
    help: '[命令]',
    nthConversation: '编号',
  },
}
