import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { type Runtime, transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { person, runPlaybook } from '#test/playbook'
import { registerKinds } from '#trust/playbook'
import { documentSchema } from '#trust/playbook/contract'
import { confirmRestart, invariants, isStopped, listStops, proposeRestart, stop, stops, stopsNow } from './index.ts'

const duty = person('duty-manager')
const second = person('second-manager')

let bank: TestBank
let rt: Runtime
beforeAll(async () => {
  bank = await testBank()
  rt = bank.rt
})
afterAll(async () => {
  expect((await runInvariants(rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await bank.close()
})

/** Another server process on the same stores, as far as memory goes. */
const anotherServer = (): Runtime => ({ ...rt, config: { ...rt.config } })

const start = async (stopId: string) => {
  await proposeRestart(rt, stopId, 'It is mended.', duty)
  return confirmRestart(rt, stopId, second)
}

describe('everything stops when the duty manager says so', () => {
  test('one person is enough, and every server knows within a second', async () => {
    const other = anotherServer()
    expect(isStopped(await stops(other), { action: 'goal_saver' })).toBe(false)
    const { stopId, version } = await stop(rt, { scope: 'everything', reason: 'Wrong rates.' }, duty)
    expect(await stops(rt)).toMatchObject({ everything: true, version })
    const before = performance.now()
    while (!(await stops(other)).everything) await new Promise((resolve) => setTimeout(resolve, 20))
    // A second when the machine is idle; the promise to the bank is ten.
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(isStopped(await stops(other), { action: 'goal_saver' })).toBe(true)
    await start(stopId)
  })

  test('one action, one template or one channel stops, and nothing else', async () => {
    const stopped = []
    for (const [scope, target] of [
      ['action', 'goal_saver'],
      ['template', 'welcome'],
      ['channel', 'sms'],
    ] as const) {
      stopped.push((await stop(rt, { scope, target, reason: 'A slip.' }, duty)).stopId)
    }
    const now = await stops(rt)
    expect(isStopped(now, { action: 'goal_saver', channel: 'app' })).toBe(true)
    expect(isStopped(now, { action: 'easy_saver', channel: 'sms' })).toBe(true)
    expect(isStopped(now, { action: 'easy_saver', template: 'welcome' })).toBe(true)
    expect(isStopped(now, { action: 'easy_saver', channel: 'app', template: 'other' })).toBe(false)
    for (const stopId of stopped) await start(stopId)
    expect(await listStops(rt.db)).toEqual([])
  })

  test('a name that does not exist is refused: a brake on nothing would stop nothing', async () => {
    const own = await testBank()
    registerKinds({ kind: 'channel', folder: 'channels', schema: documentSchema('channel', {}) })
    await runPlaybook(own.rt, [{ kind: 'channel', id: 'sms', title: 'SMS' }])
    await expect(stop(own.rt, { scope: 'channel', target: 'smss', reason: 'x' }, duty)).rejects.toMatchObject({
      code: 'stop_target',
      message: 'There is no channel "smss". Did you mean sms?',
    })
    await stop(own.rt, { scope: 'channel', target: 'sms', reason: 'x' }, duty)
    await own.close()
    await expect(stop(rt, { scope: 'everything', target: 'sms', reason: 'x' }, duty)).rejects.toMatchObject({
      code: 'stop_target',
    })
    await expect(stop(rt, { scope: 'action', reason: 'x' }, duty)).rejects.toMatchObject({ code: 'stop_target' })
  })

  test('the version counts up with every change, so that a decision can say what it knew', async () => {
    const { version } = await stopsNow(rt.db)
    const { stopId, version: stopped } = await stop(rt, { scope: 'channel', target: 'post', reason: 'Strike.' }, duty)
    expect(stopped).toBe(version + 1)
    expect((await start(stopId)).version).toBe(version + 2)
  })

  test('a stop that is rolled back was never believed by anybody', async () => {
    const before = await stops(rt)
    const failed = transaction(rt, async (rt) => {
      await stop(rt, { scope: 'everything', reason: 'x' }, duty)
      expect((await stopsNow(rt.db)).everything).toBe(true)
      throw new Error('the transaction fails')
    })
    await expect(failed).rejects.toThrow('the transaction fails')
    expect(await stops(rt)).toEqual(before)
  })

  test('fifty people stop things at once: no stop is lost and no version is given twice', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, i) => stop(rt, { scope: 'action', target: `action_${i}`, reason: 'x' }, duty)),
    )
    expect(new Set(made.map(({ version }) => version)).size).toBe(50)
    expect((await stopsNow(rt.db)).actions.size).toBe(50)
    for (const { stopId } of made) await start(stopId)
  })
})

describe('starting again takes two', () => {
  test('who proposed cannot confirm; a colleague can', async () => {
    const { stopId } = await stop(rt, { scope: 'action', target: 'loan', reason: 'x' }, duty)
    await expect(confirmRestart(rt, stopId, second)).rejects.toMatchObject({ code: 'restart_not_proposed' })
    await proposeRestart(rt, stopId, 'Mended.', duty)
    await expect(confirmRestart(rt, stopId, duty)).rejects.toMatchObject({ code: 'starting_again_takes_two' })
    await expect(rt.db`
      insert into trust.restart_confirmation (stop_id, restart_id, proposed_by, confirmed_by, confirmed_at)
      select stop_id, restart_id, proposed_by, proposed_by, now() from trust.restart where stop_id = ${stopId}`).rejects.toThrow(
      'starting_again_takes_two',
    )
    expect((await stops(rt)).actions.has('loan')).toBe(true)
    await confirmRestart(rt, stopId, second)
    expect((await stops(rt)).actions.has('loan')).toBe(false)
    await expect(proposeRestart(rt, stopId, 'again', duty)).rejects.toMatchObject({ code: 'stop_over' })
  })

  test('a key may stop, being fast matters; it cannot start', async () => {
    const key = person('watchdog', { kind: 'key' })
    const { stopId } = await stop(rt, { scope: 'channel', target: 'email', reason: 'Bounces.' }, key)
    await expect(proposeRestart(rt, stopId, 'x', key)).rejects.toMatchObject({ code: 'starting_takes_people' })
    await start(stopId)
  })

  test('what was stopped and started, by whom and why, stays on record', async () => {
    const [row] = await listStops(rt.db, { all: true })
    expect(row).toMatchObject({
      stoppedBy: expect.any(String),
      restart: { proposedBy: 'duty-manager' },
      confirmedBy: 'second-manager',
    })
    await expect(rt.db`delete from trust.stop`).rejects.toThrow('append-only')
  })
})
