import { decideFor } from '#decide/decisions'
import type { ActionDocument, ToneDocument, TreatmentDocument } from '#decide/propositions/contract'
import { messageOf, render } from '#engage/content'
import { actsFor, authorityOver, customerOfKey, languagesOf, loadPeople, openHoldings, todayOf } from '#know/customers'
import { type ResponseKind, type ResponseRecorded, recordResponse, suppressContact } from '#know/interactions'
import { localDate } from '#platform/clock'
import { conflict, forbidden, invalid, notFound } from '#platform/errors'
import { takeVersion } from '#platform/outbox'
import { type Runtime, transaction } from '#platform/runtime'
import { count } from '#platform/telemetry'
import { type Actor, mustSee } from '#trust/access'
import { activeRevision, bankOf, documentOf, type Revision, revisionById } from '#trust/playbook'
import { awaited, lapsed } from './acceptance.ts'
import type { AskReply, AskRequest, ShownAction } from './contract.ts'
import { ANSWERS } from './metrics.ts'
import { placementOf, VALID_FOR_SECONDS } from './placement.ts'
import * as store from './store.ts'

export { invariants } from './check.ts'
export { jobs } from './jobs.ts'
export { kinds } from './kinds.ts'
export { families } from './metrics.ts'
export { routes } from './routes.ts'
export { type CustomerActor, customerAsking, giveToken } from './tokens/index.ts'

/**
 * Asks what to show to one customer at one placement, now. Decided, claimed and durable before it answers.
 * Errors: `placement_unknown` (invalid), and those of decide/decisions.
 */
export async function ask(rt: Runtime, asked: AskRequest & { actor: Actor }): Promise<AskReply> {
  const customerId = await customerAsked(rt, asked)
  const revision = await activeRevision(rt)
  await mustStandFor(rt, customerId, asked, bankOf(revision).zone)
  const placement = placementOf(revision, asked.placement)
  const decision = await decideFor(rt, {
    customerId,
    placement: placement.id,
    channel: placement.channel,
    asker: asked.asker ?? (placement.staffed ? 'staff' : 'self'),
    actionsMax: Math.min(asked.actionsMax ?? placement.actionsMax, placement.actionsMax),
    validForSeconds: placement.validForSeconds ?? VALID_FOR_SECONDS,
    actor: asked.actor,
    ...(asked.reason ? { reason: asked.reason } : {}),
    ...(asked.action ? { only: asked.action } : {}),
  })
  if (decision.actions.length === 0)
    return { decisionId: decision.decisionId, actions: [], nothingBecause: becauseOf(decision.nothingBecause, asked) }
  const language = asked.language ?? (await languagesOf(rt.db, [customerId])).get(customerId)
  const shown: ShownAction[] = []
  for (const action of decision.actions) {
    const treatment = documentOf<TreatmentDocument>(revision, 'treatment', action.treatment)
    const message = messageOf(treatment, revision, language)
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
      tone: placement.staffed ? toneOf(revision, treatment) : null,
    })
  }
  return { decisionId: decision.decisionId, actions: shown, nothingBecause: shown.length > 0 ? null : 'not_rendered' }
}

function toneOf(revision: Revision, treatment: TreatmentDocument | undefined): ShownAction['tone'] {
  const tone = treatment?.tone ? documentOf<ToneDocument>(revision, 'tone', treatment.tone) : undefined
  return tone ? { title: tone.title, guidance: tone.guidance } : null
}

/** Where one action was asked for, that nothing applies is said of that one: others may. */
const becauseOf = (because: string | undefined, { action }: AskRequest): string | null =>
  action !== undefined && (because === 'nothing_eligible' || because === 'nothing_better')
    ? 'no_longer'
    : (because ?? null)

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

/**
 * Refuses somebody who says that they act for the customer and does not, or no longer does. What is said to them is the
 * customer's: without a name nobody's authority can be looked up, and nobody is believed.
 */
