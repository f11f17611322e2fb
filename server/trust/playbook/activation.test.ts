import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Runtime } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { REVIEWER, runPlaybook, STRATEGIST } from '#test/playbook'
import { documentSchema } from './contract.ts'
import {
  activate,
  activeRevision,
  approve,
  createDraft,
  documentOf,
  followPlaybook,
  type Kind,
  onEffect,
  onPrepare,
  registerKinds,
  review,
} from './index.ts'

const offerKind = {
  kind: 'offer',
  folder: 'offers',
  schema: documentSchema('offer', { rateBp: Type.Integer({ minimum: 0 }) }),
} as Kind<never>
const offer = (id: string, rateBp: number) => ({ kind: 'offer', id, title: id, rateBp })
const offerText = (id: string, rateBp: number) => `kind: offer\nid: ${id}\ntitle: ${id}\nrateBp: ${rateBp}\n`
const write = (id: string, rateBp: number) => ({ kind: 'offer', id, text: offerText(id, rateBp) })
const rateOf = async (rt: Runtime, id: string) =>
  documentOf<{ rateBp: number }>(await activeRevision(rt), 'offer', id)?.rateBp

let bank: TestBank
let rt: Runtime
beforeAll(async () => {
  registerKinds(offerKind)
  bank = await testBank()
  rt = bank.rt
  await runPlaybook(rt, [offer('goal', 600), offer('easy', 95)])
})
afterAll(() => bank.close())

/** A draft that says this, and the revision a reviewer sees. */
async function drafted(changes: { kind: string; id: string; text: string | undefined }[]) {
  const draftId = await createDraft(rt, { title: 'Rates for spring', reason: 'The market moved.', changes }, STRATEGIST)
  return { draftId, ...(await review(rt, draftId)) }
}

/** Approved by a second person, not yet running. */
async function approved(changes: { kind: string; id: string; text: string | undefined }[]): Promise<string> {
  const { draftId, revision } = await drafted(changes)
  return approve(rt, draftId, { revision }, REVIEWER)
}

describe('every server prepares before any runs it', () => {
  /** Another server process on the same stores, as far as memory goes. */
  const anotherServer = (): Runtime => ({ ...rt, config: { ...rt.config } })

  test('two servers switch together, and at once', async () => {
    const [one, two] = [anotherServer(), anotherServer()]
    const followers = [await followPlaybook(one, { name: 'one' }), await followPlaybook(two, { name: 'two' })]
    try {
      await activate(rt, await approved([write('goal', 601)]), REVIEWER)
      await Promise.all(followers.map((follower) => follower.look()))
      expect([await rateOf(one, 'goal'), await rateOf(two, 'goal')]).toEqual([601, 601])
    } finally {
      for (const follower of followers) await follower.close()
    }
  })

  test('a server that cannot prepare it keeps it from running, and says why', async () => {
    let broken = true
    onPrepare('test:one', async (prepared) => {
      if (broken && prepared.config !== rt.config) throw new Error('no room for its indexes')
    })
    const follower = await followPlaybook(anotherServer(), { name: 'crowded' })
    try {
      const approvalId = await approved([write('goal', 610)])
      await expect(activate(rt, approvalId, REVIEWER)).rejects.toMatchObject({
        code: 'server_cannot_prepare',
        facts: { servers: [{ name: 'crowded', reason: expect.stringContaining('no room for its indexes') }] },
      })
      expect(await rateOf(rt, 'goal')).toBe(601)
      broken = false
      await activate(rt, approvalId, REVIEWER)
      expect(await rateOf(rt, 'goal')).toBe(610)
    } finally {
      await follower.close()
    }
  })

  test('a server that takes long to prepare goes on living, and is waited for', async () => {
    let ready = () => {}
    const work = new Promise<void>((resolve) => {
      ready = resolve
    })
    onPrepare('test:slow', async (prepared) => {
      if (prepared.config !== rt.config) await work
    })
    const follower = await followPlaybook(anotherServer(), { name: 'thorough' })
    const seenAt = async () => {
      const [row] = await rt.db<{ at: Date }[]>`select seen_at as at from trust.server where name = 'thorough'`
      return row!.at.getTime()
    }
    try {
      const approvalId = await approved([write('goal', 615)])
      const live = activate(rt, approvalId, REVIEWER)
      // Two heartbeats while it is still at work.
      for (let beats = 0, last = await seenAt(); beats < 2; ) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        const now = await seenAt()
        if (now > last) beats++
        last = now
      }
      expect(await rateOf(rt, 'goal')).not.toBe(615)
      ready()
      await live
      expect(await rateOf(rt, 'goal')).toBe(615)
    } finally {
      ready()
      await follower.close()
    }
  })

  test('a server that says nothing is waited for; one not seen for ten seconds is not', async () => {
    const silent = rt.ids.next()
    await rt.db`insert into trust.server (server_id, name) values (${silent}, 'silent')`
    const approvalId = await approved([write('goal', 620)])
    await expect(activate(rt, approvalId, REVIEWER, { waitMs: 200 })).rejects.toMatchObject({
      code: 'servers_not_ready',
    })
    await rt.db`update trust.server set seen_at = clock_timestamp() - interval '11 seconds' where server_id = ${silent}`
    await activate(rt, approvalId, REVIEWER, { waitMs: 200 })
    expect(await rateOf(rt, 'goal')).toBe(620)
  })

  test('the reviewer sees what a change would do, as the layers above tell it', async () => {
    onEffect('test:rates', async (_rt, { from, to }) => {
      const count = (of: typeof from) => of.documents.get('offer')?.size ?? 0
      return { name: 'test:rates', text: `${count(from)} offers become ${count(to)}`, figures: [] }
    })
    const { draftId } = await drafted([write('new_offer', 1)])
    expect((await review(rt, draftId, { effects: true })).effects).toMatchObject([{ text: '2 offers become 3' }])
  })
})
