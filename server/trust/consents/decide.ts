import type { Channel, Outbound, Purpose, State } from './contract.ts'

/** What one customer agrees to, as a decision needs it. */
export interface Consents {
  /** The customer's version at the last change; 0 when nothing was ever recorded. */
  version: number
  /** Whether marketing may use the channel. App, web and branch need no consent, but an objection ends them too. */
  marketing: Readonly<Record<Channel, boolean>>
  /** Objected to profiling, or to marketing: then no offer may rest on a profile of the customer. */
  profilingObjected: boolean
  /** Payment data may be used to choose marketing. */
  paymentData: boolean
}

/** One row of the current state. */
export interface Current {
  purpose: Purpose
  channel: Outbound | 'all'
  state: State
  version: number
}

/**
 * What the rows of one customer amount to. Fails closed: a channel that needs consent is shut unless consent was
 * given and nothing since ended it. Post needs none, and stays open until the customer says otherwise.
 */
export function consentsOf(rows: readonly Current[]): Consents {
  let version = 0
  let marketingObjected = false
  let profilingObjected = false
  let paymentData = false
  const given = { email: false, sms: false, push: false, call: false, post: true }
  for (const row of rows) {
    if (row.version > version) version = row.version
    if (row.purpose === 'payment_data') paymentData = row.state === 'given'
    else if (row.purpose === 'profiling') profilingObjected = row.state !== 'given'
    else if (row.channel === 'all') marketingObjected = row.state !== 'given'
    else given[row.channel] = row.state === 'given'
  }
  const open = !marketingObjected
  return {
    version,
    marketing: {
      email: open && given.email,
      sms: open && given.sms,
      push: open && given.push,
      call: open && given.call,
      post: open && given.post,
      app: open,
      web: open,
      branch: open,
    },
    profilingObjected: profilingObjected || marketingObjected,
    paymentData: paymentData && open,
  }
}
