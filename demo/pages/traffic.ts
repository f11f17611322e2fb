import { call, type Door, PLACES, type Shown, visit } from '../answer.ts'
import { blocksOf, booksOf } from '../books.ts'
import type { Bank } from '../model.ts'
import { isCredit, openAlone, openedBy, toldBy } from '../night.ts'
import { type Visitor, visitorAmong, visitorsOf } from '../play.ts'
import { type Chance, chance, cumulative, happens, mix, oneOf, place, uniform } from '../random.ts'
import { SHOWN } from '../showcase.ts'
import { type Answer, goesThrough } from '../truth.ts'
import { bankDay, type Core } from './core.ts'

/** How much faster than the clock on the wall the customers live. */
export const SPEEDS = [
  { times: 1, label: 'as it is' },
  { times: 60, label: '60 times: an hour in a minute' },
  { times: 600, label: '600 times: a day in two and a half minutes' },
] as const

/** Visits to app, internet bank, branch and telephone of a day, for each customer. */
const VISITS_A_DAY = 0.35
/** How the visits of a day fall on its hours, of a thousand. */
const BY_HOUR = [4, 2, 2, 2, 4, 14, 38, 62, 66, 58, 56, 60, 66, 58, 52, 52, 56, 66, 74, 72, 60, 42, 24, 10]
const BUSIEST_HOUR = Math.max(...BY_HOUR)
/** What the machine of a demonstration bears, and when it stops by itself. */
const VISITS_A_SECOND_MAX = 30
const AT_ONCE_MAX = 8
const VISITS_MAX = 15_000
const MINUTES_MAX = 30
/** A block is a thousand customers, some ten megabytes of them. */
const BLOCKS_AT_HAND_MAX = 25
const MORNING_HOUR = 7
const TICK_MS = 100
/** How often the core sends what was opened. */
const DELIVERY_MS = 8000
const LINES = 8

/** What people look up on the bank's pages. */
const TOPICS = ['loan', 'card', 'mortgage', 'renovation', 'pension'] as const

export interface Status {
  running: boolean
  speed: number
  /** The moment that the customers live in. */
  clock: string
  visits: number
  shown: number
  accepted: number
  refused: number
  told: number
  /** Holdings that the core has opened, asked for or not. */
  opened: number
  failed: number
  /** Why it ended by itself, or what failed last. */
  because: string
  lines: readonly string[]
}

export interface Traffic {
  start(speed: number): Status
  stop(): Status
  status(): Status
}

const PLACE_NAMES: Readonly<Record<string, string>> = {
  app_home: 'in the app',
  web_overview: 'in the internet bank',
  branch_desk: 'in a branch',
  contact_centre: 'on the telephone',
}
const SAID: Readonly<Record<Answer, string>> = {
  accept: 'said yes to',
  click: 'looked at',
  refuse: 'said no to',
  not_now: 'put off',
  never: 'wants never to see',
  none: 'passed over',
}

/**
 * Customers who come by themselves, as many an hour as the bank has at that hour of its day, bounded in rate, number
 * and time. Visits are real calls, and the answers those of the people's hidden truth. Who says yes and goes through
 * with it has the core open it, as has who comes for it unasked.
 */
