import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordCandidate } from '../../../src/ui/input/completion.ts'
import {
  asksForNewline,
  completionOf,
  type EditorAction,
  type EditorContext,
  type EditorState,
  editorText,
  emptyEditor,
  isAtEnd,
  reduceEditor,
  type SimpleAction,
} from '../../../src/ui/input/editor.ts'
import { graphemes } from '../../../src/ui/text/graphemes.ts'
import { anyText, plainText } from '../text/texts.ts'

const context: EditorContext = { width: 20, history: ['oldest', 'two\nlines', 'newest'] }

/** `|` marks the cursor. */
function editor(marked: string, oneLine = false): EditorState {
  const [before = '', after = ''] = marked.split('|')
  const state = emptyEditor({ text: before + after, oneLine })
  return { ...state, cursor: graphemes(before).length }
}

function shown(state: EditorState): string {
  const { clusters, cursor } = state
  return `${clusters.slice(0, cursor).join('')}|${clusters.slice(cursor).join('')}`
}

function run(state: EditorState, ...steps: (SimpleAction | EditorAction)[]): EditorState {
  return steps.reduce((now, step) => {
    return reduceEditor(now, typeof step === 'string' ? { kind: step } : step, context)
  }, state)
}

function type(state: EditorState, text: string): EditorState {
  return run(state, ...graphemes(text).map((one) => ({ kind: 'insert', text: one }) as const))
}

