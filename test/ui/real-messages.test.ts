import { expect, test } from 'vitest'
import { RealOffice } from '../support/real-office.ts'

/** What is done with messages, between two clients and a server: nothing is scripted. */

const ENTER = '\r'
const UP = '\x1b[A'
const office = new RealOffice()

test('answers, edits, reactions and deletions are seen at once, and by who comes later', async () => {
  const ann = await office.register('ann')
  const ben = await office.register('ben')
  await ann.waitFor(/→ +ben joined/)
  ann.type(`deploy at 10${ENTER}`)
  await ben.waitFor(/ann +deploy at 10/)
  await ann.waitFor(/✓✓✓ deploy at 10/)

  ben.type('on')
  await ann.waitFor('ben is writing…')
  ben.type('\x15')
  ben.type(`/reply on it${ENTER}`)
  await ann.waitFor(/ben +╭ you: deploy at 10\n.* on it/)
  await ann.waitFor(({ text }) => !text.includes('is writing'))

  ann.type(`/edit deploy at 11${ENTER}`)
  await ben.waitFor('deploy at 11 (edited)')
  await ben.waitFor('╭ ann: deploy at 11')
  ben.type(`/react tada${ENTER}`)
  await ann.waitFor(/│ +🎉 1$/m)
  await ben.waitFor('[🎉 1]')
  ann.type(`/react tada${ENTER}`)
  await ann.waitFor('[🎉 1]')
  ben.type(`/unreact${ENTER}`)
  await ben.waitFor(({ text }) => !text.includes('[🎉'))

  ben.type(`/quit${ENTER}`)
  await ben.exitCode
  ann.type(`gone soon${ENTER}`)
  await ann.waitFor(/(?<!✓)✓ gone soon/)
  ann.type(`/delete${ENTER}`)
  await ann.waitFor('Delete this message for everybody?')
  ann.type(`${UP}${ENTER}`)
  await ann.waitFor(/you +deleted/)
  const again = office.client('ben')
  await again.waitFor(/ann +deleted/)
  expect(again.text).toContain('deploy at 11 (edited)')
  expect(again.text).not.toContain('gone soon')
})

test('who is named and away finds it marked; how far it has got is said in words', async () => {
  const cat = await office.register('cat')
  const dan = await office.register('dan')
  cat.type(`/create ops dan${ENTER}`)
  await dan.waitFor('#ops')
  cat.type(`@dan the keys?${ENTER}`)
  await dan.waitFor(/#ops +@1│/)
  await cat.waitFor(/(?<!✓)✓✓ @dan the keys\?/)
  dan.type('\x1ba')
  await dan.waitFor(/cat +»@dan the keys\?/)
  await cat.waitFor(/(?<!✓)✓✓✓ @dan the keys\?/)
  cat.type(`/info${ENTER}`)
  await cat.waitFor('✓✓✓ dan has read it')
})
