import { describe, expect, it } from 'vitest'
import { commonEmoji, emojiNamed, loadEmoji } from '../../../src/ui/input/emoji.ts'
import { shortcodeBefore } from '../../../src/ui/input/shortcode.ts'
import { graphemes } from '../../../src/ui/text/graphemes.ts'

describe('names of emoji', () => {
  it('has the common ones without loading', () => {
    expect(emojiNamed('thumbsup', commonEmoji)?.text).toBe('👍')
    expect(emojiNamed('TADA', commonEmoji)?.text).toBe('🎉')
    expect(emojiNamed('crab', commonEmoji)).toBeUndefined()
  })

  it('has all of them once loaded, the common ones first, each once', async () => {
    const all = await loadEmoji()
    expect(all.length).toBeGreaterThan(1_500)
    expect(all.slice(0, commonEmoji.length).map(({ text }) => text)).toEqual(
      commonEmoji.map(({ text }) => text),
    )
    expect(emojiNamed('crab', all)?.text).toBe('🦀')
    expect(emojiNamed('heart', all)?.text).toBe('❤')
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length)
  })

  it('calls the common ones as GitHub does', async () => {
    const { gemoji } = await import('gemoji')
    const named = new Map(gemoji.flatMap(({ emoji, names }) => names.map((it) => [it, emoji])))
    const wrong = commonEmoji.filter(({ text, names }) =>
      names.some((it) => named.get(it)?.replace('\uFE0F', '') !== text),
    )
    expect(wrong).toEqual([])
  })
})

describe('a shortcode before the cursor', () => {
  it.each<[string, string | undefined]>([
    [':tada:', '🎉'],
    ['well :+1:', '👍'],
    ['你好:rocket:', '🚀'],
    [':tada::tada:', undefined],
    ['🎉:tada:', '🎉'],
    ['10:100:', undefined],
    ['http://a:x:', undefined],
    [':nothing:', undefined],
    ['::', undefined],
    ['`:tada:', undefined],
    ['`code` :tada:', '🎉'],
    [':tada', undefined],
  ])('%j is %s', (text, emoji) => {
    const clusters = graphemes(text)
    const found = shortcodeBefore({ clusters, cursor: clusters.length }, commonEmoji)
    expect(found?.text).toBe(emoji)
  })
})