describe('reduceEditor', () => {
  it.each<[SimpleAction, string, string]>([
    ['left', 'ab|c', 'a|bc'],
    ['left', '|abc', '|abc'],
    ['left', 'a👨‍👩‍👧‍👦|', 'a|👨‍👩‍👧‍👦'],
    ['right', 'ab|', 'ab|'],
    ['right', '|日本', '日|本'],
    ['wordLeft', 'one two|', 'one |two'],
    ['wordLeft', 'one two  |', 'one |two  '],
    ['wordLeft', "don't|", "|don't"],
    ['wordRight', '|one two', 'one| two'],
    ['wordRight', 'one| two', 'one two|'],
    ['wordRight', 'one two|', 'one two|'],
    ['lineStart', 'one\ntwo| three', 'one\n|two three'],
    ['lineStart', '|one\ntwo', '|one\ntwo'],
    ['lineEnd', 'o|ne\ntwo', 'one|\ntwo'],
    ['textStart', 'one\ntw|o', '|one\ntwo'],
    ['textEnd', 'o|ne\ntwo', 'one\ntwo|'],
    ['deleteLeft', 'ok 👍🏽|', 'ok |'],
    ['deleteLeft', '|ok', '|ok'],
    ['deleteRight', 'a|🇩🇪b', 'a|b'],
    ['deleteRight', 'a|', 'a|'],
    ['killWordLeft', 'one two-three|', 'one two-|'],
    ['killBlankLeft', 'one two-three|', 'one |'],
    ['killBlankLeft', 'one two  |', 'one |'],
    ['killBlankLeft', '我喜欢猫|', '我喜欢|'],
    ['killBlankLeft', 'hi 你好|', 'hi |'],
    ['killBlankLeft', 'https://x.example/a|', '|'],
    ['killWordRight', '|one two', '| two'],
    ['killLineStart', 'a\nbc|d', 'a\n|d'],
    ['killLineStart', 'a\n|d', 'a|d'],
    ['killLineEnd', 'a|bc\nd', 'a|\nd'],
    ['killLineEnd', 'a|\nd', 'a|d'],
    ['killLineEnd', 'abc|', 'abc|'],
    ['transpose', 'ab|c', 'acb|'],
    ['transpose', 'abc|', 'acb|'],
    ['transpose', '|abc', '|abc'],
    ['transpose', 'a|', 'a|'],
    ['transpose', 'a\n|b', 'a\n|b'],
    ['transpose', '日👍🏽|', '👍🏽日|'],
    ['newline', 'a|b', 'a\n|b'],
    ['newline', 'one\\|', 'one\n|'],
    ['clear', 'one\ntw|o', '|'],
    ['up', 'one\ntwo|', 'one|\ntwo'],
    ['down', 'on|e\ntwo', 'one\ntw|o'],
    ['submitted', 'sent|', '|'],
  ])('%s: %j becomes %j', (action, before, after) => {
    expect(shown(run(editor(before), action))).toBe(after)
  })

  it('joins what is typed after a cluster to it', () => {
    expect(shown(type(editor('e|x'), '\u0301'))).toBe('e\u0301|x')
    const family = run(
      editor('|'),
      { kind: 'insert', text: '👩' },
      { kind: 'insert', text: '\u200d' },
    )
    const joined = run(family, { kind: 'insert', text: '💻' })
    expect(joined.clusters).toEqual(['👩‍💻'])
    expect(editorText(run(joined, 'deleteLeft'))).toBe('')
    // A sign that goes before others takes what follows into its cluster.
    expect(type(editor('\u0600|'), 'a').clusters).toEqual(['\u0600a'])
  })

  it('keeps the newlines of a paste and takes its controls out', () => {
    const pasted = run(editor('a|b'), { kind: 'paste', text: '1\r\n2\r3\n\x1b[31m\x07\u202e4\t5' })
    expect(shown(pasted)).toBe('a1\n2\n3\n4\t5|b')
    expect(shown(run(editor('|', true), { kind: 'paste', text: '1\r\n2' }))).toBe('1 2|')
  })

  it('takes newlines for blanks in one line', () => {
    expect(shown(run(editor('a|', true), 'newline'))).toBe('a |')
  })

  it('moves up and down keeping the column, in cells', () => {
    const state = editor('日本語abc\nx\nabcdefg|')
    const middle = run(state, 'up')
    expect(shown(middle)).toBe('日本語abc\nx|\nabcdefg')
    expect(shown(run(middle, 'up'))).toBe('日本語a|bc\nx\nabcdefg')
    expect(shown(run(middle, 'up', 'down', 'down'))).toBe('日本語abc\nx\nabcdefg|')
  })

  it('moves up and down through wrapped rows', () => {
    const state = editor('aaaa bbbb cccc dddd eeee|')
    expect(shown(run(state, 'up'))).toBe('aaaa| bbbb cccc dddd eeee')
    expect(shown(run(state, 'up', 'down'))).toBe('aaaa bbbb cccc dddd eeee|')
  })

  it('stays in a wrapped row that is shorter', () => {
    const state = editor('aaaa bbbb ccc ddddddddddddddd|')
    expect(shown(run(state, 'up'))).toBe('aaaa bbbb ccc| ddddddddddddddd')
    expect(shown(run(state, 'up', 'down'))).toBe('aaaa bbbb ccc ddddddddddddddd|')
  })
})

describe('kill ring', () => {
  it('joins kills that follow each other, in both directions', () => {
    const killed = run(
      editor('one two |three four'),
      'killWordRight',
      'killBlankLeft',
      'killLineEnd',
    )
    expect(shown(killed)).toBe('one |')
    expect(shown(run(killed, 'yank'))).toBe('one two three four|')
  })

  it('begins anew after another action', () => {
    const killed = run(editor('one two|'), 'killBlankLeft', 'left', 'lineEnd', 'killBlankLeft')
    expect(killed.kills).toEqual(['one ', 'two'])
    expect(shown(run(killed, 'yank'))).toBe('one |')
    expect(shown(run(killed, 'yank', 'yankPop'))).toBe('two|')
    expect(shown(run(killed, 'yank', 'yankPop', 'yankPop'))).toBe('one |')
  })

  it('pops only after a yank, and one undo takes the yank back', () => {
    const killed = run(editor('one two|'), 'killBlankLeft', 'left', 'lineEnd', 'killBlankLeft')
    expect(shown(run(killed, 'yankPop'))).toBe('|')
    expect(shown(run(killed, 'yank', 'yankPop', 'undo'))).toBe('|')
  })

  it('outlives sending', () => {
    expect(shown(run(editor('one two|'), 'killBlankLeft', 'submitted', 'yank'))).toBe('two|')
  })
})

