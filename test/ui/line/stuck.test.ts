import { expect, test } from 'vitest'
import type { Link } from '../../../src/net/events.ts'
import { lineWords } from '../../../src/ui/catalogue/en-line.ts'
import type { LineContext } from '../../../src/ui/line/context.ts'
import type { ReadMarks } from '../../../src/ui/line/read-marks.ts'
import { Speaker } from '../../../src/ui/line/speaker.ts'

test('that the server can save nothing, and that it can again, is said once', () => {
  const said: string[] = []
  const context = {
    line: lineWords,
    look: { clock: { day: () => 0 } },
    say: (text: string) => said.push(text),
  } as unknown as LineContext
  const speaker = new Speaker(context, {} as ReadMarks, 0)
  const hear = (link: Link) => speaker.take({ type: 'link', link })
  hear({ state: 'online', latencyMs: 1 })
  hear({ state: 'online', latencyMs: 1, stuck: true })
  hear({ state: 'online', latencyMs: 2, stuck: true })
  expect(said).toEqual([lineWords.link.stuck])
  hear({ state: 'online', latencyMs: 3 })
  hear({ state: 'online', latencyMs: 4 })
  expect(said).toEqual([lineWords.link.stuck, lineWords.link.unstuck])
})
