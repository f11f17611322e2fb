import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { read } from '#trust/audit'
import {
  type Actor,
  authenticator,
  changePassword,
  closePerson,
  createFirstAdministrator,
  createKey,
  createPerson,
  inScope,
  mustSee,
  PERMISSIONS,
  ROLES,
  registerUnits,
  resetPassword,
  revokeKey,
  seal,
  sealedAmong,
  setRoles,
  signIn,
  signOut,
  systemActor,
  type Units,
  unseal,
} from './index.ts'
import { FREE_FAILURES, pauseAfter } from './lockout.ts'
import { base32, KEY_PATTERN } from './secrets.ts'

let bank: TestBank
let monotonicMs = 0
beforeEach(async () => {
  bank = await testBank()
})
afterEach(() => bank.close())

const administrator = systemActor('test')
const hire = (
  login: string,
  role: string = 'relationship_manager',
  units = [{ kind: 'branch' as const, code: '17' }],
) => createPerson(bank.rt, { login, name: login, roles: [role], units }, administrator)
const PASSWORD = 'correct horse battery'
/** A person who has chosen a password of their own. */
const settle = async (login: string, role?: string) => {
  const { personId, oneTimePassword } = await hire(login, role)
  const { actor } = await signIn(bank.rt, { login, password: oneTimePassword })
  return { personId, ...(await changePassword(bank.rt, { current: oneTimePassword, next: PASSWORD }, actor)) }
}
const asking = (headers: Record<string, string>, method = 'GET') => ({ method, headers })
const withSession = (token: string) => ({ cookie: `other=1; clientele_session=${token}` })
const codeOf = (work: unknown) =>
  Promise.resolve(work).then(
    () => 'let in',
    (error) => error.code,
  )
const who = () => authenticator(() => monotonicMs)

describe('the first start of a bank', () => {
  test('makes one administrator with a one-time password, once', async () => {
    const first = await createFirstAdministrator(bank.rt)
    expect(first).toMatchObject({ login: 'administrator' })
    expect(await createFirstAdministrator(bank.rt)).toBeUndefined()
    const { actor, mustChangePassword } = await signIn(bank.rt, {
      login: 'Administrator ',
      password: first!.oneTimePassword,
    })
    expect(mustChangePassword).toBe(true)
    // A password that was seen by others opens nothing but its own change.
    expect(actor.permissions.size).toBe(0)
    const { actor: changed } = await changePassword(bank.rt, { current: first!.oneTimePassword, next: PASSWORD }, actor)
    expect(changed.permissions.has('trust.access:manage')).toBe(true)
  })
})

describe('signing in', () => {
  test('an unknown person, a wrong password and a closed person get the same answer', async () => {
    const { personId } = await settle('riya')
    await settle('ada')
    const refusals = [
      await codeOf(signIn(bank.rt, { login: 'nobody', password: PASSWORD })),
      await codeOf(signIn(bank.rt, { login: 'riya', password: 'wrong' })),
    ]
    await closePerson(bank.rt, personId, 'left the bank', administrator)
    refusals.push(await codeOf(signIn(bank.rt, { login: 'riya', password: PASSWORD })))
    expect(new Set(refusals)).toEqual(new Set(['sign_in_refused']))
  })

  test('after five failures the right password waits too, longer with each further one, and a success clears them', async () => {
    await settle('riya')
    const wrong = () => codeOf(signIn(bank.rt, { login: 'riya', password: 'wrong' }))
    const right = () => codeOf(signIn(bank.rt, { login: 'riya', password: PASSWORD }))
    for (let n = 0; n < FREE_FAILURES; n++) await wrong()
    expect(await right()).toBe('sign_in_refused')
    bank.clock.advanceMs(pauseAfter(FREE_FAILURES))
    expect(await wrong()).toBe('sign_in_refused')
    bank.clock.advanceMs(pauseAfter(FREE_FAILURES))
    expect(await right()).toBe('sign_in_refused')
    bank.clock.advanceMs(pauseAfter(FREE_FAILURES + 1))
    expect(await right()).toBe('let in')
    expect(await wrong()).toBe('sign_in_refused')
    expect(await right()).toBe('let in')
  })

  test('guesses made all at once are counted one by one', async () => {
    await settle('riya')
    const guesses = Array.from({ length: 12 }, () => codeOf(signIn(bank.rt, { login: 'riya', password: 'wrong' })))
    await Promise.all(guesses)
    expect(await codeOf(signIn(bank.rt, { login: 'riya', password: PASSWORD }))).toBe('sign_in_refused')
  })

  test('and its refusals are on record', async () => {
    await codeOf(signIn(bank.rt, { login: 'nobody', password: 'x' }))
    expect(await read(bank.rt, { action: 'trust.access:sign_in_refused' })).toHaveLength(1)
  })
})

