import type { writingWords } from './en-writing.ts'
import { key, keys } from './live-keys.ts'
import type { Words } from './words.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')

export const zhWritingWords: Words<typeof writingWords> = {
  longText: {
    title: (lines, size) => (lines === 1 ? `粘贴 ${size}：` : `粘贴 ${lines} 行，${size}：`),
    titleSent: (lines, size) => (lines === 1 ? `发送 ${size}：` : `发送 ${lines} 行，${size}：`),
    tooLong: (size, most) => `内容有 ${size}，一条消息最多 ${most}。`,
    split: (parts) => `按顺序分成 ${parts} 条消息发送`,
    keys: `${CHOOSE} 选择 · ${key('accept')} 执行 · ${key('close')} 暂不，${key('edit.yank', 'compose')} 可放入`,
    keysSent: `${CHOOSE} 选择 · ${key('accept')} 执行 · ${key('close')} 继续写`,
    kept: `未放入。按 ${key('edit.yank', 'compose')} 仍可放入。`,
    nowLong: (size, most) =>
      `内容有 ${size}，一条消息最多 ${most}：按 ${key('send', 'compose')} 选择如何发送。`,
  },

  history: {
    label: '历史：',
    keys: `${key('edit.searchHistory', 'compose')} 更早 · ${key('edit.searchAccept', 'compose')} 采用 · ${key('edit.searchCancel', 'compose')} 返回`,
    none: '在此会话发过的消息里没有这个内容',
    noneOlder: '更早的消息里没有这个内容',
  },

  editor: {
    none: '找不到编辑器：请设置 $EDITOR，或配置文件中的 compose.editor。',
    notFound: '没有这个程序',
    exitCode: (code) => `退出码为 ${code}`,
    failed: (command, reason) => `编辑器（${command}）出错：${reason}。内容保持原样。`,
    failedSaved: (command, reason) =>
      `编辑器（${command}）出错：${reason}。内容保持原样；按 ${key('edit.yank', 'compose')} 可放入编辑器已保存的内容。`,
  },
}
