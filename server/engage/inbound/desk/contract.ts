import Type, { type Static } from 'typebox'
import { BusinessDate, CustomerId } from '#platform/http/contract'
import { DocumentId } from '#trust/playbook/contract'

const strict = { additionalProperties: false }

export const DeskReply = Type.Object(
  {
    /** Where a member of staff says something to a customer. */
    placements: Type.Array(
      Type.Object(
        {
          id: DocumentId,
          title: Type.String(),
          channel: DocumentId,
          channelTitle: Type.String(),
          actionsMax: Type.Integer(),
          /** The bank calls the customer: consent to calls, hours and caps hold, and there may be nobody. */
          outbound: Type.Boolean(),
        },
        strict,
      ),
    ),
    /** What customers can tell that an attribute waits to hear. */
    tellable: Type.Array(
      Type.Object(
        {
          attribute: DocumentId,
          title: Type.String(),
          meaning: Type.String(),
          dated: Type.Boolean({ description: 'Whether the customer names a date with it, such as by when.' }),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type DeskReply = Static<typeof DeskReply>

export const ToldBody = Type.Object(
  {
    customerId: CustomerId,
    channel: DocumentId,
    attribute: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,62}$',
      description: 'What was told: an attribute among the tellable ones of the desk.',
    }),
    on: Type.Optional(BusinessDate),
    key: Type.String({
      pattern: '^[A-Za-z0-9_.:-]{1,100}$',
      description: 'Made by the screen for each thing told: told again after a lost answer, it has no second effect.',
    }),
  },
  strict,
)
export type ToldBody = Static<typeof ToldBody>

export const ToldReply = Type.Object(
  { outcome: Type.Union([Type.Literal('applied'), Type.Literal('duplicate')]) },
  strict,
)
