import { expect, test } from 'vitest'
import { ChatError } from '../../../src/protocol/errors.ts'
import { Jobs } from '../../../src/server/admin/jobs.ts'
import { type Report, report } from '../../../src/server/admin/report.ts'

/** Nobody waits for anything: every step is too short. */
function impatient() {
  const job = Promise.withResolvers<Report>()
  return { jobs: new Jobs(0), job, run: () => job.promise }
}

test('what takes longer than a step is asked about again, and told once', async () => {
  const { jobs, job, run } = impatient()
  const first = await jobs.step('', run)
  expect(first).toMatchObject({ rows: [], next: expect.stringMatching(/./) })
  expect(await jobs.step(first.next, run)).toEqual(first)
  job.resolve(report({ done: true }))
  expect(await jobs.step(first.next, run)).toEqual({ rows: [{ done: true }], next: '' })
  await expect(jobs.step(first.next, run)).rejects.toMatchObject({ code: 'badRequest' })
})

test('what fails between two steps is told at the next one', async () => {
  const { jobs, job, run } = impatient()
  const { next } = await jobs.step('', run)
  job.reject(new ChatError('badRequest', 'no room'))
  await expect(jobs.step(next, run)).rejects.toThrow('no room')
})

test('few run at a time; others may begin when one is done', async () => {
  const { jobs, job, run } = impatient()
  const { next } = await jobs.step('', run)
  await jobs.step('', run)
  await expect(jobs.step('', run)).rejects.toMatchObject({ code: 'tooMany' })
  job.resolve(report())
  await jobs.step(next, run)
  expect(await jobs.step('', async () => report({ again: true }))).toMatchObject({ next: '' })
})
