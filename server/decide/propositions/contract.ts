import Type, { type Static } from 'typebox'
import { DocumentId, documentSchema, refersTo } from '#trust/playbook/contract'

/** The text of a CEL expression. 4,000 characters are far more than a clause a person can check. */
export const Formula = Type.String({ minLength: 1, maxLength: 4000, description: 'CEL expression' })

/** Money in minor units of the offer's currency, or the bank's where none is named. */
const AmountMinor = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })

/**
 * What a communication is in law and in the bank's own rules. Regulatory, service and care ignore marketing consent,
 * caps and control groups; marketing needs them all.
 */
export const TreatmentClass = Type.Union(
  [Type.Literal('regulatory'), Type.Literal('service'), Type.Literal('care'), Type.Literal('marketing')],
  { description: 'regulatory | service | care | marketing' },
)
export type TreatmentClass = Static<typeof TreatmentClass>

export const ProductDocument = documentSchema('product', {
  /** Products of one family replace each other: a switch inside it is neither churn nor sale. */
  family: DocumentId,
  /** Lends money: every action that offers it is a credit action. */
  credit: Type.Optional(Type.Boolean()),
  /** Products the customer must already hold. */
  prerequisites: Type.Optional(Type.Array(refersTo('product'), { maxItems: 10 })),
  /** At most one open holding per person: the action is not offered to a holder. */
  single: Type.Optional(Type.Boolean()),
  /** Age in years from which the product may be held. */
  ageYearsMin: Type.Optional(Type.Integer({ minimum: 0, maximum: 120 })),
  ageYearsMax: Type.Optional(Type.Integer({ minimum: 0, maximum: 120 })),
  /** Days after opening in which the customer may withdraw; the sale counts when they have passed. */
  withdrawalDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 90 })),
  /** The bank's margin on the balance, basis points a year. */
  marginBp: Type.Optional(Type.Integer({ minimum: -2000, maximum: 5000 })),
})
export type ProductDocument = Static<typeof ProductDocument>

export const PropositionDocument = documentSchema('proposition', {
  /** Whom it is for: segments of the playbook. */
  segments: Type.Array(refersTo('segment'), { maxItems: 40 }),
  /** The steps a customer climbs, in order. */
  ladder: Type.Array(
    Type.Object(
      {
        id: DocumentId,
        title: Type.String({ minLength: 1, maxLength: 120 }),
        products: Type.Optional(Type.Array(refersTo('product'), { maxItems: 10 })),
        actions: Type.Optional(Type.Array(refersTo('action'), { maxItems: 20 })),
      },
      { additionalProperties: false },
    ),
    { maxItems: 20 },
  ),
})
export type PropositionDocument = Static<typeof PropositionDocument>

/** A lever multiplies the score: 1 is neutral. */
const Lever = Type.Optional(Type.Number({ minimum: 0, maximum: 100 }))

export const IssueDocument = documentSchema('issue', { lever: Lever })
export type IssueDocument = Static<typeof IssueDocument>

export const GroupDocument = documentSchema('group', { issue: refersTo('issue'), lever: Lever })
export type GroupDocument = Static<typeof GroupDocument>

/** One case that an action carries: these facts, in this context, must end so. */
export const ActionCase = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    customer: Type.Record(Type.String(), Type.Unknown()),
    context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    standings: Type.Optional(Type.Array(Type.String(), { maxItems: 20 })),
    /** `eligible`: every clause lets the customer through. `excluded`: at least one does not. */
    expect: Type.Union([Type.Literal('eligible'), Type.Literal('excluded')]),
    /** The clause id that must be among those that exclude. */
    by: Type.Optional(DocumentId),
  },
  { additionalProperties: false },
)
export type ActionCase = Static<typeof ActionCase>

