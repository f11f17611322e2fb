import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeVersion, versionsOf } from '#platform/outbox'
import { runInvariants } from '#platform/postgres'
import { type Runtime, seededRandom, transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { person } from '#test/playbook'
import {
  consentHistory,
  consentsFor,
  consentsToday,
  giveConsent,
  invariants,
  isSuppressed,
  newStatements,
  objectTo,
  onSuppression,
  recordConsents,
  registerEnds,
  suppressAddress,
  suppressedAmong,
  withdrawConsent,
} from './index.ts'

const agent = person('agent')
const evidence = { how: 'app settings', textVersion: '2026-01' }
const email = { purpose: 'marketing', channel: 'email', evidence, actor: agent } as const

let bank: TestBank
let rt: Runtime
beforeAll(async () => {
  bank = await testBank()
  rt = bank.rt
})
afterAll(async () => {
  expect((await runInvariants(rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await bank.close()
})

const consentsOf = async (customerId: number) => (await consentsFor(rt.db, [customerId])).get(customerId)!

describe('consent is recorded with its evidence, and binds at once', () => {
  test('given and withdrawn; the history keeps both, with who recorded them', async () => {
    const given = await giveConsent(rt, { customerId: 1, ...email })
    expect((await consentsOf(1)).marketing.email).toBe(true)
    const withdrawn = await withdrawConsent(rt, { customerId: 1, ...email })
    expect(withdrawn).toBeGreaterThan(given)
    expect(await consentsOf(1)).toMatchObject({ version: withdrawn, marketing: { email: false } })
    expect(await consentHistory(rt, 1, agent)).toMatchObject([
      { version: withdrawn, state: 'withdrawn', evidence, recordedBy: 'agent' },
      { version: given, state: 'given' },
    ])
  })

  test('a customer of whom nothing is known has an answer too, and it is no', async () => {
    const both = await consentsFor(rt.db, [1, 999_999])
    expect(both.get(999_999)).toMatchObject({ version: 0, marketing: { email: false, app: true } })
  })

  test('an objection to marketing ends all of it', async () => {
    await giveConsent(rt, { customerId: 2, ...email })
    await objectTo(rt, { customerId: 2, purpose: 'marketing', evidence, actor: agent })
    const { marketing, profilingObjected } = await consentsOf(2)
    expect([marketing.email, marketing.app, marketing.post, profilingObjected]).toEqual([false, false, false, true])
  })

  test('only marketing is agreed to by channel', async () => {
    await expect(
      giveConsent(rt, { customerId: 3, purpose: 'payment_data', channel: 'email', evidence, actor: agent }),
    ).rejects.toMatchObject({ code: 'consent_channel' })
  })

  test('the history cannot be changed, nor the present set back to an earlier version', async () => {
    await expect(rt.db`update trust.consent_record set state = 'given'`).rejects.toThrow('append-only')
    await expect(rt.db`update trust.consent set version = 1, email = 'given' where customer_id = 1`).rejects.toThrow(
      'overtake',
    )
    await expect(rt.db`
      insert into trust.consent_record (customer_id, version, purpose, channel, state, evidence, recorded_by, recorded_at)
      values (4, 1, 'marketing', 'email', 'given', '{}', 'x', now())`).rejects.toThrow('consent_shows_its_evidence')
  })

  test('each change is told to the layers above, in the same transaction', async () => {
    const version = await giveConsent(rt, { customerId: 5, ...email })
    expect((await versionsOf(rt, [5])).get(5)).toBe(version)
    const failed = transaction(rt, async (rt) => {
      await withdrawConsent(rt, { customerId: 5, ...email })
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect((await consentsOf(5)).marketing.email).toBe(true)
  })

  test('a feed of statements in one go; given again it changes nothing', async () => {
    const statements = Array.from({ length: 3000 }, (_, i) => ({
      customerId: 10_000 + (i % 1000),
      purpose: 'marketing' as const,
      channel: (['email', 'sms', 'push'] as const)[Math.floor(i / 1000)]!,
      state: 'given' as const,
      evidence: { how: 'bank feed' },
    }))
    const versions = await recordConsents(rt, statements, agent)
    expect(versions.size).toBe(1000)
    expect((await consentsOf(10_500)).marketing).toMatchObject({ email: true, sms: true, push: true, call: false })
    expect(await newStatements(rt, statements)).toEqual([])
  })
})

describe('Lea is seventeen until April', () => {
  test('what she agreed to ends on her birthday; what she says as an adult counts, and nothing from before comes back', async () => {
    registerEnds(async (_rt, ids) => new Map(ids.filter((id) => id === 71).map((id) => [id, '2026-04-01'])))
    await giveConsent(rt, { customerId: 71, ...email })
    await giveConsent(rt, { customerId: 71, ...email, channel: 'push' })
    expect((await consentsToday(rt, 71)).marketing).toMatchObject({ email: true, push: true })
    bank.clock.set('2026-04-01T08:00:00Z')
    expect((await consentsToday(rt, 71)).marketing).toMatchObject({ email: false, push: false })
    const again = { customerId: 71, purpose: 'marketing', channel: 'push', state: 'given', evidence } as const
    expect(await newStatements(rt, [again])).toEqual([again])
    await recordConsents(rt, [again], agent)
    expect((await consentsToday(rt, 71)).marketing).toMatchObject({ email: false, push: true })
    expect(await newStatements(rt, [again])).toEqual([])
    bank.clock.set('2026-03-02T08:00:00Z')
  })
})

describe('consent withdrawn is never overtaken', () => {
  test('however claims and withdrawals interleave, no claim has a version inside a closed time', async () => {
    const chance = seededRandom(7)
    const customers = [501, 502, 503, 504, 505]
    await rt.db`create table public.claim (customer_id bigint, version bigint)`
    for (const customerId of customers) await giveConsent(rt, { customerId, ...email })

    // What a sender does: lock the customer by taking a version, look again, write, commit.
    const claim = (customerId: number) =>
      transaction(rt, async (rt) => {
        const version = await takeVersion(rt, customerId)
        const open = (await consentsFor(rt.db, [customerId])).get(customerId)!.marketing.email
        if (open) await rt.db`insert into public.claim values (${customerId}, ${version})`
      })
    const steps = Array.from({ length: 400 }, () => {
      const customerId = customers[Math.floor(chance.next() * customers.length)]!
      const kind = chance.next()
      return async () => {
        if (kind < 0.7) await claim(customerId)
        else if (kind < 0.85) await withdrawConsent(rt, { customerId, ...email })
        else await giveConsent(rt, { customerId, ...email })
      }
    })
    const workers = Array.from({ length: 8 }, async (_, worker) => {
      for (let at = worker; at < steps.length; at += 8) await steps[at]!()
    })
    await Promise.all(workers)

    const overtaken = await rt.db`
      select * from public.claim c
        join trust.closed_to_marketing w
          on w.customer_id = c.customer_id and w.channel in ('email', 'all')
         and c.version > w.from_version and (w.to_version is null or c.version < w.to_version)`
    expect(overtaken).toEqual([])
    const [{ claims }] = (await rt.db`select count(*)::int as claims from public.claim`) as unknown as [
      { claims: number },
    ]
    expect(claims).toBeGreaterThan(50)
  })
})

describe('an opt-out by address', () => {
  test('binds everybody who has the address, and whoever has it later', async () => {
    onSuppression(async (_rt, medium, address) =>
      medium === 'email' && address === 'elif.tom@example.org' ? [601, 602] : [],
    )
    for (const customerId of [601, 602]) await giveConsent(rt, { customerId, ...email })
    const suppressed = await suppressAddress(
      rt,
      { medium: 'email', address: 'Elif.Tom@Example.org', evidence: { how: 'unsubscribe link' } },
      agent,
    )
    expect(suppressed).toEqual({ customers: 2 })
    expect([(await consentsOf(601)).marketing.email, (await consentsOf(602)).marketing.email]).toEqual([false, false])
    expect(await isSuppressed(rt, 'email', ' elif.tom@example.org ')).toBe(true)
    expect(
      await suppressedAmong(rt, [
        { medium: 'email', address: 'ana@example.org' },
        { medium: 'email', address: 'ELIF.TOM@example.org' },
        { medium: 'phone', address: 'no number' },
      ]),
    ).toEqual(new Set([1, 2]))
  })

  test('only a keyed digest of the address is kept', async () => {
    const rows = await rt.db`select encode(address_digest, 'escape') || evidence::text as kept from trust.suppression`
    expect(JSON.stringify(rows)).not.toContain('elif')
  })

  test('what is no address is refused', async () => {
    await expect(suppressAddress(rt, { medium: 'phone', address: 'abc', evidence }, agent)).rejects.toMatchObject({
      code: 'address_unreadable',
    })
  })
})
