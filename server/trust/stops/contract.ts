import Type, { type Static } from 'typebox'
import { Id, Instant, ItemId } from '#platform/http/contract'

export const StopScope = Type.Union([
  Type.Literal('everything'),
  Type.Literal('action'),
  Type.Literal('template'),
  Type.Literal('channel'),
])

const Reason = Type.String({ minLength: 1, maxLength: 2000, description: 'Why, in a sentence.' })

/** What to stop. `target` is the id of the action, template or channel; it is left out for everything. */
export const StopBody = Type.Object(
  { scope: StopScope, target: Type.Optional(ItemId), reason: Reason },
  { additionalProperties: false },
)
export type StopBody = Static<typeof StopBody>

export const StopReply = Type.Object({
  stopId: Id,
  version: Type.Integer({ description: 'Decisions carry this version, or a later one, from a second after now.' }),
})

export const StopParams = Type.Object({ stopId: Id }, { additionalProperties: false })
export const RestartBody = Type.Object({ reason: Reason }, { additionalProperties: false })
export const VersionReply = Type.Object({ version: Type.Integer() })

export const StopsQuery = Type.Object(
  { all: Type.Optional(Type.Boolean({ description: 'Those that are over as well.' })) },
  { additionalProperties: false },
)

export const StopsReply = Type.Object({
  version: Type.Integer(),
  stops: Type.Array(
    Type.Object({
      stopId: Id,
      scope: StopScope,
      target: Type.String(),
      reason: Type.String(),
      stoppedBy: Type.String(),
      stoppedAt: Instant,
      restart: Type.Union([
        Type.Object({ reason: Type.String(), proposedBy: Type.String(), proposedAt: Instant }),
        Type.Null(),
      ]),
      confirmedBy: Type.Union([Type.String(), Type.Null()]),
      confirmedAt: Type.Union([Instant, Type.Null()]),
    }),
  ),
})