export const ActionDocument = documentSchema('action', {
  group: refersTo('group'),
  /** Doing nothing, as an action: at most one in a playbook. Actions that score no higher are not shown. */
  nothing: Type.Optional(Type.Boolean()),
  /** The class of its treatments where they don't say otherwise. */
  class: TreatmentClass,
  /** The product it leads to; its prerequisites and ages hold for the action. */
  product: Type.Optional(refersTo('product')),
  /** Prompts new borrowing: the rules for credit hold, whatever the policies say. */
  credit: Type.Optional(Type.Boolean()),
  /**
   * Products of which it changes a holding that the customer already has: where several owners sign for that one
   * together, the offer is accepted when all of them have. Absent: it changes none, and one acceptance is enough.
   */
  changesHoldingOf: Type.Optional(Type.Array(refersTo('product'), { minItems: 1, maxItems: 20 })),
  /** Rests on what the customer paid to whom: as marketing it needs consent to the use of payment data. */
  paymentTriggered: Type.Optional(Type.Boolean()),
  /** Worth of the action, once taken up, in minor units: formulas over the customer and the context. */
  value: Type.Object({ bank: Formula, customer: Formula }, { additionalProperties: false }),
  /** What is believed before anybody answered: this many takers among so many offers. */
  prior: Type.Optional(
    Type.Object(
      {
        accepted: Type.Number({ minimum: 0.01, maximum: 10_000 }),
        offered: Type.Number({ minimum: 0.02, maximum: 1_000_000 }),
      },
      { additionalProperties: false },
    ),
  ),
  lever: Lever,
  /**
   * No outcome is measured for it, and why. Where contact policy rests what was accepted until its outcome is known, it
   * rests so many days instead (30 unless given): nothing would ever tell.
   */
  unmeasured: Type.Optional(
    Type.Object(
      {
        because: Type.String({ minLength: 3, maxLength: 400 }),
        restDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, default: 30 })),
      },
      { additionalProperties: false },
    ),
  ),
  /** Feeds whose lateness or imbalance makes the action wait (source ids); clauses can name their own as well. */
  feeds: Type.Optional(Type.Array(DocumentId, { maxItems: 20 })),
  cases: Type.Optional(Type.Array(ActionCase, { maxItems: 50 })),
})
export type ActionDocument = Static<typeof ActionDocument>

/** A text per language code (ISO 639-1). Liquid; `variables` and `offer` of the treatment are its data. */
const Texts = Type.Record(Type.String({ pattern: '^[a-z]{2}$' }), Type.String({ minLength: 1, maxLength: 20_000 }))

/** Where a link or an image leads: https, or a path of the page's own server. A browser checks it again. */
const Address = Type.String({ pattern: '^(https://[^\\s<>"]{3,500}|/([^\\s<>"/\\\\][^\\s<>"]{0,500})?)$' })
const ShortTexts = Type.Record(Type.String({ pattern: '^[a-z]{2}$' }), Type.String({ minLength: 1, maxLength: 200 }))

export const TreatmentDocument = documentSchema('treatment', {
  action: refersTo('action'),
  channel: refersTo('channel'),
  /** Places of the channel where it may appear; absent: any. */
  placements: Type.Optional(Type.Array(DocumentId, { maxItems: 20 })),
  /** Absent: the action's class. A marketing action has marketing treatments only. */
  class: Type.Optional(TreatmentClass),
  /** Holds a promotional sentence: marketing, whatever the class says. */
  promotional: Type.Optional(Type.Boolean()),
  /** Exactly one of a template document and text of its own. */
  template: Type.Optional(refersTo('template')),
  text: Type.Optional(Texts),
  subject: Type.Optional(Texts),
  /** For screens: a page with more about it, and the words of the link per language. */
  link: Type.Optional(Type.Object({ href: Address, label: ShortTexts }, { additionalProperties: false })),
  /** For screens: a picture, and what it shows in words per language. */
  image: Type.Optional(Type.Object({ src: Address, alt: ShortTexts }, { additionalProperties: false })),
  /** Values for the message: formulas over customer and context, computed and frozen in the decision. */
  variables: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,40}$' }), Formula)),
  offer: Type.Optional(refersTo('offer')),
  tone: Type.Optional(refersTo('tone')),
  lever: Lever,
})
export type TreatmentDocument = Static<typeof TreatmentDocument>

export const OfferDocument = documentSchema('offer', {
  product: refersTo('product'),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  /** Nominal yearly rate, basis points: 6.99 % is 699. */
  rateBp: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  rateType: Type.Optional(Type.Union([Type.Literal('fixed'), Type.Literal('variable')])),
  /** Annual percentage rate of charge, basis points: 7.22 % is 722. */
  aprBp: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  feeMinor: Type.Optional(AmountMinor),
  limitMinor: Type.Optional(AmountMinor),
  amountMinor: Type.Optional(AmountMinor),
  termMonths: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
  instalmentMinor: Type.Optional(AmountMinor),
  totalMinor: Type.Optional(AmountMinor),
  /** The warning that stands beside any figure of a credit, per language. */
  warning: Type.Optional(Texts),
  /** What is paid to the customer on acceptance. */
  bonusMinor: Type.Optional(AmountMinor),
  /** The customer can rely on the offer for so long after it was shown. */
  validDays: Type.Integer({ minimum: 1, maximum: 365 }),
  /** The last day on which it may be shown at all. */
  endsOn: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  /** True for whom underwriting has agreed already; without it nothing may be called pre-approved. */
  preApproved: Type.Optional(Formula),
})
export type OfferDocument = Static<typeof OfferDocument>

