import Type, { type Static } from 'typebox'
import { Explanation } from '#decide/decisions/contract'
import { FrozenOffer } from '#decide/propositions/contract'
import { DocumentId, documentSchema } from '#trust/playbook/contract'

/** A text per language code (ISO 639-1), in Liquid. */
export const Texts = Type.Record(
  Type.String({ pattern: '^[a-z]{2}$' }),
  Type.String({ minLength: 1, maxLength: 20_000 }),
  { minProperties: 1, maxProperties: 20 },
)

/** How the text is escaped: plain text, HTML, or one line (a subject, a title). */
export const Format = Type.Union([Type.Literal('text'), Type.Literal('html'), Type.Literal('line')])
export type Format = Static<typeof Format>

/** A message that several treatments share. */
export const TemplateDocument = documentSchema('template', {
  format: Type.Optional(Type.Union([Type.Literal('text'), Type.Literal('html')])),
  text: Texts,
  subject: Type.Optional(Texts),
  /** Customers it is rendered for whenever the playbook is validated. */
  samples: Type.Array(
    Type.Object(
      {
        title: Type.String({ minLength: 1, maxLength: 160 }),
        data: Type.Record(Type.String(), Type.Unknown()),
        /** What must, or must never, be read in the result. */
        contains: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 20 })),
        excludes: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 20 })),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 20 },
  ),
})
export type TemplateDocument = Static<typeof TemplateDocument>

/** Customers that every message is tried on. */
export const MADE = ['typical', 'short', 'long', 'rtl', 'unknown'] as const
export type Made = (typeof MADE)[number]
const Made = Type.Enum([...MADE], {
  description:
    'typical: somebody for whom the action is meant. short, long, rtl: the same with a short, a long, or a right-to-left name. unknown: nothing is known.',
})

export const SampleRequest = Type.Object(
  {
    treatment: DocumentId,
    /** Attributes of a made-up customer, by id; what is missing is absent. */
    customer: Type.Record(Type.String({ maxLength: 63 }), Type.Unknown(), { maxProperties: 400 }),
    /** Who is made up: facts for everything that the text fills in, under those of `customer`. */
    made: Type.Optional(Made),
  },
  { additionalProperties: false },
)
export type SampleRequest = Static<typeof SampleRequest>

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const SampleReply = Type.Object({
  treatment: Type.String(),
  channel: Type.String(),
  format: Type.String({ description: 'text | html' }),
  offer: OrNull(FrozenOffer),
  variables: Type.Record(Type.String(), Type.Unknown()),
  /** Variables that could not be computed of this customer. */
  absent: Type.Array(Type.String()),
  link: OrNull(Type.String()),
  messages: Type.Array(
    Type.Object({
      language: Type.String(),
      subject: OrNull(Type.String()),
      /** null: it could not be filled in; `failed` says why. */
      text: OrNull(Type.String()),
      failed: OrNull(Type.String()),
      linkLabel: OrNull(Type.String()),
      imageAlt: OrNull(Type.String()),
      sms: OrNull(
        Type.Object({
          parts: Type.Integer({ description: 'SMS it takes.' }),
          units: Type.Integer(),
          unicode: Type.Array(Type.String(), { description: 'Signs that make every part hold 70 instead of 160.' }),
        }),
      ),
    }),
  ),
})
export type SampleReply = Static<typeof SampleReply>

export const ReadParams = Type.Object({ decisionId: Type.String({ format: 'uuid' }) }, { additionalProperties: false })
export const ReadReply = Type.Object({
  decisionId: Type.String(),
  /** Why it came out so: one look shows both, and is one entry of the audit. */
  explanation: Explanation,
  /** What the customer read, in their language as far as the text has it, in the order in which it was shown. */
  messages: Type.Array(
    Type.Object({
      action: Type.String(),
      treatment: Type.String(),
      language: Type.String(),
      format: Type.String({ description: 'text | html' }),
      subject: OrNull(Type.String()),
      /** null: it could not be filled in, so it was not shown. */
      text: OrNull(Type.String()),
    }),
  ),
})
export type ReadReply = Static<typeof ReadReply>

export const Finding = Type.Object({
  kind: Type.Enum(['not_filled', 'too_long', 'no_subject', 'language_missing'], {
    description: 'language_missing: one of the bank’s languages.',
  }),
  language: Type.String(),
  made: OrNull(Type.Enum([...MADE])),
  says: Type.String(),
})
export type Finding = Static<typeof Finding>

export const Treatment = Type.Object({
  treatment: Type.String(),
  title: Type.String(),
  action: Type.String(),
  actionTitle: Type.String(),
  channel: Type.String(),
  channelTitle: Type.String(),
  /** What marketing through the channel needs: email | sms | push | call | post | none. */
  consent: Type.String(),
  staffed: Type.Boolean(),
  class: Type.String({ description: 'regulatory | service | care | marketing, promotional sentences counted in.' }),
  promotional: Type.Boolean(),
  template: OrNull(Type.String()),
  offer: OrNull(Type.String()),
  format: Type.String({ description: 'text | html' }),
  languages: Type.Array(Type.String()),
  variables: Type.Array(Type.String()),
  charactersMax: OrNull(Type.Integer()),
  characters: Type.Integer({ description: 'Of the longest text over all languages and made-up customers.' }),
  parts: OrNull(
    Type.Integer({ description: 'SMS that the longest takes, with a name of the SMS alphabet; null: it is none.' }),
  ),
  findings: Type.Array(Finding),
})
export type Treatment = Static<typeof Treatment>
export const TreatmentsReply = Type.Object({
  revision: Type.String({ description: 'Empty when the bank has no playbook yet.' }),
  treatments: Type.Array(Treatment),
})
export type TreatmentsReply = Static<typeof TreatmentsReply>
