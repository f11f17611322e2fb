import { currentModel } from '#decide/arbitration'
import { notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision } from '#trust/playbook'
import type { ActionTrace } from '../consider.ts'
import type { PreviewReply, PreviewRequest } from '../contract.ts'
import { decide } from '../engine.ts'
import { beliefsFor, channelUnknown, groundFor } from '../index.ts'
import { readAll } from '../load.ts'
import { inputsFor } from '../make.ts'
import { tracedActions } from '../why.ts'

/**
 * What would be decided for a customer now, with every reason. Nothing is claimed, nothing is kept but who looked; two
 * previews of one moment are the same, since chance is drawn from the customer's number.
 * Errors: `customer_unknown` (not found), `channel_unknown` (invalid).
 */
export async function preview(
  rt: Runtime,
  { actor, why, ...request }: PreviewRequest & { actor: Actor },
): Promise<PreviewReply> {
  const { customerId, channel } = request
  const ground = await groundFor(rt, await activeRevision(rt))
  const found = ground.playbook.catalogue.channels.get(channel)
  if (!found) throw channelUnknown(channel)
  const model = await currentModel(rt)
  const known = await transaction(rt, async (rt) => {
    await record(rt, {
      actor,
      action: 'decide.decisions:previewed',
      customerIds: [customerId],
      ...(why ? { reason: why } : {}),
    })
    return readAll(rt, [customerId], ground, found.direction === 'outbound')
  })
  const facts = known.facts.get(customerId)
  if (!facts)
    throw notFound('customer_unknown', { customerId }, 'There is no such customer.', 'Ask with a customer’s number.')
  const { inputs } = inputsFor(request, facts, known, ground, customerId % 2 ** 32)
  const trace: ActionTrace[] = []
  const decision = decide(ground.playbook, beliefsFor(ground.playbook, model), inputs, trace)
  return {
    customerId,
    at: ground.now.toISOString(),
    today: ground.today,
    channel,
    placement: inputs.placement,
    revision: ground.playbook.revision,
    modelVersion: model.version,
    actions: decision.chosen
      .filter(({ withheld }) => !withheld)
      .map(({ action, treatment, offer, variables, score }) => ({
        action: action.id,
        title: action.title,
        group: action.group,
        issue: action.issue,
        treatment: treatment.id,
        class: treatment.class,
        offer,
        variables,
        priority: score,
      })),
    nothingBecause: decision.nothingBecause ?? null,
    considered: tracedActions(decision, trace),
  }
}
