import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import type { View } from './contract.ts'
import { VIEWS_MAX } from './index.ts'

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

const URL = '/api/trust/views'
const newId = () => bank.rt.ids.next()
const save = (as: string, viewId: string, body: object) =>
  http.call('PUT', `${URL}/${viewId}`, {
    as,
    body: { page: '/know/sources', name: 'Late', state: 'state=late', ...body },
  })
const mine = async (as: string, page?: string): Promise<View[]> =>
  (await http.call('GET', URL, { as, ...(page ? { query: { page } } : {}) })).body.views

describe('a saved view', () => {
  test('is its owner’s own, and is saved over under the same id', async () => {
    const viewId = newId()
    expect((await save('dag', viewId, {})).status).toBe(200)
    expect((await save('dag', viewId, { state: 'state=late&sort=-asOf' })).status).toBe(200)
    expect(await mine('dag', '/know/sources')).toMatchObject([
      { viewId, name: 'Late', state: 'state=late&sort=-asOf', own: true, sharedWith: null },
    ])
    expect(await mine('dunja')).toEqual([])
  })

  test('shared with a role it is seen by everybody in it, and changed by its owner only', async () => {
    const viewId = newId()
    await save('dag', viewId, { name: 'Ours', sharedWith: 'duty_manager', state: '<script>alert(1)</script>' })
    expect(await mine('dunja')).toMatchObject([
      { viewId, own: false, ownerName: 'dag', state: '<script>alert(1)</script>' },
    ])
    expect(await mine('sofia')).toEqual([])
    expect((await save('dunja', viewId, { name: 'Mine now' })).body.error.code).toBe('no_such_view')
    expect((await http.call('DELETE', `${URL}/${viewId}`, { as: 'dunja' })).status).toBe(404)
    expect((await http.call('DELETE', `${URL}/${viewId}`, { as: 'dag' })).status).toBe(200)
    expect(await mine('dunja')).toEqual([])
  })

  test('has a name of its own on its page, a role that there is, and a person behind it', async () => {
    expect((await save('sofia', newId(), {})).status).toBe(200)
    expect((await save('sofia', newId(), {})).body.error.code).toBe('view_name_taken')
    expect((await save('sofia', newId(), { page: '/learn/outcomes' })).status).toBe(200)
    expect((await save('sofia', newId(), { name: 'x', sharedWith: 'gossips' })).body.error.code).toBe('role_unknown')
    expect((await save(http.key, newId(), {})).body.error.code).toBe('views_are_of_people')
  })

  test('two hundred are enough', async () => {
    for (let n = 0; n < VIEWS_MAX; n++) await save('otto', newId(), { name: `view ${n}` })
    expect((await save('otto', newId(), { name: 'one more' })).body.error.code).toBe('too_many_views')
  })
})
