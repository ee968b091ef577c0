import type { keyLogWords } from './en-keys.ts'
import type { Words } from './words.ts'

export const zhKeyLogWords: Words<typeof keyLogWords> = {
  begin:
    '请按键：每行依次显示终端发送的内容、tchat 中的按键名称和作用。按 q，或连按两次 Ctrl-C 结束。',
  nothing: '无作用',
  unknown: 'tchat 不认识的按键',
  writes: '输入该字符',
  paste: (characters) => `粘贴了 ${characters} 个字符`,
  focus: (focused) => (focused ? '窗口获得焦点' : '窗口失去焦点'),
  mouse: '鼠标',
  reply: '终端的应答',
  prefix: '等待下一个按键',
}
