import { expect, test } from 'vitest'
import { memberRow } from '../../src/ui/panes/members.ts'
import { initialState } from '../../src/ui/state/model.ts'
import { lookOf } from '../support/look.ts'

test('who came with version 1 is shown as such among the members', () => {
  const user = { id: '~zhang', name: 'zhang' }
  const member = { user, role: 'owner', online: false, status: 'available' } as const
  const row = (classic: boolean) =>
    memberRow(initialState({ columns: 80, rows: 24 }), { ...member, classic }, 30, lookOf())
  expect(row(true)).toMatch(/zhang +★ owner v1$/)
  expect(row(false)).toMatch(/zhang +★ owner$/)
})