async function mustStandFor(rt: Runtime, customerId: number, asked: AskRequest, zone: string): Promise<void> {
  const role = asked.asker
  const acts = role === 'guardian' || role === 'attorney' || role === 'executor'
  const named = asked.acting !== undefined || asked.actingCustomerId !== undefined
  if (!acts && !named) return
  if (!acts)
    throw invalid(
      'acting_as_nobody',
      { asker: role ?? null },
      'Somebody acts for the customer, but the question does not say as what.',
      'Say asker: guardian, attorney or executor.',
    )
  if (!named)
    throw invalid(
      'acting_missing',
      { asker: role },
      `The question comes from the customer's ${role}, but does not say who that is.`,
      'Name them in acting, as one of the bank’s systems knows them: their authority is then looked up.',
    )
  const actingCustomerId = asked.acting
    ? await customerOfKey(rt, asked.acting.source, asked.acting.id)
    : asked.actingCustomerId!
  const found = await actsFor(rt, { customerId, actingCustomerId, role, on: await todayOf(rt, zone) })
  if (!found.may)
    throw forbidden(
      'authority_missing',
      { role, because: found.because },
      `This person does not act for the customer as ${role} today.`,
      'Check the power of attorney or the guardianship, and its dates.',
    )
}

/** What a channel says that the customer did. */
export interface Answered {
  contactId: string
  kind: ResponseKind
  channel?: string
  reason?: string
  occurredAt?: Date
  idempotencyKey?: string
  /** Which holder of a joint account answers; by default the contact's own customer. */
  by?: { source: string; id: string }
  byCustomerId?: number
  /** Which holding an acceptance is about, where the action could change several; by default all of them. */
  holding?: { source: string; id: string }
  actor: Actor
}

/**
 * Records what the customer did with what was shown; see know/interactions for its errors. An acceptance counts only
 * while the offer of the decision is owed (`offer_expired`, conflict; the wish is kept as a click), and, where several
 * holders must sign together, with the last of them (until then `awaiting` says so). Errors of who may accept:
 * `authority_missing` (forbidden), `holding_unknown` (not found).
 */
export async function respond(rt: Runtime, answered: Answered): Promise<Recorded> {
  const promised = await store.promisedBy(rt.db, answered.contactId)
  const byAnother = answered.by !== undefined || answered.byCustomerId !== undefined
  if (!promised || (answered.kind !== 'accept' && !byAnother)) return counted(rt, answered)
  await mustSee(rt, answered.actor, [promised.customerId])
  const { zone } = bankOf(await activeRevision(rt))
  const on = await answeredOn(rt, answered, promised, zone)
  if (answered.kind === 'accept' && !promised.accepted && lapsed(promised.expiresOn, on))
    return interestOnly(rt, answered, promised, promised.expiresOn, on)
  const who = await answeringFor(rt, answered, promised)
  if (who !== promised.customerId) await mustSee(rt, answered.actor, [who])
  return transaction(rt, (rt) => signed(rt, { ...answered, byCustomerId: who }, promised, on))
}

/** Which holder answers. */
const answeringFor = async (rt: Runtime, { by, byCustomerId }: Answered, promised: store.Promised): Promise<number> =>
  by ? customerOfKey(rt, by.source, by.id) : (byCustomerId ?? promised.customerId)

/** The same for a holder of whom it is known that they sign for it, with its promise at hand. */
export async function signFor(
  rt: Runtime,
  answered: Answered & { byCustomerId: number },
  promised: store.Promised,
  on: string,
): Promise<Recorded> {
  if (answered.kind === 'accept' && !promised.accepted && lapsed(promised.expiresOn, on))
    return interestOnly(rt, answered, promised, promised.expiresOn, on)
  return transaction(rt, (rt) => signed(rt, answered, promised, on))
}

export type Recorded = ResponseRecorded & { awaiting: 'other_holders' | null }

async function counted(
  rt: Runtime,
  { by: _by, byCustomerId: _byCustomerId, holding: _holding, ...answered }: Answered,
): Promise<Recorded> {
  const idempotencyKey = answered.idempotencyKey ?? `${answered.contactId}:${answered.kind}`
  const recorded = await recordResponse(rt, { ...answered, idempotencyKey })
  if (!recorded.repeated) count(rt, ANSWERS, { kind: answered.kind })
  return { ...recorded, awaiting: null }
}

/** The business date of an answer: by the channel's clock where it can be right, as know/interactions takes it. */
async function answeredOn(rt: Runtime, answered: Answered, promised: store.Promised, zone: string): Promise<string> {
  const [now, today] = [rt.clock.now(), await todayOf(rt, zone)]
  const { occurredAt } = answered
  const believed = occurredAt && occurredAt <= now && occurredAt >= promised.claimedAt
  // A bank read as of a past date has no other day than that one.
  return believed && today === localDate(now, zone) ? localDate(occurredAt, zone) : today
}

