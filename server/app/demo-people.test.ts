import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoPeople } from '#app/demo-people'
import { type TestBank, testBank } from '#test/harness'
import { createPerson, listPeople, signIn, systemActor } from '#trust/access'

let bank: TestBank
const passwordFile = (): string => join(bank.rt.config.stores.dataDir, 'riverside.password')
beforeEach(async () => {
  bank = await testBank()
  rmSync(passwordFile(), { force: true })
})
afterEach(async () => {
  rmSync(passwordFile(), { force: true })
  await bank.close()
})

test('the demo bank’s people come in once, with one password that stays the same', async () => {
  const first = await demoPeople(bank.rt)
  const people = await listPeople(bank.rt)
  expect(people.length).toBe(12)
  for (const login of ['tessa', 'dora', 'arthur']) {
    const { mustChangePassword } = await signIn(bank.rt, { login, password: first!.password })
    expect(mustChangePassword, login).toBe(false)
  }
  expect(await demoPeople(bank.rt)).toEqual(first)
  expect((await listPeople(bank.rt)).length).toBe(12)
}, 120_000)

test('where a bank has let in its own people, nobody made up joins them', async () => {
  for (const login of ['administrator', 'anna'])
    await createPerson(bank.rt, { login, name: login, roles: ['administrator'], units: [] }, systemActor('test'))
  expect(await demoPeople(bank.rt)).toBeUndefined()
  expect((await listPeople(bank.rt)).length).toBe(2)
})