export function traffic(door: Door, bank: Bank & { size: number }, now: () => Date, core?: Core): Traffic {
  const places = cumulative(PLACES.map((one) => one.visits))
  let timer: ReturnType<typeof setInterval> | undefined
  let round = 0
  let from: Chance = chance(bank.seed, 0, 61)
  let people: Visitor[] = []
  let atHand = 0
  let living = 0
  let startedMs = 0
  let tickedMs = 0
  /** Where the customers' clock began: now, or in the morning when they hurry, since a night is dull to watch. */
  let livedFromMs = 0
  let owed = 0
  let under = 0
  let deliveredMs = 0
  /** Visits that were due since the last delivery, and those that were made: a slow machine lives more slowly. */
  let due = 0
  let made = 0
  let deliveries = 0
  let lookedUp = 0
  let toldOf = 0
  let status: Status = {
    running: false,
    speed: 60,
    clock: '',
    visits: 0,
    shown: 0,
    accepted: 0,
    refused: 0,
    told: 0,
    opened: 0,
    failed: 0,
    because: '',
    lines: [],
  }

  const livedMs = (): number => livedFromMs + (now().getTime() - startedMs) * status.speed

  /**
   * As many thousands of the bank's people as visit no oftener than the machine bears, others in each round: those who
   * are there live their whole day, with what they are asked and what they do unasked in its true proportion. One block
   * at a time, so that pages stay quick.
   */
  const gather = (): void => {
    const { full, rest } = blocksOf(bank.size, SHOWN)
    const blocks = Math.max(1, full + (rest > 0 ? 1 : 0))
    const most = Math.max(1, Math.floor(VISITS_A_SECOND_MAX / aSecond(1000, BUSIEST_HOUR)))
    const wanted = Math.min(most, blocks, BLOCKS_AT_HAND_MAX)
    if (atHand >= wanted) return
    const index = (round * wanted + atHand++) % blocks
    const persons = index < full ? 1000 : rest
    people = [...people, ...visitorsOf(booksOf(bank, index, persons))]
    living += persons
  }

  /** Visits in a second of the wall's clock that so many customers make, in an hour with its share of the day. */
  const aSecond = (customers: number, share: number): number =>
    (customers * VISITS_A_DAY * share * status.speed) / 1000 / 3600

  const line = (text: string): void => {
    status = { ...status, lines: [text, ...status.lines].slice(0, LINES) }
  }

  const one = async (): Promise<void> => {
    const { person, held } = visitorAmong(from, people)
    const spot = PLACES[place(from, places)]!
    const luck = uniform(from)
    const where = PLACE_NAMES[spot.placement]!
    const topic = happens(from, 0.12) ? oneOf(from, TOPICS) : undefined
    under++
    try {
      if (topic && (spot.channel === 'app' || spot.channel === 'web')) {
        await call(door, 'POST', '/api/know/events', {
          source: spot.channel,
          id: `live-${startedMs}-${++lookedUp}`,
          type: 'web.page_viewed',
          customer: { source: 'core_customer', id: person.externalId },
          occurredAt: now().toISOString(),
          payload: { topic },
        })
        status = { ...status, told: status.told + 1 }
        line(`Somebody looked up ${topic} ${where}.`)
      }
      const { shown, answers } = await visit(door, bank.seed, { person, held, place: spot, day: today(), luck })
      count(shown, answers, where)
      for (const [at, { action }] of shown.entries())
        if (answers[at] === 'accept') await follow(action, { person, held }, (luck * 7 + at * 0.37) % 1)
    } catch (error) {
      status = { ...status, failed: status.failed + 1, because: error instanceof Error ? error.message : String(error) }
      if (status.failed > 20 && status.failed > status.visits) stop('Clientele does not answer.')
    } finally {
      under--
    }
  }

  /** What comes of a yes. */
  const follow = async (action: string, { person, held }: Visitor, luck: number): Promise<void> => {
    const product = openedBy(action)
    const told = toldBy(action)
    if (!goesThrough(bank.seed, person, product !== undefined && isCredit(product), luck)) return
    if (product && core?.open({ person, product }, held)) opened(product, 'as agreed')
    if (told)
      await call(door, 'POST', '/api/know/events', {
        ...told,
        id: `live-${startedMs}-done-${++toldOf}`,
        customer: { source: 'core_customer', id: person.externalId },
        occurredAt: now().toISOString(),
      })
  }

  const opened = (product: string, how: string): void => {
    status = { ...status, opened: status.opened + 1 }
    line(`Somebody’s ${product.replaceAll('_', ' ')} was opened, ${how}.`)
  }

  /** What the people at hand open by themselves in the time that went by for them; then the core's post goes out. */
  const deliver = (): void => {
    const sinceMs = now().getTime() - deliveredMs
    if (!core || sinceMs < DELIVERY_MS) return
    deliveredMs += sinceMs
    const lived = due === 0 ? 1 : Math.min(1, made / due)
    const days = Math.min(1, (lived * sinceMs * status.speed) / 86_400_000)
    due = 0
    made = 0
    const unasked = openAlone({ ...bank, today: today() }, mix(startedMs % 1_000_003, ++deliveries), people, days)
    const heldBy = new Map(people.map(({ person, held }) => [person, held]))
    for (const one of unasked) if (core.open(one, heldBy.get(one.person) ?? [])) opened(one.product, 'unasked')
    core.deliver()
  }

  const today = (): number => bankDay(now())

  const count = (shown: readonly Shown[], answers: readonly Answer[], where: string): void => {
    const of = (answer: Answer): number => answers.filter((one) => one === answer).length
    made++
    status = {
      ...status,
      visits: status.visits + 1,
      shown: status.shown + shown.length,
      accepted: status.accepted + of('accept'),
      refused: status.refused + of('refuse') + of('never'),
    }
    for (const [at, { action }] of shown.entries())
      if (answers[at] !== 'none') line(`Somebody ${SAID[answers[at]!]} ${action.replaceAll('_', ' ')} ${where}.`)
  }

  const tick = (): void => {
    gather()
    deliver()
    if (status.visits >= VISITS_MAX) return void stop(`${VISITS_MAX} visits have been made.`)
    if (now().getTime() - startedMs > MINUTES_MAX * 60_000) return void stop(`${MINUTES_MAX} minutes have passed.`)
    const hour = new Date(livedMs()).getHours()
    const sinceMs = now().getTime() - tickedMs
    tickedMs += sinceMs
    const more = Math.min(aSecond(living, BY_HOUR[hour]!), VISITS_A_SECOND_MAX) * (sinceMs / 1000)
    due += more
    owed = Math.min(owed + more, AT_ONCE_MAX)
    while (owed >= 1 && under < AT_ONCE_MAX) {
      owed--
      void one()
    }
  }

  const stop = (because = ''): Status => {
    clearInterval(timer)
    timer = undefined
    core?.deliver()
    status = { ...status, running: false, because, clock: startedMs === 0 ? '' : new Date(livedMs()).toISOString() }
    people = []
    atHand = 0
    living = 0
    return status
  }

  return {
    start(speed) {
      if (timer) return { ...status, clock: new Date(livedMs()).toISOString() }
      startedMs = now().getTime()
      livedFromMs = speed === 1 ? startedMs : new Date(startedMs).setHours(MORNING_HOUR, 0, 0, 0)
      round++
      owed = 1
      due = 0
      made = 0
      deliveredMs = startedMs
      tickedMs = startedMs
      from = chance(bank.seed, round, startedMs % 1_000_003, 61)
      status = {
        ...status,
        running: true,
        speed,
        visits: 0,
        shown: 0,
        accepted: 0,
        refused: 0,
        told: 0,
        opened: 0,
        failed: 0,
        because: '',
        lines: [],
      }
      timer = setInterval(tick, TICK_MS)
      return { ...status, clock: new Date(livedMs()).toISOString() }
    },
    stop: () => (timer ? stop() : status),
    status: () => (timer ? { ...status, clock: new Date(livedMs()).toISOString() } : status),
  }
}
