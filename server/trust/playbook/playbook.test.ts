import fc from 'fast-check'
import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import type { Runtime } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { person, REVIEWER, runPlaybook, STRATEGIST, TEST_BANK } from '#test/playbook'
import { systemActor } from '#trust/access'
import { documentSchema } from './contract.ts'
import {
  activate,
  activateFirst,
  activeRevision,
  approve,
  bankOf,
  createDraft,
  documentOf,
  editDraft,
  history,
  invariants,
  type Kind,
  registerKinds,
  review,
  revisionById,
  undo,
  withdrawDraft,
  writeDocument,
  writtenOf,
} from './index.ts'

const offerKind = {
  kind: 'offer',
  folder: 'offers',
  schema: documentSchema('offer', { rateBp: Type.Integer({ minimum: 0 }) }),
} as Kind<never>

const anything = {
  kind: 'anything',
  folder: 'anything',
  schema: documentSchema('anything', { body: Type.Optional(Type.Unknown()) }),
} as Kind<never>

const offer = (id: string, rateBp: number) => ({ kind: 'offer', id, title: id, rateBp })
const offerText = (id: string, rateBp: number) => `kind: offer\nid: ${id}\ntitle: ${id}\nrateBp: ${rateBp}\n`
const write = (id: string, rateBp: number) => ({ kind: 'offer', id, text: offerText(id, rateBp) })
const rateOf = async (rt: Runtime, id: string) =>
  documentOf<{ rateBp: number }>(await activeRevision(rt), 'offer', id)?.rateBp

