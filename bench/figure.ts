import { arch, cpus, platform, release, totalmem } from 'node:os'
import type { Compared } from './measure.ts'

/** One line of a bench: what we reach beside what could be reached, measured in the same run. */
export type Figure = Compared &
  Readonly<{ what: string /** What the ceiling is. */; beside: string }>

/** Measures and answers its figures. */
export type Bench = Readonly<{
  name: string
  /** What is measured; where it is no rate, less is better. */
  unit: string
  run: () => Promise<readonly Figure[]>
}>

/** A Markdown table, as docs/PERFORMANCE.md has it. */
export function tableOf({ name, unit }: Bench, figures: readonly Figure[]): string {
  const rows = figures.map(({ what, ours, ceiling, ratio, beside }) => {
    const rates = `${rounded(ours)} | ${rounded(ceiling)} | **${ratio.toFixed(2)}**`
    return `| ${what} | ${rates} | ${beside} |`
  })
  const head = `| ${name}: ${unit} | tchat | ceiling | ratio | the ceiling is |`
  return [head, '| --- | ---: | ---: | ---: | --- |', ...rows].join('\n')
}

/** What the figures were measured on. */
export function machineFacts(): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown'
  const memory = Math.round(totalmem() / 2 ** 30)
  return [
    `${processors.length} processors (${model}), ${memory} GiB`,
    `${platform()} ${release().split('-')[0]} ${arch()}, Node ${process.version}`,
  ].join('; ')
}

function rounded(value: number): string {
  const digits = Math.max(0, Math.floor(Math.log10(value)) - 2)
  const step = 10 ** digits
  return (Math.round(value / step) * step).toLocaleString('en-GB')
}
