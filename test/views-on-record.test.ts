/** Every customer viewed is on record: whichever route shows something of one customer, the audit says who looked. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#app/modules'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { sampleOf } from '#test/sample'
import { SMALL_PLAYBOOK } from '#test/small-playbook'
import { PERMISSIONS, ROLES, systemActor } from '#trust/access'
import { read } from '#trust/audit'
import { activateFolder } from '#trust/playbook'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await activateFolder(bank.rt, SMALL_PLAYBOOK, systemActor('test'))
  await bank.rt.db`insert into know.customer (customer_id, full_name, branch_code) values (7, 'somebody', '17')`
  // The first holding is the one that a route about one is asked for.
  await bank.rt
    .db`insert into know.holding (customer_id, holding_id, product, currency, opened_on) values (7, 1, 'everyday', 'EUR', '2020-01-01')`
  await bank.rt
    .db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
                   values (7, 1, 'owner', 'sole', 10000, '2020-01-01', 7)`
  for (const role of ROLES) await http.person(role, { role, units: [{ kind: 'branch', code: '17' }] })
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const shows = routes.filter((route) => route.method === 'GET' && route.scope !== undefined)

describe('a look at a customer is on record', () => {
  test.each(shows.map((route) => [route.url, route] as const))('%s', async (_url, route) => {
    const role = ROLES.find((role) => PERMISSIONS[role].includes(route.needs))!
    const named = { customerId: 7 }
    const params = route.params ? (sampleOf(route.params, named) as Record<string, unknown>) : {}
    const query = route.query ? (sampleOf(route.query, named) as Record<string, string>) : {}
    const before = (await read(bank.rt, { customerId: 7 })).length
    const answer = await http.call(
      'GET',
      route.url.replace(/:(\w+)/g, (_, name) => String(params[name])),
      { as: role, query },
    )
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const entries = await read(bank.rt, { customerId: 7 })
    expect(entries.length, 'entries of the audit about this customer').toBeGreaterThan(before)
    expect(entries[0]).toMatchObject({ actorKind: 'person' })
  })
})
