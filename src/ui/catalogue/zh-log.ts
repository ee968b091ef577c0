import type { readingWords } from './en-log.ts'
import { key, keys } from './live-keys.ts'
import type { Words } from './words.ts'

export const zhReadingWords: Words<typeof readingWords> = {
  folded: ({ joined, added, left, passed, returned }) =>
    [
      joined.length === 0 ? '' : `${listed(joined)}加入了群组`,
      added.length === 0 ? '' : `${listed(added)}被添加进群组`,
      left.length === 0 ? '' : `${listed(left)}离开了群组`,
      passed.length === 0 ? '' : `${listed(passed)}来过又走了`,
      returned.length === 0 ? '' : `${listed(returned)}离开后又回来了`,
    ]
      .filter((part) => part !== '')
      .join('，'),
  unfold: `· ${key('reply', 'log')} 逐条显示`,
  moreRows: (n) => `… 还有 ${n} 行 · 选中后按 ${key('messageInfo', 'log')} 显示全部`,
  copied: '已复制，前提是终端允许程序复制（tmux 中需要 set-clipboard on）。',
  copyTooLong: (bytes, max) =>
    `内容有 ${bytes} 字节，终端最多接受 ${max} 字节。请按 ${key('zoom', 'log')} 后用鼠标选取。`,
  noLink: '这条消息里没有链接。',
  opened: (url) => `正在打开 ${url}`,
  linkCopied: (url) => `这里没有浏览器，已改为复制：${url}`,
  notOpened: (program, reason) => `${program} 未能打开链接：${reason}。已改为复制。`,
  noMention: '上方没有提及你的消息。',
  noMentionBelow: '下方没有提及你的消息。',
  noMentionLoaded: (n) => `上方 ${n} 条消息中没有提及你。再按一次，继续往上找。`,
  zoomKeys: `${key('pageUp', 'log')} ${key('pageDown', 'log')} ${key('selectPrevious', 'log')}${key('selectNext', 'log')} 移动 · ${key('copyMessage', 'log')} 复制 · ${key('focusCompose', 'log')} 返回`,
  mouseOn: '鼠标已启用：可点击和滚动。按住 Shift 仍由终端选取文字。',
  mouseOff: '鼠标已停用：由终端选取文字。',
  links: {
    title: '打开哪个链接？',
    keys: `${keys('choosePrevious', 'chooseNext')} 选择 · ${key('accept')} 打开 · ${key('copyLine', 'links')} 复制 · ${key('close')} 关闭`,
  },
}

/** 'alice ', 'alice、bob ', 'alice、bob 等 5 人' */
function listed(names: readonly string[]): string {
  return names.length > 3
    ? `${names.slice(0, 2).join('、')} 等 ${names.length} 人`
    : `${names.join('、')} `
}