let bank: TestBank
let rt: Runtime
beforeAll(async () => {
  registerKinds(offerKind, anything)
  bank = await testBank()
  rt = bank.rt
  await runPlaybook(rt, [offer('goal', 175), offer('easy', 75)])
})
afterAll(async () => {
  expect((await runInvariants(rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await bank.close()
})

/** A draft that says this, and the revision a reviewer sees. */
async function drafted(changes: { kind: string; id: string; text: string | undefined }[], actor = STRATEGIST) {
  const draftId = await createDraft(rt, { title: 'Rates for spring', reason: 'The market moved.', changes }, actor)
  return { draftId, ...(await review(rt, draftId)) }
}

async function goLive(draftId: string): Promise<number> {
  const { revision } = await review(rt, draftId)
  return activate(rt, await approve(rt, draftId, { revision }, REVIEWER), REVIEWER)
}

describe('a rule changed by one person goes live only when another approves it', () => {
  test('a draft changes nothing of what runs', async () => {
    await drafted([write('goal', 999)])
    expect(await rateOf(rt, 'goal')).toBe(175)
  })

  test('its maker cannot approve it, nor can anybody who wrote a part of it', async () => {
    const { draftId, revision } = await drafted([write('goal', 180)])
    await expect(approve(rt, draftId, { revision }, STRATEGIST)).rejects.toMatchObject({
      code: 'approval_takes_a_second_person',
    })
    const helper = person('helper')
    await editDraft(rt, draftId, [write('easy', 80)], helper)
    const again = await review(rt, draftId)
    await expect(approve(rt, draftId, { revision: again.revision }, helper)).rejects.toMatchObject({
      code: 'approval_takes_a_second_person',
    })
  })

  test('nor whoever wrote what a colleague saved again over it, or took out', async () => {
    const { draftId } = await drafted([write('goal', 184)])
    const helper = person('helper')
    await editDraft(rt, draftId, [write('easy', 85)], helper)
    await editDraft(rt, draftId, [write('easy', 85)], STRATEGIST)
    const { revision } = await review(rt, draftId)
    await expect(approve(rt, draftId, { revision }, helper)).rejects.toMatchObject({
      code: 'approval_takes_a_second_person',
    })
  })

  test('nor does an approver write into what they approved', async () => {
    const { draftId, revision } = await drafted([write('goal', 185)])
    await approve(rt, draftId, { revision }, REVIEWER)
    await expect(editDraft(rt, draftId, [write('goal', 186)], REVIEWER)).rejects.toMatchObject({
      code: 'approval_takes_a_second_person',
    })
    await expect(rt.db`
      update trust.draft_document set changed_by = ${REVIEWER.id} where draft_id = ${draftId}`).rejects.toThrow(
      'approval_takes_a_second_person',
    )
  })

  test('nor can a key or the machinery', async () => {
    const { draftId, revision } = await drafted([write('goal', 181)])
    const key = person('key-1', { kind: 'key' })
    const machinery = systemActor('command line')
    await expect(createDraft(rt, { title: 'x', reason: 'y' }, machinery)).rejects.toMatchObject({
      code: 'changes_take_a_person',
    })
    await expect(approve(rt, draftId, { revision }, key)).rejects.toMatchObject({ code: 'approval_takes_a_person' })
    await expect(createDraft(rt, { title: 'x', reason: 'y' }, key)).rejects.toMatchObject({
      code: 'changes_take_a_person',
    })
  })

  test('the schema refuses it too, whatever the code says', async () => {
    const { draftId, revision } = await drafted([write('goal', 182)])
    const approvalId = await approve(rt, draftId, { revision }, REVIEWER)
    const insert = (maker: string, approver: string) => rt.db`
      insert into trust.approval (approval_id, draft_id, revision, onto_sequence, made_by, approved_by, approved_at)
      values (${rt.ids.next()}, ${draftId}, ${revision}, 99, ${maker}, ${approver}, now())`
    await expect(insert('riya', 'riya')).rejects.toThrow('approval_takes_a_second_person')
    await expect(insert('somebody', 'tomas')).rejects.toThrow('foreign key')
    await editDraft(rt, draftId, [write('easy', 81)], person('helper'))
    await expect(insert('riya', 'helper')).rejects.toThrow('approval_takes_a_second_person')
    await expect(rt.db`update trust.approval set revision = revision`).rejects.toThrow('append-only')
    const other = (await drafted([write('goal', 183)])).revision
    await expect(rt.db`
      insert into trust.activation (sequence, revision, approval_id, activated_by, activated_at)
      values (2, ${(await activeRevision(rt)).id}, ${approvalId}, 'tomas', now())`).rejects.toThrow('foreign key')
    await expect(rt.db`
      insert into trust.activation (sequence, revision, activated_by, activated_at)
      values (2, ${(await activeRevision(rt)).id}, 'tomas', now())`).rejects.toThrow('activation_needs_an_approval')
    expect(other).not.toBe(revision)
  })

  test('what is approved is exactly what was reviewed', async () => {
    const { draftId, revision } = await drafted([write('goal', 190)])
    await editDraft(rt, draftId, [write('goal', 900)], STRATEGIST)
    await expect(approve(rt, draftId, { revision }, REVIEWER)).rejects.toMatchObject({ code: 'draft_moved_on' })
  })

  test('approved, it runs, and says who made and who approved it', async () => {
    const { draftId } = await drafted([write('goal', 200)])
    const sequence = await goLive(draftId)
    expect(await rateOf(rt, 'goal')).toBe(200)
    expect((await history(rt, 1))[0]).toMatchObject({
      sequence,
      draftId,
      madeBy: 'riya',
      approvedBy: 'tomas',
      changes: [{ kind: 'offer', id: 'goal', change: 'changed' }],
    })
  })

  test('an approval was for a change to what ran then: after another activation it is given again', async () => {
    const first = await drafted([write('goal', 210)])
    const second = await drafted([write('easy', 90)])
    const approval = await approve(rt, first.draftId, { revision: first.revision }, REVIEWER)
    await goLive(second.draftId)
    await expect(activate(rt, approval, REVIEWER)).rejects.toMatchObject({ code: 'approval_overtaken' })
    await goLive(first.draftId)
    expect([await rateOf(rt, 'goal'), await rateOf(rt, 'easy')]).toEqual([210, 90])
  })

  test('a draft with errors, or a withdrawn one, is not approved', async () => {
    const wrong = await drafted([write('goal', -5)])
    expect(wrong.findings).toMatchObject([{ path: 'rateBp', line: 4 }])
    await expect(approve(rt, wrong.draftId, { revision: wrong.revision }, REVIEWER)).rejects.toMatchObject({
      code: 'draft_has_errors',
    })
    await withdrawDraft(rt, wrong.draftId, 'A slip.', STRATEGIST)
    await expect(editDraft(rt, wrong.draftId, [write('goal', 5)], STRATEGIST)).rejects.toMatchObject({
      code: 'draft_withdrawn',
    })
  })

  test('a text that is not the document it claims to be is refused, and nothing is kept of it', async () => {
    await expect(drafted([{ kind: 'offer', id: 'goal', text: offerText('easy', 1) }])).rejects.toMatchObject({
      code: 'document_unreadable',
    })
    await expect(drafted([{ kind: 'offer', id: 'goal', text: 'kind: [' }])).rejects.toMatchObject({
      facts: { findings: [{ line: 1 }] },
    })
  })
})

describe('two drafts at once, and taking one back', () => {
  test('a conflict names the document', async () => {
    const mine = await drafted([write('goal', 220)])
    const theirs = await drafted([write('goal', 230)])
    await goLive(theirs.draftId)
    const seen = await review(rt, mine.draftId)
    expect(seen.conflicts).toEqual([{ kind: 'offer', id: 'goal', mine: 'written', theirs: 'written' }])
    await expect(approve(rt, mine.draftId, { revision: seen.revision }, REVIEWER)).rejects.toMatchObject({
      code: 'draft_conflicts',
    })
  })

  test('undoing a change leaves everybody’s later work, and needs a second person like any change', async () => {
    const sequence = await goLive((await drafted([write('goal', 300), write('term', 400)])).draftId)
    await goLive((await drafted([write('easy', 95)])).draftId)
    const draftId = await undo(rt, sequence, 'It was too much.', STRATEGIST)
    expect(await rateOf(rt, 'goal')).toBe(300)
    await goLive(draftId)
    expect([await rateOf(rt, 'goal'), await rateOf(rt, 'easy'), await rateOf(rt, 'term')]).toEqual([230, 95, undefined])
  })

  test('what was changed again since cannot be undone unseen', async () => {
    const sequence = await goLive((await drafted([write('goal', 310)])).draftId)
    await goLive((await drafted([write('goal', 320)])).draftId)
    await expect(undo(rt, sequence, 'x', STRATEGIST)).rejects.toMatchObject({ code: 'undo_conflicts' })
  })

  test('an id keeps its number for ever, and numbers are never given again', async () => {
    const numbers = await rt.db<
      { id: string; n: number }[]
    >`select id, item_number as n from trust.item where kind = 'offer'`
    expect(numbers.map(({ id }) => id).sort()).toEqual(['easy', 'goal', 'term'])
    await expect(rt.db`delete from trust.item where id = 'term'`).rejects.toThrow('append-only')
  })
})

describe('the first playbook of an empty bank', () => {
  test('one administrator starts it; ever after it takes two', async () => {
    expect((await history(rt, 100)).at(-1)).toMatchObject({
      sequence: 1,
      draftId: null,
      approvedBy: null,
      activatedBy: 'first-administrator',
    })
    await expect(activateFirst(rt, TEST_BANK.map(writtenOf), STRATEGIST)).rejects.toMatchObject({
      code: 'playbook_exists',
    })
  })

  test('the bank’s zone, currency and days come from it', async () => {
    expect(bankOf(await activeRevision(rt))).toMatchObject({
      name: 'Test Bank',
      currency: 'EUR',
      calendar: { zone: 'Europe/Lisbon', workingWeekdays: [1, 2, 3, 4, 5], holidays: ['2026-01-01'] },
    })
  })

  test('whatever a document says, the database gives back what was approved, to the last digit', async () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number)),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(
          fc.string({ unit: 'grapheme' }).filter((key) => key !== '__proto__' && !key.includes('\0')),
          tie('value'),
        ),
      ),
    })).value
    const bodies = fc.sample(value, { numRuns: 300, seed: 5 })
    const texts = bodies.map((body, i) => {
      const id = `anything_${i}`
      return { kind: 'anything', id, text: writeDocument({ kind: 'anything', id, title: 'x', body }) }
    })
    await goLive((await drafted(texts)).draftId)
    const { id, documents } = await revisionById({ ...rt, config: { ...rt.config } }, (await activeRevision(rt)).id)
    expect([id, documents.get('anything')?.size]).toEqual([(await activeRevision(rt)).id, 300])
  })

  test('a revision that never was is not found', async () => {
    await expect(revisionById(rt, 'f'.repeat(64))).rejects.toMatchObject({ kind: 'not_found' })
  })

  test('a revision that somebody reached into does not run', async () => {
    const { revision, draftId } = await drafted([write('goal', 555)])
    await approve(rt, draftId, { revision }, REVIEWER)
    const tamper = () =>
      rt.db`update trust.document set canonical = replace(canonical, '555', '9999') where body->>'rateBp' = '555'`
    await expect(tamper()).rejects.toThrow('append-only')
    await rt.db`alter table trust.document disable trigger append_only`
    await expect(tamper()).rejects.toThrow('document_is_what_its_hash_says')
    await rt.db`alter table trust.document drop constraint document_is_what_its_hash_says`
    await tamper()
    await rt.db`alter table trust.document enable trigger append_only`
    await expect(revisionById(rt, revision)).rejects.toMatchObject({ code: 'playbook_revision_damaged' })
    // Not running, it is no breach yet; forced to run, the nightly check finds it.
    const found = async () => (await runInvariants(rt, invariants)).flatMap(({ rows }) => rows)
    expect(await found()).toEqual([])
    const { sequence } = await activeRevision(rt)
    await rt.db`
      insert into trust.activation (sequence, revision, approval_id, activated_by, activated_at)
      select ${sequence + 1}, revision, approval_id, 'intruder', now() from trust.approval where draft_id = ${draftId}`
    expect(await found()).toMatchObject([{ breach: 'its documents are not what its hash says' }])
    await expect(activeRevision({ ...rt, config: { ...rt.config } })).rejects.toMatchObject({
      code: 'playbook_revision_damaged',
    })
    await rt.db`alter table trust.activation disable trigger append_only`
    await rt.db`delete from trust.activation where sequence = ${sequence + 1}`
    await rt.db`alter table trust.activation enable trigger append_only`
  })
})
