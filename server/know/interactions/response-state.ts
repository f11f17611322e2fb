/** What a customer can do with a contact. */
export const RESPONSE_KINDS = ['impression', 'click', 'accept', 'refuse', 'not_now', 'never'] as const
export type ResponseKind = (typeof RESPONSE_KINDS)[number]

export type ContactState =
  | 'offered'
  | 'shown'
  | 'clicked'
  | 'accepted'
  | 'refused'
  | 'deferred'
  | 'declined_for_good'
  | 'claimed'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'suppressed'
  | 'expired'
  | 'unknown'

const STATE_OF: Record<ResponseKind, ContactState> = {
  impression: 'shown',
  click: 'clicked',
  accept: 'accepted',
  refuse: 'refused',
  not_now: 'deferred',
  never: 'declined_for_good',
}

// How far a contact has come. An answer outranks a click, a click an impression, and among answers the last one the
// customer gave holds: a person may refuse and then think better of it.
const RANK: Record<ContactState, number> = {
  suppressed: 0,
  failed: 0,
  expired: 1,
  unknown: 1,
  offered: 1,
  claimed: 1,
  sent: 2,
  delivered: 3,
  shown: 4,
  clicked: 5,
  deferred: 6,
  refused: 6,
  accepted: 6,
  declined_for_good: 6,
}

/**
 * The state after a response. Late and repeated responses never move a contact backwards; a response proves that the
 * contact reached the customer, so an expired or unknown one comes back to life.
 */
export function stateAfter(state: ContactState, response: ResponseKind): ContactState {
  const next = STATE_OF[response]
  return RANK[next] >= RANK[state] ? next : state
}

/** Whether the contact waits for nothing more than an answer that may never come. */
export const isAnswered = (state: ContactState): boolean => RANK[state] === 6
