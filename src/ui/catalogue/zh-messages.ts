import type { messageWords } from './en-messages.ts'
import { key, keys } from './live-keys.ts'
import type { Words } from './words.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')

export const zhMessageWords: Words<typeof messageWords> = {
  deleted: '已删除',
  deletedByOther: (name) => `已被 ${name} 删除`,
  edited: '（已编辑）',
  furtherUp: '更早的一条消息',
  gone: '这条消息已不在这里。',
  none: '这里没有可以操作的消息。',
  notOwn: '只能编辑自己的消息。',
  notDeletable: '只能删除自己的消息；群组管理员也可以删除他人的消息。',
  notReaction: '回应可以是表情、:tada: 这样的名称，或不含空格的短词。',
  nothingPut: '你没有回应过这条消息。',
  whichReaction: (all) => `要撤回哪一个？你的回应有 ${all}：输入 /unreact 和其中一个。`,
  offline: '未连接：改动消息需要服务器。新消息会先保存，稍后发送。',
  editedNow: '已编辑。',
  notEdited: '未编辑，消息保持原样。',
  editNeedsText: '编辑后的消息不能为空；/delete 可删除消息。',

  composing: {
    reply: (quote) => `回复 ${quote}`,
    edit: (quote) => `编辑 ${quote}`,
  },
  composingKeys: `${key('cancelComposing', 'compose')} 取消`,

  typing: (names) =>
    names.length <= 2 ? `${names.join('、')} 正在输入…` : `${names.length} 人正在输入…`,

  delete: {
    title: '为所有人删除这条消息？',
    yes: '删除',
    no: '保留',
  },

  react: {
    title: '回应',
    takesBack: `你的回应，${key('accept')} 撤回`,
    nothing: '回应可以是表情，或不含空格的短词。',
    keys: `输入表情或 :名称: · ${CHOOSE} 选择 · ${key('accept')} 回应 · ${key('close')} 关闭`,
  },

  info: {
    title: '消息详情',
    keys: `${CHOOSE} 滚动 · ${key('close')} 关闭`,
    counts: (read, delivered, of) =>
      of === 0 ? '这里没有其他人。' : `共 ${of} 人：${read} 人已读，${delivered} 人已送达。`,
    stages: { read: '已读', delivered: '已送达', waits: '下次登录时送达' },
  },

  whois: {
    id: (id) => `编号 ${id}`,
    online: '在线',
    offline: '不在线',
    contact: '是你的联系人',
    blocked: '已被你屏蔽：不能给你发私聊，也不能把你加入群组',
    groups: (names) => `共同群组：${names.replaceAll(', ', '、')}`,
    keys: `${key('close')} 关闭`,
  },
}
