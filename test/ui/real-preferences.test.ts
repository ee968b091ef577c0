import { expect, test } from 'vitest'
import { RealOffice } from '../support/real-office.ts'

/** What is of the account is the same on its clients, and outlasts them: nothing is scripted. */

const ENTER = '\r'
const office = new RealOffice()

test('what one client pins, mutes, marks and says of itself the other one shows, also after both have ended', async () => {
  const ann = await office.register('ann')
  const other = office.client('ann')
  await other.waitFor('#lobby')
  const ben = await office.register('ben')
  ben.type(`/create ops ann${ENTER}`)
  await ben.waitFor('▸ #ops')
  ben.type(`first${ENTER}`)
  // Who has not heard of the text yet has no count that could go.
  for (const screen of [ann, other]) await screen.waitFor(/#ops +1/)

  ann.type(`/goto #ops${ENTER}`)
  await ann.waitFor('▸ #ops')
  await other.waitFor(({ text }) => !/#ops +1/.test(text))
  ann.type(`/mark-unread${ENTER}`)
  // A mark that comes where the conversation is open already stays.
  await other.waitFor(/#ops +1/)
  other.type(`/goto #ops${ENTER}`)
  await other.waitFor('1 new ──')
  await ann.waitFor(({ text }) => !/#ops +1/.test(text))

  ann.type(`/mute${ENTER}`)
  await other.waitFor(/#ops +muted/)
  other.type(`/pin${ENTER}`)
  await ann.waitFor('◆#ops')
  ann.type(`/notify none${ENTER}`)
  await ann.waitFor('You are told of nothing from #ops.')
  ann.type(`/away${ENTER}`)
  await other.waitFor(({ rows }) => rows[0]?.includes('◐ away') === true)
  ben.type(`/add ann${ENTER}`)
  await ben.waitFor('online, but away')

  for (const screen of [ann, other]) {
    screen.type(`/quit${ENTER}`)
    await screen.exitCode
  }
  const again = office.client('ann')
  await again.waitFor(({ rows }) => rows[0]?.includes('◐ away') === true)
  await again.waitFor(/◆#ops +muted/)
  again.type(`/group${ENTER}`)
  await again.waitFor('For you  pinned · muted · told of nothing')
  await ben.waitFor('online, but away')
  again.type('\x1b')
  await again.waitFor(({ text }) => !text.includes('For you'))
  again.type(`/away off${ENTER}`)
  await ben.waitFor(({ text }) => text.includes('online') && !text.includes('but away'))
  expect(again.rows[0]).not.toContain('◐')
})
