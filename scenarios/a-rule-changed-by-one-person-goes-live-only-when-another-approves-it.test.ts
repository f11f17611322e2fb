import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import type { Document } from '#trust/playbook'

/**
 * Sofia, a strategist, wants the Goal Saver offered to people who save small sums twice, not three times, in ninety
 * days. Jonas saved twice.
 */
let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  const playbook = await smallPlaybook((documents) => documents.filter(({ kind }) => kind !== 'experiment'))
  await runPlaybook(
    bank.rt,
    [...playbook.documents.values()].flatMap((ofKind): Document[] => [...ofKind.values()]),
  )
  http = await testHttp(bank)
  await bank.rt.db`insert into know.customer (customer_id, birth_on, source) values (23, '2003-02-11', 'core')`
  await bank.rt.db`
    insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
    values (23, 230, 'everyday', 'EUR', '2021-09-01', '{"small_savings": 2, "surplus": 12000}')`
  await bank.rt.db`
    insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
    values (23, 230, 'owner', 'sole', 10000, '2021-09-01', 23)`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const PLAYBOOK = '/api/trust/playbook'

async function offeredToJonas(): Promise<string[]> {
  const { body } = await http.call('POST', '/api/decide/decisions', {
    as: http.key,
    body: { customerId: 23, channel: 'app' },
  })
  return body.actions.map(({ action }: { action: string }) => action)
}

/** The rule as it stands, with another number in it. */
async function ruleWith(times: number): Promise<string> {
  const { body } = await http.call('GET', `${PLAYBOOK}/documents/policy/goal_saver`, { as: 'sofia' })
  return body.text.replace(/small_savings_90d >= \d+/, `small_savings_90d >= ${times}`)
}

let draftId: string
let seen: string

test('Monday: Jonas saves too rarely to be offered the Goal Saver', async () => {
  expect(await offeredToJonas()).toEqual([])
})

test('Sofia drafts the change; nothing changes for Jonas', async () => {
  const { status, body } = await http.call('POST', `${PLAYBOOK}/drafts`, {
    as: 'sofia',
    body: {
      title: 'Goal Saver for those who saved twice',
      reason: 'Half of those who begin are missed.',
      changes: [{ kind: 'policy', id: 'goal_saver', text: await ruleWith(2) }],
    },
  })
  expect(status).toBe(201)
  draftId = body.draftId
  expect(await offeredToJonas()).toEqual([])
})

test('a slip in the rule is found before anybody is asked to approve it, at its character', async () => {
  const wrong = (await ruleWith(2)).replace('small_savings_90d >=', 'small_saving_90d >=')
  const { body } = await http.call('POST', `${PLAYBOOK}/check`, { as: 'sofia', body: { documents: [wrong] } })
  const errors = body.findings.filter(({ severity }: { severity: string }) => severity === 'error')
  expect(errors).toEqual([
    expect.objectContaining({
      file: 'policies/goal_saver.yaml',
      path: 'applicability[0].admits',
      line: 14,
      column: 22,
      message: expect.stringContaining('Did you mean customer.small_savings_90d?'),
    }),
  ])
})

test('Otto, her colleague, sees what it changes, field by field, and what it would do', async () => {
  const { status, body } = await http.call('GET', `${PLAYBOOK}/drafts/${draftId}`, {
    as: 'otto',
    query: { effects: true },
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({ conflicts: [], changes: [{ kind: 'policy', id: 'goal_saver', change: 'changed' }] })
  expect(body.text).toContain('- customer.small_savings_90d >= 3')
  expect(body.text).toContain('+ customer.small_savings_90d >= 2')
  expect(body.findings.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([])
  expect(body.effects).toEqual([expect.objectContaining({ text: expect.stringMatching(/1/) })])
  seen = body.revision
})

test('Sofia cannot approve her own change', async () => {
  const { status, body } = await http.call('POST', `${PLAYBOOK}/drafts/${draftId}/approvals`, {
    as: 'sofia',
    body: { revision: seen },
  })
  expect([status, body.error.code]).toEqual([403, 'approval_takes_a_second_person'])
})

test('nor can somebody without the permission, nor a system with a key', async () => {
  const answers = await Promise.all(
    ['mina', http.key].map((as) =>
      http.call('POST', `${PLAYBOOK}/drafts/${draftId}/approvals`, { as, body: { revision: seen } }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([403, 403])
})

test('she changes it once more: the approval of what Otto saw is refused', async () => {
  await http.call('PUT', `${PLAYBOOK}/drafts/${draftId}/documents`, {
    as: 'sofia',
    body: { changes: [{ kind: 'policy', id: 'goal_saver', text: await ruleWith(1) }] },
  })
  const { status, body } = await http.call('POST', `${PLAYBOOK}/drafts/${draftId}/approvals`, {
    as: 'otto',
    body: { revision: seen },
  })
  expect([status, body.error.code]).toEqual([409, 'draft_moved_on'])
  await http.call('PUT', `${PLAYBOOK}/drafts/${draftId}/documents`, {
    as: 'sofia',
    body: { changes: [{ kind: 'policy', id: 'goal_saver', text: await ruleWith(2) }] },
  })
})

test('Otto approves; approved is not yet live', async () => {
  const approved = await http.call('POST', `${PLAYBOOK}/drafts/${draftId}/approvals`, {
    as: 'otto',
    body: { revision: seen },
  })
  expect(approved.status).toBe(201)
  expect(await offeredToJonas()).toEqual([])
  const { status } = await http.call('POST', `${PLAYBOOK}/approvals/${approved.body.approvalId}/activation`, {
    as: 'otto',
  })
  expect(status).toBe(201)
})

test('live: Jonas is offered the Goal Saver, and the history says who made and who approved it', async () => {
  expect(await offeredToJonas()).toEqual(['goal_saver'])
  const { body } = await http.call('GET', `${PLAYBOOK}/history`, { as: 'otto', query: { limit: 1 } })
  const [{ madeBy, approvedBy, revision, changes }] = body.activations
  expect(madeBy).not.toBe(approvedBy)
  expect(revision).toBe(seen)
  expect(changes).toMatchObject([{ kind: 'policy', id: 'goal_saver', change: 'changed' }])
})

test('Sofia thinks better of it: the change is taken back as a change, and again Otto must agree', async () => {
  const { body: past } = await http.call('GET', `${PLAYBOOK}/history`, { as: 'sofia', query: { limit: 2 } })
  const [{ sequence, revision }, before] = past.activations
  const { body: difference } = await http.call('GET', `${PLAYBOOK}/diff`, {
    as: 'sofia',
    query: { from: before.revision, to: revision },
  })
  expect(difference.text).toContain('+ customer.small_savings_90d >= 2')
  const undone = await http.call('POST', `${PLAYBOOK}/history/${sequence}/undo`, {
    as: 'sofia',
    body: { reason: 'Too many.' },
  })
  expect(undone.status).toBe(201)
  const { body: seen } = await http.call('GET', `${PLAYBOOK}/drafts/${undone.body.draftId}`, { as: 'otto' })
  const approvals = `${PLAYBOOK}/drafts/${undone.body.draftId}/approvals`
  expect((await http.call('POST', approvals, { as: 'sofia', body: { revision: seen.revision } })).status).toBe(403)
  const { body: approved } = await http.call('POST', approvals, { as: 'otto', body: { revision: seen.revision } })
  await http.call('POST', `${PLAYBOOK}/approvals/${approved.approvalId}/activation`, { as: 'otto' })
  expect(await ruleWith(0)).not.toContain('>= 2')
  expect(seen.revision).toBe(before.revision)
})
