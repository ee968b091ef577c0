import type { configurationWords } from './en-configuration.ts'
import type { Words } from './words.ts'

/** The faults themselves stay as the reader of the file says them: they quote English options. */
export const zhConfigurationWords: Words<typeof configurationWords> = {
  wrong: (fault) => `配置有误：${fault}。该项使用默认值，详见 tchat doctor。`,
  wrongMore: (fault, more) =>
    `配置有误：${fault}（另有 ${more} 处）。这些项使用默认值，详见 tchat doctor。`,
  theme: (name) => `配色已改为 ${name}；用 tchat config 查看如何保存。`,
  noTheme: (name, known, near) => {
    const hint = near === undefined ? '' : `你是想输入 ${near} 吗？`
    return `没有名为 ${name} 的配色，可用的有：${known.replaceAll(', ', '、')}。${hint}`
  },
  servers: '服务器',
}