/** The rate is owed no longer: what the customer wished is kept, as interest that promises nothing. */
async function interestOnly(
  rt: Runtime,
  answered: Answered,
  promised: store.Promised,
  expiresOn: string,
  acceptedOn: string,
): Promise<never> {
  const { contactId, actor, channel, occurredAt } = answered
  await recordResponse(rt, {
    contactId,
    kind: 'click',
    reason: 'offer_expired',
    idempotencyKey: `${contactId}:interest`,
    actor,
    ...(channel ? { channel } : {}),
    ...(occurredAt ? { occurredAt } : {}),
  })
  throw conflict(
    'offer_expired',
    { contactId, offer: promised.offer, expiresOn, acceptedOn },
    `This offer was owed until ${expiresOn}; it cannot be accepted any more.`,
    'The interest is kept. Ask again: the answer holds what is offered today.',
  )
}

/** An answer under the rule of those who must sign together; called in a transaction. */
async function signed(
  rt: Runtime,
  answered: Answered & { byCustomerId: number },
  promised: store.Promised,
  on: string,
): Promise<Recorded> {
  const { customerId } = promised
  const who = answered.byCustomerId
  const version = await takeVersion(rt, customerId)
  const holders = await holdersToSign(rt, answered, promised, on)
  if (who !== customerId && !holders.includes(who))
    throw forbidden(
      'authority_missing',
      { because: 'not_a_holder' },
      'This person does not sign for what the offer would change.',
      'Name a holder who signs together with the customer, or nobody.',
    )
  if (holders.length < 2 || answered.kind !== 'accept') return counted(rt, answered)
  const now = rt.clock.now()
  const { contactId } = answered
  const channel = answered.channel ?? promised.channel
  await store.insertJointAcceptance(rt.db, {
    customerId,
    contactId,
    acceptedBy: who,
    holders: holders.length,
    channel,
    version,
    acceptedAt: answered.occurredAt && answered.occurredAt <= now ? answered.occurredAt : now,
    recordedAt: now,
  })
  const agreed = (await store.acceptedBy(rt.db, customerId, contactId)).map((row) => row.acceptedBy)
  const idempotencyKey = `${answered.idempotencyKey ?? `${contactId}:accept`}:${who}`
  // Who has agreed once more after the last one did repeats an acceptance that counts.
  if (awaited(holders, agreed).length === 0 || promised.accepted)
    return counted(rt, { ...answered, idempotencyKey: `${contactId}:accept:all` })
  const first = await recordResponse(rt, {
    contactId,
    kind: 'click',
    reason: 'awaiting_other_holders',
    channel,
    idempotencyKey,
    actor: answered.actor,
    ...(answered.occurredAt ? { occurredAt: answered.occurredAt } : {}),
  })
  return { ...first, awaiting: 'other_holders' }
}

/**
 * Whose acceptances together change the holdings that the action is about: the customer, and who must sign with them.
 * The rule is the one under which the offer was made; the roles are those of the date.
 */
export async function holdersToSign(
  rt: Runtime,
  answered: Pick<Answered, 'holding'>,
  promised: Pick<store.Promised, 'customerId' | 'revision' | 'action'>,
  on: string,
): Promise<number[]> {
  const { customerId } = promised
  const revision = await revisionById(rt, promised.revision)
  const products = documentOf<ActionDocument>(revision, 'action', promised.action)?.changesHoldingOf ?? []
  const person = products.length > 0 ? (await loadPeople(rt.db, [customerId], on)).get(customerId) : undefined
  if (!person) return [customerId]
  const named = answered.holding && (await holdingNamed(rt, answered.holding))
  const changed = openHoldings(person, on).filter(
    ({ product, holdingId }) => products.includes(product) && (named === undefined || holdingId === named),
  )
  const holders = new Set([customerId])
  for (const { holderCustomerId, holdingId } of changed) {
    const acting = await authorityOver(rt.db, { holderCustomerId, holdingId, actorCustomerId: customerId, on })
    if (!acting.may)
      throw forbidden(
        'authority_missing',
        { because: acting.because },
        'The customer may not sign for what the offer would change.',
        'Ask who may act for the holding.',
      )
    for (const other of acting.needsAlso) holders.add(other)
  }
  return [...holders]
}

async function holdingNamed(rt: Runtime, { source, id }: { source: string; id: string }): Promise<number> {
  const holdingId = await store.holdingOfKey(rt.db, source, id)
  if (holdingId !== undefined) return holdingId
  throw notFound('holding_unknown', { source }, `No holding is known by this id of ${source}.`, 'Check the id.')
}
