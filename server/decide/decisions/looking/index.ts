import { beliefsOf, modelOf } from '#decide/arbitration'
import { notFound } from '#platform/errors'
import { isId, type Runtime, transaction } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { record } from '#trust/audit'
import { documentsOf, type Revision, revisionById } from '#trust/playbook'
import type { DecisionFactsReply, Explanation, ReplayReply, WhatIfReply } from '../contract.ts'
import { playbookOf } from '../playbook.ts'
import * as store from '../store.ts'
import { comparedWith, type Described, explained, factsOf, replayed, type Stored } from '../why.ts'

export interface Looking {
  decisionId: string
  actor: Actor
  /** Why somebody looks, for the audit. */
  reason?: string
}

/** A decision and what it names, for somebody who may see the customer; the look is audited in the same transaction. */
function look<T>(
  rt: Runtime,
  { decisionId, actor, reason }: Looking,
  what: string,
  tell: (stored: Stored, revision: Revision) => T,
): Promise<T> {
  return transaction(rt, async (rt) => {
    const row = isId(decisionId) ? await store.decisionById(rt.db, decisionId) : undefined
    if (!row)
      throw notFound(
        'decision_unknown',
        { decisionId },
        'No decision has this id.',
        'Take the decisionId of the answer to a question, or of the customer’s list of decisions.',
      )
    await mustSee(rt, actor, [row.customerId])
    await record(rt, {
      actor,
      action: `decide.decisions:${what}`,
      customerIds: [row.customerId],
      subject: decisionId,
      ...(reason ? { reason } : {}),
    })
    const revision = await revisionById(rt, row.revision)
    const playbook = playbookOf(revision)
    const model = await modelOf(rt, row.modelVersion)
    const beliefs = beliefsOf(playbook.catalogue, model.counts, playbook.arbitration.priorOffers)
    return tell({ row, playbook, beliefs }, revision)
  })
}

/** Why this and why not that, for every action. Made again from what was stored; nothing is learned from it. */
export const explain = (rt: Runtime, looking: Looking): Promise<Explanation> =>
  look(rt, looking, 'explained', explained)

/** Makes a past decision again from its row, its revision and its model, and says whether it is the same to the byte. */
export const replay = (rt: Runtime, looking: Looking): Promise<ReplayReply> => look(rt, looking, 'replayed', replayed)

/** The facts that a decision rested on, for whoever asks "what if". */
export const factsBehind = (rt: Runtime, looking: Looking): Promise<DecisionFactsReply> =>
  look(rt, looking, 'facts_viewed', (stored, revision) =>
    factsOf(stored, documentsOf<Described>(revision, 'attribute')),
  )

/** What would have been decided with other facts. Errors: `fact_unknown`, `fact_type` (invalid). */
export const whatIf = (rt: Runtime, looking: Looking & { change: Record<string, unknown> }): Promise<WhatIfReply> =>
  look(rt, looking, 'asked_what_if', (stored) => comparedWith(stored, looking.change))

/** A customer's decisions, newest first; the view is audited. */
export const decisionsOf = (
  rt: Runtime,
  asked: { customerId: number; decisionsMax: number; actor: Actor },
): Promise<store.PastDecision[]> =>
  transaction(rt, async (rt) => {
    await record(rt, { actor: asked.actor, action: 'decide.decisions:viewed', customerIds: [asked.customerId] })
    return store.decisionsOf(rt.db, asked.customerId, asked.decisionsMax)
  })
