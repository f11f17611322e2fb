import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobs } from '#app/modules'
import { runDue } from '#platform/jobs'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(
    bank.rt,
    [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
  )
  const { db } = bank.rt
  // Every second of forty customers has saved often enough.
  await db`insert into know.customer (customer_id, birth_on, branch_code) select n, '1990-05-05', '0017' from generate_series(1, 40) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01',
                  jsonb_build_object('small_savings', case when n % 2 = 0 then 4 else 3 end, 'surplus', 9000) from generate_series(1, 40) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 40) n`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const PLAYBOOK = '/api/trust/playbook'
const read = async (path: string, as = 'sofia') => (await http.call('GET', `${PLAYBOOK}/${path}`, { as })).body

/** A draft of Sofia's that asks for four small savings instead of three. */
async function stricter(): Promise<string> {
  const { text } = await read('documents/policy/goal_saver')
  const changes = [{ kind: 'policy', id: 'goal_saver', text: text.replace('>= 3', '>= 4') }]
  const made = await http.call('POST', `${PLAYBOOK}/drafts`, {
    as: 'sofia',
    body: { title: 'Four', reason: 'three is too few', changes },
  })
  expect(made.status).toBe(201)
  return made.body.draftId
}

describe('what a draft would do', () => {
  test('is worked out in the background: how many go from which action to which, those who stay included', async () => {
    const effects = `${PLAYBOOK}/drafts/${await stricter()}/effects`
    const asked = await http.call('POST', effects, { as: 'otto', body: { whole: true } })
    expect(asked.status).toBe(202)
    const again = await http.call('POST', effects, { as: 'sofia', body: { whole: true } })
    expect(again.body).toEqual(asked.body)
    const one = `${effects}/${asked.body.effectId}`
    expect((await http.call('GET', one, { as: 'otto' })).body).toMatchObject({ state: 'waiting', effects: null })
    await runDue(bank.rt, jobs)
    const { body } = await http.call('GET', one, { as: 'otto' })
    expect(body).toMatchObject({ state: 'done', done: 40, total: 40, secondsLeft: null })
    const [effect] = body.effects
    expect(effect.figures.map(({ value }: { value: number }) => value)).toEqual([40, 20])
    const app = effect.flows.filter(({ where }: { where: string }) => where === 'app')
    expect(app).toContainEqual(
      expect.objectContaining({
        before: 'goal_saver',
        beforeTitle: 'Open a Goal Saver',
        after: 'goal_saver',
        count: 20,
      }),
    )
    expect(app).toContainEqual(
      expect.objectContaining({ before: 'goal_saver', after: 'nothing', afterTitle: 'Nothing', count: 20 }),
    )
  })

  test('is of that draft and no other, and can be stopped', async () => {
    const [mine, other] = [await stricter(), await stricter()]
    const { body } = await http.call('POST', `${PLAYBOOK}/drafts/${mine}/effects`, { as: 'otto', body: {} })
    expect(
      (await http.call('GET', `${PLAYBOOK}/drafts/${other}/effects/${body.effectId}`, { as: 'otto' })).status,
    ).toBe(404)
    const one = `${PLAYBOOK}/drafts/${mine}/effects/${body.effectId}`
    expect((await http.call('DELETE', one, { as: 'otto' })).status).toBe(200)
    await runDue(bank.rt, jobs)
    expect((await http.call('GET', one, { as: 'otto' })).body.state).toBe('cancelled')
  })
})

describe('a document', () => {
  test('is told with who uses it, near and far', async () => {
    const { uses } = await read('documents/product/goal_saver/uses')
    expect(uses).toContainEqual(
      expect.objectContaining({ kind: 'action', id: 'goal_saver', depth: 1, path: 'product' }),
    )
    expect(uses.some(({ depth }: { depth: number }) => depth > 1)).toBe(true)
    expect((await http.call('GET', `${PLAYBOOK}/documents/product/none/uses`, { as: 'sofia' })).status).toBe(404)
  })

  test('has a kind with its JSON Schema', async () => {
    expect(await read('kinds/policy')).toMatchObject({ kind: 'policy', folder: 'policies', schema: { type: 'object' } })
    expect((await http.call('GET', `${PLAYBOOK}/kinds/gossip`, { as: 'sofia' })).status).toBe(404)
  })

  test('has a history: what it said, who made it say so, who approved and who let it run', async () => {
    const draftId = await stricter()
    const { revision } = await read(`drafts/${draftId}`)
    const { body } = await http.call('POST', `${PLAYBOOK}/drafts/${draftId}/approvals`, {
      as: 'otto',
      body: { revision },
    })
    expect(
      (await http.call('POST', `${PLAYBOOK}/approvals/${body.approvalId}/activation`, { as: 'otto' })).status,
    ).toBe(201)
    const { versions } = await read('documents/policy/goal_saver/history')
    expect(versions).toHaveLength(2)
    expect(versions[0]).toMatchObject({
      change: 'changed',
      title: 'Four',
      reason: 'three is too few',
      madeBy: { name: 'sofia' },
      approvedBy: { name: 'otto' },
      activatedBy: { name: 'otto' },
      fields: [
        {
          path: 'applicability[saves_small_sums].admits',
          before: 'customer.small_savings_90d >= 3',
          after: 'customer.small_savings_90d >= 4',
        },
      ],
    })
    expect(versions[1]).toMatchObject({ change: 'added', fields: [], sequence: 1 })
  })

  test('of a draft is told beside what runs now: whoever else changed it meanwhile, and where they clash', async () => {
    const { text } = await read('documents/policy/goal_saver')
    const drafted = async (login: string, to: string) =>
      (
        await http.call('POST', `${PLAYBOOK}/drafts`, {
          as: login,
          body: {
            title: to,
            reason: 'x',
            changes: [{ kind: 'policy', id: 'goal_saver', text: text.replace('>= 4', to) }],
          },
        })
      ).body.draftId
    const [mine, theirs] = [await drafted('sofia', '>= 5'), await drafted('petra', '>= 6')]
    expect((await read(`drafts/${mine}/documents`)).documents).toMatchObject([
      { id: 'goal_saver', change: 'written', changedBy: { name: 'sofia' }, standing: 'mine', clashes: [] },
    ])
    const { revision } = await read(`drafts/${theirs}`)
    const { body } = await http.call('POST', `${PLAYBOOK}/drafts/${theirs}/approvals`, {
      as: 'otto',
      body: { revision },
    })
    await http.call('POST', `${PLAYBOOK}/approvals/${body.approvalId}/activation`, { as: 'otto' })
    const [document] = (await read(`drafts/${mine}/documents`)).documents
    expect(document).toMatchObject({
      standing: 'conflict',
      clashes: ['applicability[saves_small_sums].admits'],
      theirs: [{ after: 'customer.small_savings_90d >= 6' }],
    })
    const asked = await http.call('POST', `${PLAYBOOK}/drafts/${mine}/effects`, { as: 'sofia', body: {} })
    expect(asked.body.error.code).toBe('draft_conflicts')
  })
})
