import { addDays } from '#platform/clock'
import type { FrozenOffer, OfferDocument } from './contract.ts'

/**
 * The offer as it is owed to the customer from the moment of the decision: shown = booked, on every channel, until
 * `expiresOn`. Undefined when it may no longer be shown today. `preApproved` comes from underwriting's own attribute.
 * Its fields stand in the order of their names: a document's own order differs between a folder and the database.
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
  const expiresOn = endsOn !== undefined && endsOn < lastDay ? endsOn : lastDay
  const warning = terms.warning && inOrder(terms.warning)
  return inOrder({ ...terms, ...(warning ? { warning } : {}), preApproved, expiresOn })
}

const inOrder = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) as T
