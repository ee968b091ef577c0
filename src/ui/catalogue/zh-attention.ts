import type { attentionWords, preferencesWords, statusWords } from './en-attention.ts'
import type { Words } from './words.ts'

export const zhStatusWords: Words<typeof statusWords> = {
  short: { available: '', away: '离开', busy: '忙碌' },
  online: { available: '在线', away: '在线，已离开', busy: '在线，忙碌中' },
  own: { available: '', away: '◐ 离开', busy: '◐ 忙碌' },
  about: {
    available: '他人看到你在线。',
    away: '他人看到你已离开。',
    busy: '他人看到你忙碌；你不会收到任何通知。',
  },
  done: {
    available: '状态已恢复为在线。',
    away: '已设为离开，他人可见。/away off 取消。',
    busy: '免打扰已开启：他人看到你忙碌，你不会收到任何通知。/dnd off 关闭。',
  },
}

export const zhPreferencesWords: Words<typeof preferencesWords> = {
  row: (what) => `对你    ${what}`,
  pinned: '已置顶',
  muted: '已静音',
  unread: '标为未读',
  notify: {
    all: '通知全部消息',
    mentions: '仅通知提及',
    none: '不通知',
  },
  mutedShown: (unread) => (unread === 0 ? '静音' : `静音 ${unread}`),
  mutedNarrow: (unread) => (unread === 0 ? '-' : `-${unread}`),
  done: {
    pinned: (title) => `${title} 已置顶。`,
    unpinned: (title) => `${title} 已取消置顶。`,
    muted: (title) => `${title} 已静音：只有提及你的消息才计数。`,
    unmuted: (title) => `${title} 已取消静音。`,
    unread: (title) => `${title} 已标为未读。`,
    seen: (title) => `${title} 已取消未读标记。`,
    notify: {
      default: (title) => `${title} 按配置文件通知。`,
      all: (title) => `${title} 的每条消息都会通知你。`,
      mentions: (title) => `${title} 中提及你时才会通知你。`,
      none: (title) => `${title} 不再通知你。`,
    },
    but: {
      busy: (said) => `${said}（但免打扰已开启，暂时不会通知：/dnd off 关闭。）`,
      muted: (said) => `${said}（但已静音，暂时只通知提及。）`,
    },
  },
  levels: '请写 all、mentions、none 或 default。',
  nothingToMark: '这里没有可以标为未读的消息。',
  notBegun: '这里还没有消息，发出第一条后即可使用。',
}

export const zhAttentionWords: Words<typeof attentionWords> = {
  inGroup: (name, group) => `${name}（${group}）`,
  mentioned: (name, group) => `${name} 在 ${group} 中提及了你`,
  summary: {
    group: (n, title) => `${title} 有 ${n} 条新消息`,
    direct: (n, name) => `${name} 发来 ${n} 条新消息`,
    many: (n, conversations) => `${conversations} 个会话中有 ${n} 条新消息`,
  },
  commandFailed: (program, reason) =>
    `notify.command：${program} 运行失败：${reason}。只提示这一次，请检查配置文件。`,
  hookFailed: (hook, program, reason) =>
    `hooks.${hook}：${program} 运行失败：${reason}。只提示这一次，请检查配置文件。`,
  commandLate: '运行超时',
  commandDropped: '跟不上消息的速度，漏掉了一些',
  commandExit: (code) => `退出码为 ${code}`,
}
