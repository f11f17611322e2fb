import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { call, type Door, PLACES, type Shown, visit } from './answer.ts'
import { type Books, blocksOf, booksOf } from './books.ts'
import type { Progress } from './generate.ts'
import { type Bank, type Holding, holderOf, type Person } from './model.ts'
import { type Opened, openAlone, openedBy } from './night.ts'
import { type Chance, chance, cumulative, place, uniform, whole } from './random.ts'
import { SHOWN } from './showcase.ts'
import type { Answer } from './truth.ts'

/** Events in one call: the platform takes up to 50,000. */
const EVENTS_PER_CALL = 20_000
/** Blocks of a thousand whose people are at hand at once. */
const BLOCKS_AT_HAND = 25

/** Sends the events of a file to the platform as other systems do; sending them again has no effect. */
export async function sendEvents(
  door: Door,
  path: string,
  progress: Progress = () => undefined,
): Promise<{ given: number; applied: number; duplicate: number; quarantined: number }> {
  const total = { given: 0, applied: 0, duplicate: 0, quarantined: 0 }
  let lines: string[] = []
  const send = async (): Promise<void> => {
    if (lines.length === 0) return
    const reply = (await call(
      door,
      'POST',
      '/api/know/events/bulk',
      lines.join('\n'),
      'application/x-ndjson',
    )) as typeof total
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += reply[key]
    lines = []
    progress(total.given, total.given, 'events')
  }
  for await (const line of createInterface({ input: createReadStream(path) })) {
    lines.push(line)
    if (lines.length >= EVENTS_PER_CALL) await send()
  }
  await send()
  return total
}

export interface Played {
  visits: number
  shown: number
  answers: Record<Answer, number>
  byAction: Record<string, { shown: number; accepted: number; refused: number }>
  /** What was opened in the day, asked and unasked: for the core's files of the night. */
  opened: Opened[]
  /** Visits that the platform could not serve, and the first of its reasons. */
  failed: number
  firstFailure: string
}

/**
 * A bounded stretch of the bank's life: customers visit, a few at a time, and answer what they are shown. The same
 * seed and round bring the same visitors.
 */
export async function play(
  door: Door,
  bank: Bank & { size: number },
  order: { visits: number; atOnce: number; round: number },
  progress: Progress = () => undefined,
): Promise<Played> {
  const played: Played = {
    visits: 0,
    shown: 0,
    answers: { accept: 0, click: 0, refuse: 0, not_now: 0, never: 0, none: 0 },
    byAction: {},
    opened: [],
    failed: 0,
    firstFailure: '',
  }
  const people = peopleAtHand(bank, order.round)
  played.opened.push(...openAlone(bank, order.round, people))
  const from = chance(bank.seed, order.round, 60)
  const places = cumulative(PLACES.map((one) => one.visits))
  let begun = 0
  const next = async (): Promise<void> => {
    while (begun++ < order.visits) {
      const { person, held } = visitorAmong(from, people)
      const spot = PLACES[place(from, places)]!
      const luck = uniform(from)
      try {
        const { shown, answers } = await visit(door, bank.seed, { person, held, place: spot, day: bank.today, luck })
        count(played, person, shown, answers)
      } catch (error) {
        played.failed++
        played.firstFailure ||= error instanceof Error ? error.message : String(error)
        if (played.failed > 20 && played.visits === 0) return
      }
      progress(played.visits + played.failed, order.visits, 'visits')
    }
  }
  await Promise.all(Array.from({ length: order.atOnce }, next))
  return played
}

export interface Visitor {
  person: Person
  held: readonly Holding[]
}

/** Those of some thousands of customers who use the bank and are of age to be at a screen or a desk. */
function peopleAtHand(bank: Bank & { size: number }, round: number): Visitor[] {
  const { full, rest } = blocksOf(bank.size, SHOWN)
  const blocks = full + (rest > 0 ? 1 : 0)
  const visitors: Visitor[] = []
  const first = blocks > BLOCKS_AT_HAND ? (round * BLOCKS_AT_HAND) % blocks : 0
  for (let i = 0; i < Math.min(blocks, BLOCKS_AT_HAND); i++) {
    const index = (first + i) % blocks
    visitors.push(...visitorsOf(booksOf(bank, index, index < full ? 1000 : rest)))
  }
  return visitors
}

/** Those of some books who use the bank and are of age to be at a screen or a desk, with what they hold. */
export function visitorsOf(books: Books): Visitor[] {
  const held = new Map<Person, Holding[]>()
  for (const holding of books.block.holdings) {
    const person = holderOf(holding)
    held.set(person, [...(held.get(person) ?? []), holding])
  }
  return books.block.persons
    .filter((person) => person.age >= 14 && (person.state === 'core' || person.state === 'active'))
    .map((person) => ({ person, held: held.get(person) ?? [] }))
}

/** One of them: who banks actively is met more often. */
export function visitorAmong(from: Chance, people: readonly Visitor[]): Visitor {
  for (;;) {
    const one = people[whole(from, 0, people.length - 1)]!
    if (one.person.state === 'core' || uniform(from) < 0.4) return one
  }
}

function count(played: Played, person: Person, shown: readonly Shown[], answers: readonly Answer[]): void {
  played.visits++
  for (const [at, one] of shown.entries()) {
    const answer = answers[at]!
    played.shown++
    played.answers[answer]++
    played.byAction[one.action] ??= { shown: 0, accepted: 0, refused: 0 }
    const action = played.byAction[one.action]!
    action.shown++
    if (answer === 'accept') {
      action.accepted++
      const product = openedBy(one.action)
      if (product) played.opened.push({ person, product })
    }
    if (answer === 'refuse') action.refused++
  }
}
