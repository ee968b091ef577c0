/** What is said in the benches of the client, in turns: a third of it wide, one long line. */
export const TEXTS = [
  'Shall we look at the release together? All of the tests are green',
  '我们一起看一下这个版本吧？最后三处改动已经合入，所有测试都通过了。',
  'on it 👍',
  'https://ci.example/builds/42/artifacts/report-with-a-rather-long-name.html?full=yes#summary',
  'はい、昼までに直します 🎉 それから連絡します',
  'Выглядит хорошо, но один тест всё ещё падает на медленной машине',
  'the column stays straight, whatever stands in it: 日本語 한국어 and emoji 🙂',
  'ok',
] as const

/** Who says it, in turns. */
export const SPEAKERS = Array.from({ length: 40 }, (_, at) => `speaker${at}`)

/** The text and the speaker of the message with that number. */
export function saidAt(at: number): Readonly<{ text: string; speaker: number }> {
  return { text: TEXTS[at % TEXTS.length] ?? '', speaker: (at * 7) % SPEAKERS.length }
}
