import type { memoryWords } from './en-memory.ts'
import { key } from './live-keys.ts'
import type { Words } from './words.ts'

export const zhMemoryWords: Words<typeof memoryWords> = {
  cacheFault: (reason) => `无法为下次启动保存聊天内容：${reason}。聊天本身没有丢失。`,
  draftFault: (reason) => `草稿无法保存：${reason}。请发送或复制。`,
  away: (from, to, count) => `离开 ${from}–${to} · 补收 ${count} 条`,
  catchUp: {
    title: (n, conversations) => `${conversations} 个会话中有 ${n} 条新消息`,
    nothing: '没有未读消息。',
    count: (n, mentions, muted) => {
      const count = mentions === 0 ? `未读 ${n}` : `未读 ${n} @${mentions}`
      return muted ? `静音  ${count}` : count
    },
    keys: `${key('accept')} 打开 · ${key('peek', 'catchUp')} 预览，仍为未读 · ${key('markRead', 'catchUp')} 已读 · ${key('markAllRead', 'catchUp')} 全部已读 · ${key('close')} 进入聊天`,
    keysShort: `${key('accept')} 打开 · ${key('peek', 'catchUp')} 预览 · ${key('markRead', 'catchUp')} 已读 · ${key('markAllRead', 'catchUp')} 全部 · ${key('close')} 聊天`,
    keysOfNothing: `${key('close')} 进入聊天`,
    peekTitle: (title) => `预览 ${title} 的新消息：他人不会知道`,
    peekKeys: `${key('accept')} 打开 · ${key('markRead', 'peek')} 已读 · ${key('peek', 'peek')} 返回`,
    hint: (n, conversations) => `${conversations} 个会话有 ${n} 条新消息：/catch-up`,
  },
  above: (n, place) => `↑ 上方还有 ${n} 条新消息 · ${key('newest', place)} 全部已读`,
  offline: '更早的消息需要联网查看',
}
