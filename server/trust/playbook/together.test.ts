import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await runPlaybook(bank.rt, [])
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const DRAFTS = '/api/trust/playbook/drafts'
const days = (title: string) =>
  `kind: calendar\nid: bank_days\ntitle: ${title}\nworkingWeekdays: [1, 2, 3, 4, 5]\nholidays: []\n`
const begin = async (as: string, title = 'Holidays'): Promise<string> =>
  (await http.call('POST', DRAFTS, { as, body: { title, reason: 'A day was forgotten.' } })).body.draftId
const look = async (draftId: string, as = 'sofia') =>
  (await http.call('GET', `${DRAFTS}/${draftId}/documents/calendar/bank_days`, { as })).body
const save = (draftId: string, as: string, title: string, over?: string) =>
  http.call('PUT', `${DRAFTS}/${draftId}/documents`, {
    as,
    body: { changes: [{ kind: 'calendar', id: 'bank_days', text: days(title), ...(over ? { over } : {}) }] },
  })
const draftOf = async (draftId: string) =>
  (await http.call('GET', DRAFTS, { as: 'sofia' })).body.drafts.find(
    (draft: { draftId: string }) => draft.draftId === draftId,
  )

describe('two people write the same document', () => {
  test('whoever saves second over what they had not seen is told so, and nothing is overwritten', async () => {
    const draftId = await begin('sofia')
    const seen = await look(draftId)
    expect([seen.version, seen.draft, seen.running.text]).toEqual([
      'untouched',
      null,
      expect.stringContaining('bank_days'),
    ])
    expect((await save(draftId, 'petra', 'By Petra', seen.version)).status).toBe(200)
    const late = await save(draftId, 'sofia', 'By Sofia', seen.version)
    const now = await look(draftId)
    expect(late).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'document_changed_by_another',
          facts: { changedBy: now.draft.changedBy, version: now.version },
        },
      },
    })
    expect(now.draft.text).toContain('By Petra')
    expect((await save(draftId, 'sofia', 'By both', now.version)).status).toBe(200)
    expect((await look(draftId)).draft.text).toContain('By both')
  })

  test('whoever opens it is told of other drafts that change it too', async () => {
    const theirs = await begin('petra', 'Summer')
    await save(theirs, 'petra', 'Summer')
    expect((await look(await begin('sofia'))).elsewhere).toContainEqual(
      expect.objectContaining({ draftId: theirs, title: 'Summer' }),
    )
  })
})

describe('a draft on its way', () => {
  test('its author asks for a review; others see who asked and who said yes', async () => {
    const draftId = await begin('sofia')
    const ask = () => http.call('PUT', `${DRAFTS}/${draftId}/review-request`, { as: 'sofia', body: {} })
    expect((await ask()).body.error.code).toBe('draft_empty')
    await save(draftId, 'sofia', 'Spring')
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    expect(await draftOf(draftId)).toMatchObject({ documents: 1, approvedBy: null, requestedAt: expect.any(String) })
    const { revision } = (await http.call('GET', `${DRAFTS}/${draftId}`, { as: 'otto' })).body
    await http.call('POST', `${DRAFTS}/${draftId}/approvals`, { as: 'otto', body: { revision } })
    expect(await draftOf(draftId)).toMatchObject({ approvedBy: expect.any(String) })
  })
})
