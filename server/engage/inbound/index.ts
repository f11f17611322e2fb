import { decideFor } from '#decide/decisions'
import type { TreatmentDocument } from '#decide/propositions/contract'
import { render } from '#engage/content'
import { actsFor, customerOfKey, languagesOf, todayOf } from '#know/customers'
import { type ResponseKind, recordResponse, suppressContact } from '#know/interactions'
import { forbidden, invalid } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { activeRevision, bankOf, documentOf, documentsOf } from '#trust/playbook'
import type { AskReply, AskRequest, PlacementDocument, ShownAction } from './contract.ts'
import { messageOf } from './message.ts'

export { kinds } from './kinds.ts'
export { routes } from './routes.ts'
export { type CustomerActor, customerAsking, giveToken } from './tokens/index.ts'

const VALID_FOR_SECONDS = 86_400

/**
 * Asks what to show to one customer at one placement, now. Decided, claimed and durable before it answers.
 * Errors: `placement_unknown` (invalid), and those of decide/decisions.
 */
export async function ask(rt: Runtime, asked: AskRequest & { actor: Actor }): Promise<AskReply> {
  const customerId = await customerAsked(rt, asked)
  const revision = await activeRevision(rt)
  if (asked.acting) await mustStandFor(rt, customerId, asked, bankOf(revision).zone)
  const placement = documentOf<PlacementDocument>(revision, 'placement', asked.placement)
  if (!placement)
    throw invalid(
      'placement_unknown',
      {
        placement: asked.placement,
        known: documentsOf(revision, 'placement')
          .map((p) => p.id)
          .slice(0, 20),
      },
      `The playbook has no placement "${asked.placement}".`,
      'Name one of the known placements, or add it to the playbook.',
    )
  const decision = await decideFor(rt, {
    customerId,
    placement: placement.id,
    channel: placement.channel,
    asker: asked.asker ?? (placement.staffed ? 'staff' : 'self'),
    actionsMax: Math.min(asked.actionsMax ?? placement.actionsMax, placement.actionsMax),
    validForSeconds: placement.validForSeconds ?? VALID_FOR_SECONDS,
    actor: asked.actor,
    ...(asked.reason ? { reason: asked.reason } : {}),
  })
  if (decision.actions.length === 0)
    return { decisionId: decision.decisionId, actions: [], nothingBecause: decision.nothingBecause ?? null }
  const language = asked.language ?? (await languagesOf(rt.db, [customerId])).get(customerId)
  const shown: ShownAction[] = []
  for (const action of decision.actions) {
    const message = messageOf(
      documentOf<TreatmentDocument>(revision, 'treatment', action.treatment),
      revision,
      language,
    )
    const data = { variables: action.variables, offer: action.offer }
    const text = render(message.text, data, { format: 'text', language: message.language })
    const subject = message.subject
      ? render(message.subject, data, { format: 'line', language: message.language })
      : { ok: true as const, text: null }
    if (!text.ok || !subject.ok) {
      // The playbook's checks render every text on samples; what slips through must not reach a customer half-made.
      rt.log.error(
        { treatment: action.treatment, contactId: action.contactId },
        'a message could not be rendered and was not shown',
      )
      await suppressContact(rt, { customerId, contactId: action.contactId, reason: 'not_rendered' })
      continue
    }
    shown.push({
      contactId: action.contactId,
      action: action.action,
      treatment: action.treatment,
      group: action.group,
      issue: action.issue,
      class: action.class,
      language: message.language,
      subject: subject.text,
      text: text.text,
      offer: action.offer,
    })
  }
  return { decisionId: decision.decisionId, actions: shown, nothingBecause: shown.length > 0 ? null : 'not_rendered' }
}

/** The customer's number. One given by a system's id is checked here, since the route could not know it before. */
async function customerAsked(rt: Runtime, asked: AskRequest & { actor: Actor }): Promise<number> {
  if ((asked.customerId === undefined) === (asked.customer === undefined))
    throw invalid(
      'customer_reference',
      { found: asked.customerId === undefined ? 'neither' : 'both' },
      'The question names a customer by customerId or by customer, one of the two.',
      'Give exactly one.',
    )
  if (asked.customerId !== undefined) return asked.customerId
  const customerId = await customerOfKey(rt, asked.customer!.source, asked.customer!.id)
  await mustSee(rt, asked.actor, [customerId])
  return customerId
}

/** Refuses somebody who says that they act for the customer and does not, or no longer does. */
async function mustStandFor(rt: Runtime, customerId: number, asked: AskRequest, zone: string): Promise<void> {
  const role = asked.asker
  if (role !== 'guardian' && role !== 'attorney' && role !== 'executor')
    throw invalid(
      'acting_as_nobody',
      { asker: role ?? null },
      'Somebody acts for the customer, but the question does not say as what.',
      'Say asker: guardian, attorney or executor.',
    )
  const actingCustomerId = await customerOfKey(rt, asked.acting!.source, asked.acting!.id)
  const found = await actsFor(rt, { customerId, actingCustomerId, role, on: await todayOf(rt, zone) })
  if (!found.may)
    throw forbidden(
      'authority_missing',
      { role, because: found.because },
      `This person does not act for the customer as ${role} today.`,
      'Check the power of attorney or the guardianship, and its dates.',
    )
}

/** Records what the customer did with what was shown; see know/interactions for its errors. */
export function respond(
  rt: Runtime,
  answered: {
    contactId: string
    kind: ResponseKind
    channel?: string
    reason?: string
    occurredAt?: Date
    idempotencyKey?: string
    actor: Actor
  },
) {
  return recordResponse(rt, {
    ...answered,
    idempotencyKey: answered.idempotencyKey ?? `${answered.contactId}:${answered.kind}`,
  })
}
