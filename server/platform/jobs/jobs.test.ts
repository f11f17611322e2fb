import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { cancelJob, enqueue, enqueueDue, findJob, type Job, listJobs, runDue, slotOf, startWorkers } from './index.ts'

let bank: TestBank
beforeEach(async () => {
  bank = await testBank()
})
afterEach(() => bank.close())

const until = async (holds: () => Promise<boolean>) => {
  for (let tries = 0; tries < 1000 && !(await holds()); tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await holds()).toBe(true)
}
const stateOf = async (jobId: string) => (await findJob(bank.rt, jobId)).state

describe('a piece of work', () => {
  test('is done once, and its result is kept', async () => {
    const ran: unknown[] = []
    const jobId = await enqueue(bank.rt, 'count', { upTo: 3 })
    const job: Job = { name: 'count', handle: async (_rt, payload) => ({ counted: ran.push(payload) + 2 }) }
    expect([await runDue(bank.rt, [job]), await runDue(bank.rt, [job])]).toEqual([1, 0])
    expect(await findJob(bank.rt, jobId)).toMatchObject({ state: 'done', result: { counted: 3 }, attempts: 1 })
    expect(ran).toEqual([{ upTo: 3 }])
  })

  test('exists only if the transaction that asks for it commits', async () => {
    await transaction(bank.rt, async (rt) => {
      await enqueue(rt, 'count', {})
      throw new Error('changed my mind')
    }).catch(() => {})
    expect(await listJobs(bank.rt)).toEqual([])
  })

  test('asked for twice by the same key is one job until it is over', async () => {
    const first = await enqueue(bank.rt, 'import', {}, { key: 'feed 7' })
    expect(await enqueue(bank.rt, 'import', {}, { key: 'feed 7' })).toBe(first)
    await runDue(bank.rt, [{ name: 'import', handle: async () => {} }])
    expect(await enqueue(bank.rt, 'import', {}, { key: 'feed 7' })).not.toBe(first)
  })

  test('that fails is tried again after a pause, and given up after its attempts', async () => {
    const job: Job = { name: 'fragile', handle: () => Promise.reject(new Error('no luck')) }
    const jobId = await enqueue(bank.rt, 'fragile', {}, { attemptsMax: 2 })
    await runDue(bank.rt, [job])
    expect(await findJob(bank.rt, jobId)).toMatchObject({ state: 'waiting', error: 'no luck', attempts: 1 })
    await bank.rt.db`update platform.job set due_at = clock_timestamp()`
    await runDue(bank.rt, [job])
    expect(await findJob(bank.rt, jobId)).toMatchObject({ state: 'failed', attempts: 2 })
  })
})

describe('a server that dies in the middle', () => {
  test('another takes the work up from the progress that was recorded', async () => {
    const jobId = await enqueue(bank.rt, 'long', {})
    // As a killed server leaves it: running, with what it had recorded, its lease over.
    await bank.rt.db`
      update platform.job set state = 'running', attempts = 1, progress = '{"rows": 500}', due_at = clock_timestamp()`
    const resumedFrom: unknown[] = []
    await runDue(bank.rt, [
      { name: 'long', handle: async (_rt, _payload, { resumeFrom }) => void resumedFrom.push(resumeFrom) },
    ])
    expect(resumedFrom).toEqual([{ rows: 500 }])
    expect(await findJob(bank.rt, jobId)).toMatchObject({ state: 'done', attempts: 2 })
  })

  test('one that was only paused can record nothing any more', async () => {
    const jobId = await enqueue(bank.rt, 'long', {})
    let lost = false
    const job: Job = {
      name: 'long',
      handle: async (_rt, _payload, { progress, signal }) => {
        await bank.rt.db`update platform.job set fence = fence + 1`
        await progress({ rows: 1 })
        lost = signal.aborted
        return 'done by the wrong one'
      },
    }
    await runDue(bank.rt, [job])
    expect(lost).toBe(true)
    expect(await findJob(bank.rt, jobId)).toMatchObject({ state: 'running', progress: null, result: null })
  })

  test('one that closes in order puts the work back, and that is no attempt', async () => {
    const jobId = await enqueue(bank.rt, 'long', {})
    let started = false
    const job: Job = {
      name: 'long',
      handle: (_rt, _payload, { signal }) =>
        new Promise((_, reject) => {
          started = true
          signal.addEventListener('abort', () => reject(new Error('stopped')))
        }),
    }
    const workers = startWorkers(bank.rt, [job], { idleMs: 5 })
    await until(async () => started)
    await workers.stop()
    expect(await findJob(bank.rt, jobId)).toMatchObject({ state: 'waiting', attempts: 0, error: null })
  })
})

describe('cancelling', () => {
  test('ends waiting work at once', async () => {
    const jobId = await enqueue(bank.rt, 'long', {})
    await cancelJob(bank.rt, jobId)
    expect(await stateOf(jobId)).toBe('cancelled')
    await expect(cancelJob(bank.rt, jobId)).rejects.toMatchObject({ code: 'job_is_over' })
  })

  test('stops running work at its next safe place, within seconds', async () => {
    const jobId = await enqueue(bank.rt, 'long', {})
    const job: Job = {
      name: 'long',
      handle: (_rt, _payload, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    }
    const workers = startWorkers(bank.rt, [job], { idleMs: 5 })
    await until(async () => (await stateOf(jobId)) === 'running')
    await cancelJob(bank.rt, jobId)
    await until(async () => (await stateOf(jobId)) === 'cancelled')
    await workers.stop()
  })
})

describe('a schedule', () => {
  test('by day comes round at its time in the bank’s zone, also on the days the clocks change', () => {
    const daily = { dailyAt: '02:30' }
    expect(slotOf(daily, new Date('2026-03-29T00:20:00Z'), 'Europe/Berlin')).toBeUndefined()
    // 02:30 does not exist on that day: the first moment after it counts.
    expect(slotOf(daily, new Date('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe('2026-03-29')
    expect(slotOf(daily, new Date('2026-10-25T01:45:00Z'), 'Europe/Berlin')).toBe('2026-10-25')
  })

  test('becomes one job a slot, however many servers look', async () => {
    const jobs: Job[] = [{ name: 'hourly', schedule: { everySeconds: 3600 }, handle: async () => {} }]
    await Promise.all([1, 2, 3].map(() => enqueueDue(bank.rt, jobs, 'UTC')))
    expect(await runDue(bank.rt, jobs)).toBe(1)
    await enqueueDue(bank.rt, jobs, 'UTC')
    expect(await runDue(bank.rt, jobs)).toBe(0)
    bank.clock.advanceMs(3_600_000)
    await enqueueDue(bank.rt, jobs, 'UTC')
    expect(await runDue(bank.rt, jobs)).toBe(1)
  })
})
