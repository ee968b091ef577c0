import { describe, expect, test } from 'vitest'
import { commonEmoji } from '../../src/ui/input/emoji.ts'
import { reactionChoices, reactionOf } from '../../src/ui/log/reactions.ts'

describe('reactions', () => {
  test.each([
    [':tada:', '🎉'],
    ['tada', '🎉'],
    [':TADA', '🎉'],
    ['+1', '👍'],
    ['🦀', '🦀'],
    ['❤\uFE0F', '❤'],
    ['ship-it', 'ship-it'],
    [' 👍 ', '👍'],
    ['two words', undefined],
    ['', undefined],
    ['x'.repeat(65), undefined],
  ])('%j means %s', (typed, text) => {
    expect(reactionOf(typed, commonEmoji)).toBe(text)
  })

  test('before anything is typed the common ones are offered', () => {
    const texts = reactionChoices('', commonEmoji).map(({ text }) => text)
    expect(texts.slice(0, 2)).toEqual(['👍', '❤'])
    expect(texts).toHaveLength(12)
  })

  test('what fits comes first, what was typed last, nothing twice', () => {
    const texts = (typed: string) => reactionChoices(typed, commonEmoji).map(({ text }) => text)
    expect(texts('rock')).toEqual(['🚀', 'rock'])
    expect(texts('tada')).toEqual(['🎉'])
    expect(texts('❤\uFE0F')).toEqual(['❤'])
    expect(texts(':nothing')).toEqual([])
    expect(texts('🦀')).toEqual(['🦀'])
    expect(texts('two words')).toEqual([])
  })
})