describe('undo', () => {
  it('takes back a word at a time', () => {
    const typed = type(editor('|'), 'one two three')
    expect(shown(run(typed, 'undo'))).toBe('one two |')
    expect(shown(run(typed, 'undo', 'undo'))).toBe('one |')
    expect(shown(run(typed, 'undo', 'undo', 'undo'))).toBe('|')
    expect(shown(run(typed, 'undo', 'undo', 'undo', 'undo'))).toBe('|')
  })

  it('brings back what was cleared, with the cursor', () => {
    expect(shown(run(editor('he|llo'), 'clear', 'undo'))).toBe('he|llo')
  })
})

describe('history', () => {
  it('goes back and forth and keeps the draft', () => {
    const draft = editor('my dra|ft')
    const once = run(draft, 'historyPrevious')
    expect(shown(once)).toBe('newest|')
    expect(shown(run(once, 'historyPrevious', 'historyPrevious'))).toBe('oldest|')
    expect(shown(run(once, 'historyPrevious', 'historyPrevious', 'historyPrevious'))).toBe(
      'oldest|',
    )
    expect(shown(run(once, 'historyNext'))).toBe('my draft|')
    expect(shown(run(once, 'historyNext', 'historyNext'))).toBe('my draft|')
  })

  it('is reached by up and down from the first and last row', () => {
    const two = run(editor('draft|'), 'up', 'up')
    expect(shown(two)).toBe('two\nlines|')
    expect(shown(run(two, 'up'))).toBe('two|\nlines')
    expect(shown(run(two, 'up', 'up'))).toBe('oldest|')
    expect(shown(run(two, 'down', 'down'))).toBe('draft|')
  })

  it('takes an edited entry as a new draft, and undo finds the old one', () => {
    const changed = type(run(editor('draft|'), 'up'), '!')
    expect(shown(run(changed, 'up', 'down'))).toBe('newest!|')
    expect(shown(run(changed, 'undo', 'undo'))).toBe('draft|')
  })
})

describe('completion', () => {
  const candidates = ['@alice', '@Albert', '#alpha', '/away', '/add'].map(wordCandidate)
  const tab: EditorAction = { kind: 'complete', candidates, step: 1 }
  const back: EditorAction = { kind: 'complete', candidates, step: -1 }

  it.each<[string, string]>([
    ['@a|', '@alice |'],
    ['hi @AL|', 'hi @alice |'],
    ['hi #|', 'hi #alpha |'],
    ['/ad|', '/add |'],
    ['a /ad|', 'a /ad|'],
    ['alb|', '@Albert |'],
    ['|', '|'],
    ['@a |', '@a |'],
    ['@zed|', '@zed|'],
    ['@al| ice', '@alice | ice'],
  ])('completes %j to %j', (before, after) => {
    expect(shown(run(editor(before), tab))).toBe(after)
  })

  it('cycles both ways by way of what was typed, and one undo takes it back', () => {
    const state = editor('@a|')
    expect(shown(run(state, tab, tab))).toBe('@Albert |')
    expect(shown(run(state, tab, tab, tab))).toBe('@a|')
    expect(shown(run(state, back))).toBe('@Albert |')
    expect(shown(run(state, tab, tab, back))).toBe('@alice |')
    expect(shown(run(state, tab, tab, 'undo'))).toBe('@a|')
  })

  it('begins anew after another key', () => {
    expect(shown(run(editor('@a|'), tab, { kind: 'insert', text: '#' }, tab))).toBe(
      '@alice #alpha |',
    )
  })
})

