import type { TreatmentDocument } from '#decide/propositions/contract'
import { takeEvent } from '#know/events'
import { contactOf } from '#know/interactions'
import { forbidden, invalid, notFound } from '#platform/errors'
import { callerOf, once } from '#platform/http'
import type { Runtime } from '#platform/runtime'
import { type Consents, recordConsents, viewConsents } from '#trust/consents'
import { activeRevision, documentOf } from '#trust/playbook'
import type { PlacementDocument } from '../contract.ts'
import { ask, respond } from '../index.ts'
import type { CustomerActor } from '../tokens/index.ts'
import type {
  MyConsents,
  MyPlacementReply,
  MyPlacementRequest,
  MyPlan,
  MyResponseRequest,
  MyStatement,
} from './contract.ts'
import { sayingOf } from './saying.ts'

/** What the bank's systems call this source of events: the customer's own word, on the bank's own pages. */
const SOURCE = 'own_pages'

/**
 * What to show to the customer themselves. Errors: `placement_unknown` (invalid), `placement_elsewhere` (forbidden:
 * of another channel than the token's, or a screen of the staff).
 */
export async function askMine(rt: Runtime, actor: CustomerActor, asked: MyPlacementRequest): Promise<MyPlacementReply> {
  const { asker, acting, channel, customerId } = actor.claims
  const revision = await activeRevision(rt)
  const placement = documentOf<PlacementDocument>(revision, 'placement', asked.placement)
  if (placement && (placement.staffed || (channel !== null && placement.channel !== channel)))
    throw forbidden(
      'placement_elsewhere',
      { placement: asked.placement, channel },
      'This placement is not one for the customer’s own browser on this channel.',
      'Ask for a placement of the channel that the token was given for.',
    )
  const { decisionId, actions } = await ask(rt, {
    ...asked,
    customerId,
    asker,
    ...(acting === null ? {} : { acting: { ...acting } }),
    actor,
  })
  return {
    decisionId,
    contents: actions.map(({ contactId, action, treatment, class: class_, language, subject, text, offer }) => {
      const { link, image } = documentOf<TreatmentDocument>(revision, 'treatment', treatment) ?? {}
      return {
        contactId,
        action,
        class: class_,
        language,
        subject,
        text,
        offer,
        link: link ? { href: link.href, label: inLanguage(link.label, language) } : null,
        image: image ? { src: image.src, alt: inLanguage(image.alt, language) } : null,
      }
    }),
  }
}

/** Words in this language, or in the first there are. */
const inLanguage = (texts: Readonly<Record<string, string>>, language: string): string =>
  texts[language] ?? Object.values(texts)[0] ?? ''

/** What the customer did with what was shown to them. Another customer's contact does not exist for them. */
export async function respondMine(rt: Runtime, actor: CustomerActor, answer: MyResponseRequest) {
  const contact = await contactOf(rt, answer.contactId)
  if (contact?.customerId !== actor.customerId)
    throw notFound(
      'contact_unknown',
      { contactId: answer.contactId },
      'No contact has this id.',
      'Answer with the contactId that came with what was shown.',
    )
  if (answer.kind === 'accept') onlyTheCustomer(actor, 'accept')
  const { occurredAt, key, ...rest } = answer
  // It counts where it was shown: what was kept without a connection may be sent from a page of another channel.
  return respond(rt, {
    ...rest,
    actor,
    ...(occurredAt ? { occurredAt: new Date(occurredAt) } : {}),
    ...(key ? { idempotencyKey: key } : {}),
  })
}

/** The customer's own consents, for them to see; the look is put on record as theirs. */
export async function consentsMine(rt: Runtime, actor: CustomerActor): Promise<MyConsents> {
  onlyTheCustomer(actor, 'see consents')
  return shownTo(await viewConsents(rt, actor.customerId, actor))
}

const shownTo = ({ marketing, profilingObjected, paymentData }: Consents): MyConsents => ({
  marketing: {
    email: marketing.email,
    sms: marketing.sms,
    push: marketing.push,
    call: marketing.call,
    post: marketing.post,
  },
  // What needs no consent is closed by an objection to all of it only.
  objected: !marketing.app,
  profiling: !profilingObjected,
  paymentData,
})

/** Records what the customer says of one of their consents; it holds before the answer. Returns them all as they are then. */
export async function sayMine(
  rt: Runtime,
  actor: CustomerActor,
  { choice, agreed, textVersion }: MyStatement,
): Promise<MyConsents> {
  onlyTheCustomer(actor, 'change consents')
  const said = {
    ...sayingOf(choice, agreed),
    customerId: actor.customerId,
    evidence: {
      how: 'the customer’s own preference centre',
      ...(actor.claims.origin === null ? {} : { where: actor.claims.origin.slice(0, 200) }),
      ...(textVersion ? { textVersion } : {}),
    },
  }
  await recordConsents(rt, [said], actor)
  return consentsMine(rt, actor)
}

/** Tells the bank of a plan or a need of the customer, once for each key. Errors: `plan_date` (invalid),
 * `idempotency_key_reused` (mismatch). */
export async function tellMine(
  rt: Runtime,
  actor: CustomerActor,
  { what, topic, byOn, occurredAt, key }: MyPlan,
): Promise<{ outcome: 'applied' | 'duplicate' }> {
  onlyTheCustomer(actor, 'tell of plans')
  if (what === 'plan' && byOn === undefined)
    throw invalid('plan_date', { at: 'body/byOn' }, 'A plan has a date.', 'Say by when, or send it as a need.')
  // Once by what was said and its key: when it happened may be put right anew with each try, and says nothing new.
  const { answer, again } = await once(
    rt,
    { actorId: callerOf(actor), route: 'mine/plans', key, content: { what, topic, byOn } },
    (rt) => take(rt, actor.customerId, { what, topic, byOn, occurredAt, key }),
  )
  return { outcome: again ? 'duplicate' : (answer as 'applied') }
}

/** A browser keeps what it could not send for a week; what it says is older than that has a wrong clock. */
const KEPT_MS = 8 * 86_400_000

async function take(
  rt: Runtime,
  customerId: number,
  { what, topic, byOn, occurredAt, key }: MyPlan,
): Promise<'applied' | 'duplicate'> {
  const now = rt.clock.now()
  const at = occurredAt === undefined ? now : new Date(occurredAt)
  const believed = at <= now && now.getTime() - at.getTime() <= KEPT_MS
  const told = await takeEvent(rt, {
    source: SOURCE,
    id: `${customerId}:${key}`,
    customerId,
    type: `${what}.told`,
    occurredAt: (believed ? at : now).toISOString(),
    payload: what === 'plan' ? { plan: topic, by_on: byOn } : { topic },
  })
  if (told.outcome !== 'quarantined') return told.outcome
  const { reason, place, found, expected } = told.rejection!
  throw invalid(
    'plan_not_taken',
    { reason, at: place, found, expected },
    'The bank could not take this in as it was told.',
    'Use a new key for something new.',
  )
}

/** Somebody who acts for the customer sees what serves the customer, and neither agrees nor wishes in their name. */
function onlyTheCustomer({ claims }: CustomerActor, what: string): void {
  if (claims.asker !== 'self')
    throw forbidden(
      'only_the_customer',
      { asker: claims.asker, what },
      'Only the customer can do this, not somebody who acts for them.',
      'Let the customer sign in, or come to a branch.',
    )
}
