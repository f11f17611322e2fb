import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

describe('who is signed in', () => {
  test('an administrator sees a person’s sessions and ends them, with a reason', async () => {
    const personId = await http.person('lost_laptop', { role: 'relationship_manager' })
    const sessions = `/api/trust/access/people/${personId}/sessions`
    expect((await http.call('GET', '/api/trust/access/me', { as: 'lost_laptop' })).status).toBe(200)
    expect((await http.call('GET', sessions, { as: 'ada' })).body.sessions).toMatchObject([{ endedAt: null }])
    const ended = await http.call('PUT', `${sessions}/end`, { as: 'ada', body: { reason: 'Laptop left on a train.' } })
    expect(ended.status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1010))
    expect((await http.call('GET', '/api/trust/access/me', { as: 'lost_laptop' })).status).toBe(401)
    expect((await http.call('GET', sessions, { as: 'ada' })).body.sessions).toMatchObject([
      { endedWhy: 'ended by an administrator' },
    ])
  })

  test('records say who by id; a screen asks what they are called, and ids of nobody are left out', async () => {
    const personId = await http.person('margarethe', { role: 'campaign_manager' })
    const { body } = await http.call('GET', '/api/trust/access/names', {
      as: 'bertil',
      query: { ids: `${personId},system:import,00000000-0000-8000-8000-000000000000` },
    })
    expect(body.names).toEqual([{ id: personId, name: 'margarethe', kind: 'person' }])
  })
})