describe('completion of what has a sign', () => {
  const emoji = { text: '👍', key: ':thumbsup', label: '👍 thumbsup' }
  const candidates = [...['@alice', '@bob', '#项目组', '/create'].map(wordCandidate), emoji]
  const tab: EditorAction = { kind: 'complete', candidates, step: 1 }

  it.each<[string, string]>([
    ['@lc|', '@alice |'],
    ['lc|', 'lc|'],
    ['你好@al|', '你好@alice |'],
    ['(@al|', '(@alice |'],
    ['#项|', '#项目组 |'],
    ['#组|', '#项目组 |'],
    [':thu|', '👍|'],
    ['好:tup|', '好👍|'],
    ['10:thu|', '10:thu|'],
    ['a@b|', 'a@b|'],
    ['/ct|', '/create |'],
    ['x /ct|', 'x /ct|'],
  ])('completes %j to %j', (before, after) => {
    expect(shown(run(editor(before), tab))).toBe(after)
  })

  it('has what begins so first, and knows what is offered', () => {
    const two = ['@mbob', '@bob'].map(wordCandidate)
    const state = run(editor('@bo|'), { kind: 'complete', candidates: two, step: 1 })
    expect(completionOf(state)?.options.map(({ key }) => key)).toEqual(['@bo', '@bob', '@mbob'])
    expect(completionOf(run(state, 'left'))).toBeUndefined()
  })
})

describe('the search for what was sent', () => {
  const search = (state: EditorState, ...keys: (SimpleAction | EditorAction)[]) =>
    run(state, 'searchHistory', ...keys)
  const typed = (text: string): EditorAction[] =>
    graphemes(text).map((one) => ({ kind: 'insert', text: one }))

  it('shows the newest that has it, and again the one before', () => {
    const state = search(editor('draft|'), ...typed('E'))
    expect(editorText(state)).toBe('newest')
    expect(editorText(run(state, 'searchHistory'))).toBe('two\nlines')
    expect(editorText(run(state, 'searchHistory', 'searchHistory'))).toBe('oldest')
    expect(editorText(run(state, 'searchHistory', 'down'))).toBe('newest')
  })

  it('stays where it is when nothing further back has it, and says so', () => {
    const state = search(editor('|'), ...typed('old'), 'searchHistory')
    expect(editorText(state)).toBe('oldest')
    expect(state.search).toMatchObject({ query: 'old', failed: true })
    expect(search(editor('draft|'), ...typed('zzz')).search?.failed).toBe(true)
    expect(editorText(search(editor('draft|'), ...typed('zzz')))).toBe('draft')
  })

  it('takes what was found, which undo takes back', () => {
    const taken = search(editor('draft|'), ...typed('two'), 'searchAccept')
    expect(shown(taken)).toBe('two\nlines|')
    expect(taken.search).toBeUndefined()
    expect(shown(run(taken, 'undo'))).toBe('draft|')
  })

  it.each<SimpleAction>(['searchCancel', 'clear'])('gives the draft back at %s', (key) => {
    const back = search(editor('dr|aft'), ...typed('two'), key)
    expect(shown(back)).toBe('dr|aft')
    expect(back.search).toBeUndefined()
  })

  it('finds again after a deleted character, by any script', () => {
    const history = ['发布在十点', '日本語', '发货']
    const at = (state: EditorState, action: EditorAction) =>
      reduceEditor(state, action, { width: 20, history })
    const steps: EditorAction[] = [{ kind: 'searchHistory' }, ...typed('发布')]
    const found = steps.reduce(at, emptyEditor())
    expect(editorText(found)).toBe('发布在十点')
    const shorter = at(found, { kind: 'deleteLeft' })
    expect(editorText(shorter)).toBe('发货')
    expect(editorText(at(shorter, { kind: 'deleteLeft' }))).toBe('')
  })

  it('ends at any other key, which does what it does', () => {
    const state = search(editor('draft|'), ...typed('new'), 'killBlankLeft')
    expect(shown(state)).toBe('|')
    expect(state.search).toBeUndefined()
    expect(shown(run(state, 'undo', 'undo'))).toBe('draft|')
  })
})

describe('what is put in from elsewhere', () => {
  it('keeps a text for yank', () => {
    const state = run(editor('a|b'), { kind: 'keep', text: 'x\r\ny\u001b[31m' })
    expect(shown(state)).toBe('a|b')
    expect(shown(run(state, 'yank'))).toBe('ax\ny|b')
  })

  it('replaces what stands before the cursor, and undo gives it back', () => {
    const state = run(editor('ok :tada:|!'), { kind: 'replaceLeft', count: 6, text: '🎉' })
    expect(shown(state)).toBe('ok 🎉|!')
    expect(shown(run(state, 'undo'))).toBe('ok :tada:|!')
  })
})

