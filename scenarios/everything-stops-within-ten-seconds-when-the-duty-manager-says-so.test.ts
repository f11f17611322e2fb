import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { type Document, type Follower, followPlaybook } from '#trust/playbook'

/** Two servers serve the bank's app. Dag is on duty when a wrong rate is noticed. */
const SAVERS = Array.from({ length: 160 }, (_, i) => 1000 + i)

let bank: TestBank
let here: TestHttp
let there: TestHttp
let followers: Follower[]
beforeAll(async () => {
  bank = await testBank()
  const playbook = await smallPlaybook((documents) => documents.filter(({ kind }) => kind !== 'experiment'))
  await runPlaybook(
    bank.rt,
    [...playbook.documents.values()].flatMap((ofKind): Document[] => [...ofKind.values()]),
  )
  const second = { ...bank.rt, config: { ...bank.rt.config } }
  here = await testHttp(bank)
  there = await testHttp({ ...bank, rt: second })
  followers = [await followPlaybook(bank.rt, { name: 'here' }), await followPlaybook(second, { name: 'there' })]
  for (const id of SAVERS) {
    await bank.rt.db`insert into know.customer (customer_id, birth_on, source) values (${id}, '1990-05-05', 'core')`
    await bank.rt.db`
      insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
      values (${id}, ${id}, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 5, "surplus": 12000}')`
    await bank.rt.db`
      insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
      values (${id}, ${id}, 'owner', 'sole', 10000, '2020-01-01', ${id})`
  }
})
afterAll(async () => {
  for (const follower of followers) await follower.close()
  await there.close()
  await here.close()
  await bank.close()
})

const offered = async (http: TestHttp, customerId: number): Promise<string[]> => {
  const { status, body } = await http.call('POST', '/api/decide/decisions', {
    as: http.key,
    body: { customerId, channel: 'app' },
  })
  expect(status).toBe(200)
  return body.actions.map(({ action }: { action: string }) => action)
}

const STOPS = '/api/trust/stops'
let stopId: string

test('before: both servers offer the Goal Saver', async () => {
  expect([await offered(here, SAVERS[0]!), await offered(there, SAVERS[1]!)]).toEqual([['goal_saver'], ['goal_saver']])
})

test('an advisor may not pull the brake', async () => {
  const { status } = await here.call('POST', STOPS, { as: 'riya', body: { scope: 'everything', reason: 'x' } })
  expect(status).toBe(403)
})

test('Dag stops everything, alone; within ten seconds no server offers anything', async () => {
  const before = performance.now()
  const { status, body } = await here.call('POST', STOPS, {
    as: 'dag',
    body: { scope: 'everything', reason: 'A wrong rate.' },
  })
  expect(status).toBe(201)
  stopId = body.stopId
  expect(await offered(here, SAVERS[2]!)).toEqual([])
  let next = 3
  while ((await offered(there, SAVERS[next]!)).length > 0) {
    next++
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(performance.now() - before).toBeLessThan(10_000)
  }
  const { body: listed } = await there.call('GET', STOPS, { as: there.key })
  expect(listed.stops).toMatchObject([{ scope: 'everything', reason: 'A wrong rate.' }])
})

test('a server that was paused meanwhile does not act on what it last knew', async () => {
  // A paused process hears no notification and runs no timer: exactly what one that stopped following does.
  await followers[1]!.close()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(await offered(there, SAVERS[150]!)).toEqual([])
})

test('starting again takes two: Dag proposes, Dag cannot confirm, Dunja can', async () => {
  await here.call('POST', `${STOPS}/${stopId}/restart`, { as: 'dag', body: { reason: 'The rate is corrected.' } })
  const alone = await here.call('POST', `${STOPS}/${stopId}/restart/confirmation`, { as: 'dag' })
  expect([alone.status, alone.body.error.code]).toEqual([403, 'starting_again_takes_two'])
  expect(await offered(here, SAVERS[151]!)).toEqual([])
  const together = await here.call('POST', `${STOPS}/${stopId}/restart/confirmation`, { as: 'dunja' })
  expect(together.status).toBe(200)
  expect(await offered(here, SAVERS[152]!)).toEqual(['goal_saver'])
})

test('one action can be stopped by itself; a name that does not exist is refused', async () => {
  const misspelt = await here.call('POST', STOPS, {
    as: 'dag',
    body: { scope: 'action', target: 'goal_savr', reason: 'x' },
  })
  expect([misspelt.status, misspelt.body.error.message]).toEqual([
    400,
    'There is no action "goal_savr". Did you mean goal_saver?',
  ])
  await here.call('POST', STOPS, {
    as: 'dag',
    body: { scope: 'action', target: 'goal_saver', reason: 'A wrong rate.' },
  })
  expect(await offered(here, SAVERS[153]!)).toEqual([])
})

test('every decision says which stops it knew', async () => {
  const versions = await bank.rt.db<
    { version: number }[]
  >`select distinct stops_version as version from decide.decision order by 1`
  expect(versions.map(({ version }) => version)).toEqual([0, 1, 2, 3])
})
