/** Playbooks for tests: documents run as they would in a bank, drafted by one person and approved by another. */
import type { Runtime } from '#platform/runtime'
import { type Actor, ALL_PERMISSIONS } from '#trust/access'
import {
  activate,
  activateFirst,
  activeRevision,
  approve,
  createDraft,
  type Document,
  diffSets,
  kinds as ownKinds,
  type Revision,
  registerKinds,
  review,
  setOf,
  writeDocument,
  writtenOf,
} from '#trust/playbook'

/** Somebody of the bank who may do anything, for verbs called directly; over HTTP people have roles. */
export const person = (id: string, more: Partial<Actor> = {}): Actor => ({
  id,
  kind: 'person',
  name: id,
  roles: [],
  permissions: ALL_PERMISSIONS,
  scope: 'all',
  ...more,
})

export const STRATEGIST = person('riya')
export const REVIEWER = person('tomas')

/** A small bank: Lisbon, euros, English and Portuguese, works Monday to Friday, closed on New Year's Day. */
export const TEST_BANK: readonly Document[] = [
  {
    kind: 'bank',
    id: 'testbank',
    title: 'Test Bank',
    zone: 'Europe/Lisbon',
    currency: 'EUR',
    languages: ['en', 'pt'],
    calendar: 'bank_days',
  },
  {
    kind: 'calendar',
    id: 'bank_days',
    title: 'Bank days',
    workingWeekdays: [1, 2, 3, 4, 5],
    holidays: [{ date: '2026-01-01', name: "New Year's Day" }],
  },
]

/**
 * Makes exactly these documents run (and the test bank's own, unless there is a bank among them): the first time as
 * an administrator does, later as a draft by one person that a second approves.
 */
export async function runPlaybook(rt: Runtime, documents: readonly object[]): Promise<Revision> {
  registerKinds(...ownKinds)
  const given = documents as readonly Document[]
  const all = given.some(({ kind }) => kind === 'bank') ? given : [...TEST_BANK, ...given]
  const active = await activeRevision(rt)
  if (active.sequence === 0) return activateFirst(rt, all.map(writtenOf), person('first-administrator'))
  const wanted = setOf(all)
  const changes = diffSets(active.documents, wanted).map(({ kind, id }) => {
    const document = wanted.get(kind)?.get(id)
    return { kind, id, text: document && writeDocument(document) }
  })
  if (changes.length === 0) return active
  const draftId = await createDraft(rt, { title: 'A change', reason: 'The test needs it.', changes }, STRATEGIST)
  const { revision } = await review(rt, draftId)
  const approvalId = await approve(rt, draftId, { revision }, REVIEWER)
  await activate(rt, approvalId, REVIEWER)
  return activeRevision(rt)
}
