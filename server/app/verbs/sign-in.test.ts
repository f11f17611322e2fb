import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { changePassword, createPerson, signIn, systemActor } from '#trust/access'
import { asPerson } from './sign-in.ts'

const PASSWORD = 'green bicycle under seven bridges'

let bank: TestBank
beforeAll(async () => {
  bank = await testBank()
  for (const [login, role] of [
    ['sofia', 'customer_strategist'],
    ['arthur', 'contact_centre_agent'],
    ['newcomer', 'customer_strategist'],
  ] as const) {
    const person = { login, name: login, roles: [role], units: [{ kind: 'bank' as const, code: '*' }] }
    const { oneTimePassword } = await createPerson(bank.rt, person, systemActor('test'))
    if (login === 'newcomer') continue
    const { actor } = await signIn(bank.rt, { login, password: oneTimePassword })
    await changePassword(bank.rt, { current: oneTimePassword, next: PASSWORD }, actor)
  }
})
afterAll(() => bank.close())
beforeEach(() => {
  vi.stubEnv('CLIENTELE_PASSWORD', PASSWORD)
  return () => vi.unstubAllEnvs()
})

const as = (login: string | undefined) => asPerson(bank.rt, login, 'trust.playbook:draft', async (actor) => actor.name)

describe('a command in a person’s name', () => {
  test('is done when the person signs in, and the session ends with it', async () => {
    expect(await as('sofia')).toBe('sofia')
    const ended = await bank.rt.db`select from trust.session where ended_at is not null`
    const before = ended.length
    await as('sofia')
    expect(await bank.rt.db`select from trust.session where ended_at is not null`).toHaveLength(before + 1)
  })

  test('is refused with the wrong password: a name alone is not believed', async () => {
    vi.stubEnv('CLIENTELE_PASSWORD', 'guess')
    await expect(as('sofia')).rejects.toMatchObject({ code: 'sign_in_refused' })
  })

  test('is refused to somebody without the permission, or with a password that is not theirs yet', async () => {
    await expect(as('arthur')).rejects.toMatchObject({ code: 'permission_missing' })
    await expect(as('newcomer')).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  test('is refused without a name', async () => {
    await expect(as(undefined)).rejects.toMatchObject({ code: 'person_missing' })
  })
})
