export type Level = 'ok' | 'warn' | 'fail'

/** One thing that was looked at. */
export type Finding = Readonly<{
  level: Level
  /** What it is about: 'terminal', 'files'. */
  topic: string
  text: string
  /** What to do; only where something is wrong. */
  advice?: string
}>

export function ok(topic: string, text: string): Finding {
  return { level: 'ok', topic, text }
}

export function warn(topic: string, text: string, advice: string): Finding {
  return { level: 'warn', topic, text, advice }
}

export function fail(topic: string, text: string, advice: string): Finding {
  return { level: 'fail', topic, text, advice }
}

const TOPIC_CELLS = 14

/** 'ok    terminal      xterm-256color, 80 x 24', and below it what to do. */
export function findingLines({ level, topic, text, advice }: Finding): string {
  const line = `${level.padEnd(5)} ${topic.padEnd(TOPIC_CELLS)} ${text}`
  return advice === undefined ? line : `${line}\n${' '.repeat(6 + TOPIC_CELLS + 1)}${advice}`
}