describe('a password', () => {
  test.each([
    ['short', 'at least 12'],
    ['aaaaaaaaaaaaaaa', '5 different'],
    ['riya-and-more-words', 'without the login'],
    ['x'.repeat(201), 'at most 200'],
  ])('%s is refused', async (next, expected) => {
    const { oneTimePassword } = await hire('riya')
    const { actor } = await signIn(bank.rt, { login: 'riya', password: oneTimePassword })
    await expect(changePassword(bank.rt, { current: oneTimePassword, next }, actor)).rejects.toMatchObject({
      code: 'password_weak',
      facts: { expected: expect.stringContaining(expected) },
    })
  })

  test('once changed or reset ends every session', async () => {
    const { personId, token } = await settle('riya')
    await resetPassword(bank.rt, personId, administrator)
    expect(await codeOf(who()(bank.rt, asking(withSession(token))))).toBe('session_ended')
  })

  test('is kept as an argon2id hash', async () => {
    await settle('riya')
    const [row] = await bank.rt.db<{ hash: string }[]>`select hash from trust.password`
    expect(row!.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})

describe('a session', () => {
  test('ends after half an hour without a request, and after twelve hours whatever happens', async () => {
    const { token } = await settle('riya')
    bank.clock.advanceMs(29 * 60_000)
    expect(await codeOf(who()(bank.rt, asking(withSession(token))))).toBe('let in')
    bank.clock.advanceMs(31 * 60_000)
    expect(await codeOf(who()(bank.rt, asking(withSession(token))))).toBe('session_expired')
    const { token: long } = await signIn(bank.rt, { login: 'riya', password: PASSWORD })
    for (let n = 0; n < 36; n++) {
      bank.clock.advanceMs(20 * 60_000)
      await codeOf(who()(bank.rt, asking(withSession(long))))
    }
    expect(await codeOf(who()(bank.rt, asking(withSession(long))))).toBe('session_expired')
  })

  test('of a browser may read, but a change needs the token that came with it', async () => {
    const { token, csrfToken } = await settle('riya')
    const ask = who()
    expect(await codeOf(ask(bank.rt, asking(withSession(token))))).toBe('let in')
    expect(await codeOf(Promise.resolve().then(() => ask(bank.rt, asking(withSession(token), 'POST'))))).toBe(
      'csrf_token_wrong',
    )
    expect(await codeOf(ask(bank.rt, asking({ ...withSession(token), 'x-csrf-token': csrfToken }, 'POST')))).toBe(
      'let in',
    )
  })

  test('that was ended is refused on every server within a second', async () => {
    const { token, actor } = await settle('riya')
    const elsewhere = who()
    expect(await codeOf(elsewhere(bank.rt, asking(withSession(token))))).toBe('let in')
    await signOut(bank.rt, token, actor)
    monotonicMs += 1001
    expect(await codeOf(elsewhere(bank.rt, asking(withSession(token))))).toBe('session_ended')
  })

  test('knows within a second that a role was taken away', async () => {
    const { token, personId } = await settle('riya')
    const ask = who()
    expect((await ask(bank.rt, asking(withSession(token))))!.permissions.has('know.customers:read')).toBe(true)
    await setRoles(bank.rt, personId, ['board_member'], administrator)
    monotonicMs += 1001
    expect((await ask(bank.rt, asking(withSession(token))))!.permissions.has('know.customers:read')).toBe(false)
  })

  test.each(['', 'x', "' or 1=1 --"])('made up as "%s" opens nothing', async (token) => {
    expect(
      await codeOf(
        Promise.resolve(who()(bank.rt, asking(withSession(token)))).then(
          (actor) => actor ?? Promise.reject({ code: 'nobody' }),
        ),
      ),
    ).toMatch(/session_unknown|nobody/)
  })
})

describe('a key of another system', () => {
  const make = (permissions = ['engage.inbound:ask'], days?: number) =>
    createKey(bank.rt, { title: 'the app', permissions, ...(days ? { days } : {}) }, administrator)
  const use = (key: string, ask = who()) =>
    codeOf(Promise.resolve().then(() => ask(bank.rt, asking({ authorization: `Bearer ${key}` }))))

  test('is bound by branch, team or portfolio where that can be kept, and refused where it cannot', async () => {
    const scope = { branches: ['17'], teams: ['north'] }
    const narrow = (permissions: string[]) =>
      codeOf(createKey(bank.rt, { title: 'the tablets', permissions, scope }, administrator))
    expect(await narrow(['engage.inbound:ask'])).toBe('let in')
    expect(await narrow(['engage.inbound:ask', 'know.events:create'])).toBe('key_unbound')
  })
  test('opens what it was given, is kept as a digest only, and needs no CSRF token', async () => {
    const { key } = await make()
    expect(key).toMatch(KEY_PATTERN)
    const actor = (await who()(bank.rt, asking({ authorization: `Bearer ${key}` }, 'POST')))!
    expect([...actor.permissions]).toEqual(['engage.inbound:ask'])
    expect(JSON.stringify(await bank.rt.db`select * from trust.api_key`)).not.toContain(key.slice(13))
  })

  test('expires, and can be revoked', async () => {
    const [{ key: short }, { key, keyId }] = [await make(undefined, 1), await make()]
    bank.clock.advanceMs(86_400_000)
    expect(await use(short)).toBe('key_expired')
    const ask = who()
    expect(await use(key, ask)).toBe('let in')
    await revokeKey(bank.rt, keyId, 'lost', administrator)
    monotonicMs += 1001
    expect(await use(key, ask)).toBe('key_revoked')
  })

  test.each(['', 'clk_', `clk_ABCDEFGH_${'0'.repeat(32)}`, 'x'.repeat(10_000)])('forged is unknown', async (key) => {
    expect(await use(key)).toMatch(/key_unknown/)
  })

  test('is never given the right to give access, nor one that does not exist', async () => {
    await expect(make(['trust.access:manage'])).rejects.toMatchObject({ code: 'key_too_mighty' })
    await expect(make(['know.everything:do'])).rejects.toMatchObject({ code: 'permission_unknown' })
  })
})

describe('duties that must not meet in one person', () => {
  const together = (a: string, b: string) =>
    ROLES.filter((role) => PERMISSIONS[role].includes(a) && PERMISSIONS[role].includes(b))
  test('who gives access sees no customer', () =>
    expect(together('trust.access:manage', 'know.customers:read')).toEqual([]))
  test('who serves customers changes no rule', () =>
    expect(together('engage.inbound:ask', 'trust.playbook:draft')).toEqual([]))
  test('every role has something to do, and no permission twice', () => {
    for (const role of ROLES) expect(new Set(PERMISSIONS[role]).size, role).toBe(PERMISSIONS[role].length)
  })
  test('nobody changes their own access', async () => {
    const { actor, personId } = await settle('ada', 'administrator')
    await expect(setRoles(bank.rt, personId, ['duty_manager'], actor)).rejects.toMatchObject({ code: 'own_access' })
  })
})

describe('whose records may be opened', () => {
  const at = (
    branchCode: string | null,
    teamCode: string | null = null,
    portfolioCode: string | null = null,
  ): Units => ({ branchCode, teamCode, portfolioCode })
  const manager: Actor = {
    id: 'riya',
    kind: 'person',
    name: 'Riya',
    roles: [],
    permissions: new Set(['trust.seals:open_vip']),
    scope: { branches: ['17'] },
    customerId: 5,
  }
  beforeEach(() =>
    registerUnits(
      async (_rt, ids) => new Map(ids.filter((id) => id < 100).map((id) => [id, at(id < 10 ? '17' : '18')])),
    ),
  )

  test('by branch, by team or by portfolio', () => {
    expect(inScope({ branches: ['17'] }, at('17'))).toBe(true)
    expect(inScope({ branches: ['17'] }, at('18', 't', 'p'))).toBe(false)
    expect(inScope({ teams: ['t'], portfolios: ['p'] }, at('18', null, 'p'))).toBe(true)
    expect(inScope({}, at(null))).toBe(false)
    expect(inScope('all', at(null))).toBe(true)
  })

  test('a customer elsewhere, one that is sealed and one that is not there look the same', async () => {
    await seal(bank.rt, { customerId: 3, kind: 'staff', reason: 'works here' }, administrator)
    const answers = [11, 3, 1000].map((id) => codeOf(mustSee(bank.rt, manager, [id])))
    expect(await Promise.all(answers)).toEqual(['no_such_customer', 'no_such_customer', 'no_such_customer'])
    expect(await codeOf(mustSee(bank.rt, manager, [4, 11]))).toBe('no_such_customer')
    expect(await codeOf(mustSee(bank.rt, manager, [4]))).toBe('let in')
    expect(await sealedAmong(bank.rt, manager, [3, 4, 5])).toEqual(new Set([3, 5]))
  })

  test('nobody opens their own, not even with the whole bank in their scope', async () => {
    expect(await codeOf(mustSee(bank.rt, { ...manager, scope: 'all' }, [5]))).toBe('own_record')
  })

  test('a sealed one that the actor may open needs a reason, which goes on record', async () => {
    await seal(bank.rt, { customerId: 4, kind: 'vip', reason: 'asked for it' }, administrator)
    expect(await codeOf(mustSee(bank.rt, manager, [4]))).toBe('reason_needed')
    expect(await codeOf(mustSee(bank.rt, { ...manager, reason: 'because' }, [4]))).toBe('reason_needed')
    expect(await codeOf(mustSee(bank.rt, { ...manager, reason: 'She is here and asks for her limit.' }, [4]))).toBe(
      'let in',
    )
    expect(await read(bank.rt, { customerId: 4, action: 'trust.seals:opened' })).toMatchObject([
      { actorId: 'riya', reason: 'She is here and asks for her limit.', facts: { seals: ['vip'] } },
    ])
    await unseal(bank.rt, { customerId: 4, kind: 'vip', reason: 'no longer' }, administrator)
    expect(await codeOf(mustSee(bank.rt, manager, [4]))).toBe('let in')
  })

  test('a key with a scope is bound by it; one for the whole bank serves the customer themselves', async () => {
    await seal(bank.rt, { customerId: 4, kind: 'vip', reason: 'asked for it' }, administrator)
    const key: Actor = { ...manager, kind: 'key', permissions: new Set() }
    expect([
      await codeOf(mustSee(bank.rt, key, [11])),
      await codeOf(mustSee(bank.rt, { ...key, scope: 'all' }, [4])),
    ]).toEqual(['no_such_customer', 'let in'])
  })
})

test('secrets are spelt without letters that look like digits', () => {
  expect(base32(new Uint8Array(20))).toBe('0'.repeat(32))
  expect(base32(new Uint8Array(5).fill(255))).toBe('ZZZZZZZZ')
})
