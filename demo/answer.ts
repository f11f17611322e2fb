import type { Holding, Person } from './model.ts'
import { type Answer, answerOf } from './truth.ts'

/** Where customers meet the bank: the placement it asks for, its channel, and how many of a hundred visits are there. */
export const PLACES = [
  { placement: 'app_home', channel: 'app', visits: 70 },
  { placement: 'web_overview', channel: 'web', visits: 12 },
  { placement: 'branch_desk', channel: 'branch', visits: 9 },
  { placement: 'contact_centre', channel: 'call', visits: 9 },
] as const

/** A door to the bank's platform, as a channel of the bank has one: its address and the channel's own key. */
export interface Door {
  readonly url: string
  readonly apiKey: string
}

export interface Shown {
  contactId: string
  action: string
  class: string
  language: string
  text: string
}

export interface Visit {
  person: Person
  held: readonly Holding[]
  place: (typeof PLACES)[number]
  /** Day of the visit, and its luck, uniform in [0, 1). */
  day: number
  luck: number
}

/** What the platform said no to, with its status and its words. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(text)
    this.status = status
  }
}

/** One call; throws `Refused` with the platform's own words when it says no. */
export async function call(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
): Promise<unknown> {
  const response = await fetch(new URL(path, door.url), {
    method,
    headers: { authorization: `Bearer ${door.apiKey}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Refused(response.status, `${method} ${path}: ${response.status} ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** The customer visits: asks what there is, sees it, and answers by the hidden truth. */
export async function visit(door: Door, seed: number, one: Visit): Promise<{ shown: Shown[]; answers: Answer[] }> {
  const asked = (await call(door, 'POST', '/api/engage/inbound/ask', {
    customer: { source: 'core_customer', id: one.person.externalId },
    placement: one.place.placement,
  })) as { actions: Shown[] }
  const answers: Answer[] = []
  for (const [place, shown] of asked.actions.entries()) {
    const luck = (one.luck + place * 0.618_033_988_749) % 1
    const said = { ...shown, channel: one.place.channel }
    await respond(door, shown.contactId, 'impression')
    const answer = answerOf(seed, one.person, one.held, said, one.day, luck)
    if (answer === 'accept') await respond(door, shown.contactId, 'click')
    if (answer !== 'none') await respond(door, shown.contactId, answer)
    answers.push(answer)
  }
  return { shown: asked.actions, answers }
}

const respond = (door: Door, contactId: string, kind: string): Promise<unknown> =>
  call(door, 'POST', '/api/engage/inbound/responses', { contactId, kind })
