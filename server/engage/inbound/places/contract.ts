import Type, { type Static } from 'typebox'
import { FrozenOffer } from '#decide/propositions/contract'
import { DocumentId } from '#trust/playbook/contract'

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const strict = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0 })

export const Counts = Type.Object({
  asks: Count,
  filled: Type.Integer({ minimum: 0, description: 'Of the asks, those with something to show.' }),
  impressions: Count,
  clicks: Count,
  accepted: Count,
  refused: Count,
  putOff: Type.Integer({ minimum: 0, description: 'Not now, and never again.' }),
})
export type Counts = Static<typeof Counts>

export const Place = Type.Object({
  placement: Type.String(),
  title: Type.String(),
  channel: Type.String(),
  channelTitle: Type.String(),
  direction: OrNull(Type.String({ description: 'inbound | outbound; null: the playbook has no such channel.' })),
  actionsMax: Type.Integer({ description: 'How many actions fit.' }),
  validForSeconds: Type.Integer({ description: 'An offer that nobody saw by then expires.' }),
  staffed: Type.Boolean({ description: 'A member of staff reads it out or acts on it.' }),
  textCharactersMax: OrNull(Type.Integer()),
  /** What can fill it. */
  treatments: Type.Array(
    Type.Object({
      treatment: Type.String(),
      title: Type.String(),
      action: Type.String(),
      actionTitle: Type.String(),
      class: Type.String(),
      here: Type.Boolean({ description: 'Made for this placement; otherwise for any of the channel.' }),
    }),
  ),
  today: Counts,
  last28Days: Counts,
  /** Asks of each of the last 28 days, today the last; null: not counted yet. */
  asksByDay: Type.Array(OrNull(Count)),
})
export type Place = Static<typeof Place>

export const PlacesReply = Type.Object({
  revision: Type.String({ description: 'Empty when the bank has no playbook yet.' }),
  at: Type.String({ format: 'date-time' }),
  day: Type.String({ format: 'date', description: 'Today, in the bank’s zone.' }),
  /** Days of the 28 that are not counted yet. */
  daysMissing: Type.Integer(),
  publicUrl: OrNull(Type.String()),
  origins: Type.Array(Type.String(), { description: 'Pages that may call for a customer.' }),
  placements: Type.Array(Place),
})
export type PlacesReply = Static<typeof PlacesReply>

export const PlacePreviewRequest = Type.Object(
  {
    customerId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    placement: DocumentId,
    /** ISO 639-1; by default the customer's language. */
    language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$' })),
    reason: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,60}$' })),
    actionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  },
  strict,
)
export type PlacePreviewRequest = Static<typeof PlacePreviewRequest>

export const PlacePreviewReply = Type.Object({
  placement: Type.String(),
  customerId: Type.Integer(),
  at: Type.String(),
  /** What would be shown now, best first. Nothing of it is claimed or kept. */
  shown: Type.Array(
    Type.Object({
      action: Type.String(),
      title: Type.String(),
      treatment: Type.String(),
      class: Type.String(),
      language: Type.String(),
      format: Type.String({ description: 'text | html' }),
      subject: OrNull(Type.String()),
      text: OrNull(Type.String({ description: 'null: it could not be filled in, so it would not be shown.' })),
      failed: OrNull(Type.String()),
      linkLabel: OrNull(Type.String()),
      offer: OrNull(FrozenOffer),
      variables: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
  nothingBecause: OrNull(Type.String()),
  considered: Count,
  /** Each action that was considered, the best first: where it ended, and the clause that decided it. */
  endings: Type.Array(
    Type.Object({
      action: Type.String(),
      title: Type.String(),
      verdict: Type.String(),
      because: OrNull(Type.Object({ title: Type.String(), found: Type.String(), needed: Type.String() })),
    }),
  ),
  /** How many of the actions ended at each verdict. */
  verdicts: Type.Record(Type.String(), Count),
})
export type PlacePreviewReply = Static<typeof PlacePreviewReply>
