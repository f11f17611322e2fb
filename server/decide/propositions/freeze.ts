import { addDays } from '#platform/clock'
import type { FrozenOffer, OfferDocument } from './contract.ts'

/**
 * The offer as it is owed to the customer from the moment of the decision: shown = booked, on every channel, until
 * `expiresOn`. Undefined when it may no longer be shown today. `preApproved` comes from underwriting's own attribute.
 */
export function freezeOffer(offer: OfferDocument, today: string, preApproved: boolean): FrozenOffer | undefined {
  if (offer.endsOn !== undefined && offer.endsOn < today) return undefined
  const {
    kind: _kind,
    title: _title,
    description: _description,
    validDays,
    endsOn,
    preApproved: _rule,
    ...terms
  } = offer
  const lastDay = addDays(today, validDays)
  return { ...terms, preApproved, expiresOn: endsOn !== undefined && endsOn < lastDay ? endsOn : lastDay }
}