describe('what keys depend on', () => {
  it('knows the end and a backslash at it', () => {
    expect(isAtEnd(editor('ab|'))).toBe(true)
    expect(isAtEnd(editor('a|b'))).toBe(false)
    expect(asksForNewline(editor('a\\|'))).toBe(true)
    expect(asksForNewline(editor('a|\\'))).toBe(false)
    expect(asksForNewline(editor('a\\|', true))).toBe(false)
    expect(asksForNewline(editor('a\\|\nb'))).toBe(true)
    expect(asksForNewline(editor('a\\|b'))).toBe(false)
    expect(shown(run(editor('a\\|\nb'), 'newline'))).toBe('a\n|\nb')
  })
})

describe('any sequence of actions', () => {
  const words = ['@alice', '/join'].map(wordCandidate)
  const simple = fc.constantFrom<SimpleAction>(
    ...(['newline', 'left', 'right', 'wordLeft', 'wordRight', 'lineStart', 'lineEnd'] as const),
    ...(['textStart', 'textEnd', 'up', 'down', 'deleteLeft', 'deleteRight'] as const),
    ...(['killWordLeft', 'killBlankLeft', 'killWordRight', 'killLineStart'] as const),
    ...(['killLineEnd', 'yank', 'yankPop', 'transpose', 'undo', 'clear'] as const),
    ...(['historyPrevious', 'historyNext', 'submitted'] as const),
    ...(['searchHistory', 'searchAccept', 'searchCancel'] as const),
  )
  const action = fc.oneof(
    simple.map((kind) => ({ kind })),
    fc.record({ kind: fc.constantFrom('insert' as const, 'paste' as const), text: anyText() }),
    fc.constant<EditorAction>({ kind: 'complete', candidates: words, step: 1 }),
    fc.record({ kind: fc.constant('keep' as const), text: anyText() }),
    fc.record({ kind: fc.constant('replaceLeft' as const), count: fc.nat(9), text: anyText() }),
  )

  it('leaves whole clusters and the cursor between them', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fc.boolean(), (actions, oneLine) => {
        let state = emptyEditor({ oneLine })
        for (const one of actions) {
          state = reduceEditor(state, one, context)
          expect(state.clusters).toEqual(graphemes(editorText(state)))
          expect(state.cursor).toBeGreaterThanOrEqual(0)
          expect(state.cursor).toBeLessThanOrEqual(state.clusters.length)
          if (oneLine) expect(editorText(state)).not.toContain('\n')
        }
      }),
    )
  })

  it('is undone step by step to the empty text', () => {
    const noSubmit = action.filter(({ kind }) => kind !== 'submitted' && kind !== 'undo')
    fc.assert(
      fc.property(fc.array(noSubmit, { maxLength: 40 }), (actions) => {
        const done = run(emptyEditor(), ...actions, 'searchCancel')
        const undone = run(done, ...done.undo.map(() => 'undo' as const))
        expect(editorText(undone)).toBe('')
      }),
    )
  })

  // Of plain text: what a kill leaves side by side may join elsewhere (letter and combining mark).
  it('gives back by yank what a kill took', () => {
    const kills = fc.constantFrom<SimpleAction>(
      ...([
        'killWordLeft',
        'killBlankLeft',
        'killWordRight',
        'killLineStart',
        'killLineEnd',
      ] as const),
    )
    fc.assert(
      fc.property(plainText(), fc.nat(), kills, (text, pick, kill) => {
        const whole = emptyEditor({ text })
        const state = { ...whole, cursor: pick % (whole.clusters.length + 1) }
        const killed = run(state, kill)
        fc.pre(killed.kills.length > 0)
        expect(editorText(run(killed, 'yank'))).toBe(editorText(state))
      }),
    )
  })
})