export const ChannelDocument = documentSchema('channel', {
  direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
  /** The consent that marketing through it needs. `none`: the customer came to us; an objection still ends it. */
  consent: Type.Union([
    Type.Literal('email'),
    Type.Literal('sms'),
    Type.Literal('push'),
    Type.Literal('call'),
    Type.Literal('post'),
    Type.Literal('none'),
  ]),
  /** Cost of one contact, ten-thousandths of a minor unit: 0.15 cents (€0.0015) is 1500. */
  costMicros: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
  /** Contacts it can carry in a day. */
  dailyCapacity: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Room for text. Where a full credit example does not fit, no figure of a credit may stand. */
  textCharactersMax: Type.Optional(Type.Integer({ minimum: 20, maximum: 100_000 })),
  /** Actions shown at once when the caller doesn't say. */
  actionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  /** Expected takers among offers, before anybody answered, where the action says nothing. */
  prior: ActionDocument.properties.prior,
})
export type ChannelDocument = Static<typeof ChannelDocument>

export const ToneDocument = documentSchema('tone', {
  /** How it speaks, for those who write. */
  guidance: Type.String({ minLength: 1, maxLength: 2000 }),
  /** Texts in this tone may not hold these words or signs. */
  forbidden: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 100 })),
})
export type ToneDocument = Static<typeof ToneDocument>

/** An offer as it stood when it was decided: these figures are owed to the customer until `expiresOn`. */
export const FrozenOffer = Type.Object(
  {
    id: Type.String(),
    product: Type.String(),
    currency: Type.String(),
    rateBp: Type.Optional(Type.Integer()),
    rateType: Type.Optional(Type.String()),
    aprBp: Type.Optional(Type.Integer()),
    feeMinor: Type.Optional(Type.Integer()),
    limitMinor: Type.Optional(Type.Integer()),
    amountMinor: Type.Optional(Type.Integer()),
    termMonths: Type.Optional(Type.Integer()),
    instalmentMinor: Type.Optional(Type.Integer()),
    totalMinor: Type.Optional(Type.Integer()),
    bonusMinor: Type.Optional(Type.Integer()),
    warning: Type.Optional(Type.Record(Type.String(), Type.String())),
    preApproved: Type.Boolean(),
    expiresOn: Type.String(),
  },
  { additionalProperties: false },
)
export type FrozenOffer = Static<typeof FrozenOffer>

export const ActionsReply = Type.Object({
  revision: Type.String(),
  actions: Type.Array(
    Type.Object({
      action: Type.String(),
      title: Type.String(),
      issue: Type.String(),
      group: Type.String(),
      class: Type.String(),
      credit: Type.Boolean(),
      product: Type.Union([Type.String(), Type.Null()]),
      treatments: Type.Array(
        Type.Object({
          treatment: Type.String(),
          channel: Type.String(),
          placements: Type.Union([Type.Array(Type.String()), Type.Null()]),
          class: Type.String(),
          offer: Type.Union([Type.String(), Type.Null()]),
        }),
      ),
    }),
  ),
})
export type ActionsReply = Static<typeof ActionsReply>

/** The kinds of document that say what may be said, to whom, how often and in which order, and what is measured of it. */
export const CATALOGUE_KINDS = [
  'issue',
  'group',
  'action',
  'treatment',
  'template',
  'offer',
  'product',
  'proposition',
  'channel',
  'placement',
  'tone',
  'policy',
  'contact_policy',
  'arbitration',
  'experiment',
  'outcome',
] as const

export const CatalogueQuery = Type.Object(
  {
    kinds: Type.String({
      pattern: '^[a-z_]+(,[a-z_]+){0,20}$',
      description: `Which kinds, with commas between: ${CATALOGUE_KINDS.join(', ')}.`,
    }),
    revision: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'By default the one that runs.' })),
  },
  { additionalProperties: false },
)
export const CatalogueReply = Type.Object({
  revision: Type.String({ description: 'Empty when the bank has no playbook yet.' }),
  documents: Type.Array(
    Type.Intersect([
      Type.Object({ kind: Type.String(), id: Type.String(), title: Type.String() }),
      Type.Record(Type.String(), Type.Unknown()),
    ]),
    { description: 'Each as its kind’s schema says, by kind and then id.' },
  ),
})
export type CatalogueReply = Static<typeof CatalogueReply>
