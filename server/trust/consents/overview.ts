import { addDays, localDate } from '#platform/clock'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf } from '#trust/playbook'
import type { ConsentOverview } from './contract.ts'
import * as store from './store.ts'

const DAYS = 30
const DAY_MS = 86_400_000
/** Counting reads the whole base: once a minute is often enough for a picture of it. */
const FRESH_MS = 60_000

const LINES = [
  ['marketing', 'all', 'marketing'],
  ['marketing', 'email', 'email'],
  ['marketing', 'sms', 'sms'],
  ['marketing', 'push', 'push'],
  ['marketing', 'call', 'call'],
  ['marketing', 'post', 'post'],
  ['profiling', 'all', 'profiling'],
  ['payment_data', 'all', 'payment_data'],
] as const

const counted = new WeakMap<object, { at: number; overview: Promise<ConsentOverview> }>()

/** How the whole base stands to each purpose and channel, and what was said in the last thirty days. */
export async function overviewOf(rt: Runtime): Promise<ConsentOverview> {
  const at = rt.clock.now().getTime()
  const known = counted.get(rt.config)
  if (known && Math.abs(at - known.at) < FRESH_MS) return known.overview
  const overview = count(rt)
  counted.set(rt.config, { at, overview })
  overview.catch(() => counted.delete(rt.config))
  return overview
}

async function count(rt: Runtime): Promise<ConsentOverview> {
  const now = rt.clock.now()
  const active = await activeRevision(rt)
  const zone = active.sequence === 0 ? 'UTC' : bankOf(active).zone
  const [states, recorded] = await Promise.all([
    store.countStates(rt.db),
    store.countRecorded(rt.db, new Date(now.getTime() - DAYS * DAY_MS), zone),
  ])
  const customersOf = (column: string, state: string | null) =>
    states.find((row) => row.column === column && row.state === state)?.customers ?? 0
  const lines = LINES.map(([purpose, channel, column]) => ({
    purpose,
    channel,
    given: customersOf(column, 'given'),
    withdrawn: customersOf(column, 'withdrawn'),
    objected: customersOf(column, 'objected'),
    unsaid: customersOf(column, null),
  }))
  const today = localDate(now, zone)
  const days = Array.from({ length: DAYS }, (_, back) => {
    const day = addDays(today, back - DAYS + 1)
    const of = (state: string) => recorded.find((row) => row.day === day && row.state === state)?.records ?? 0
    return { day, given: of('given'), withdrawn: of('withdrawn'), objected: of('objected') }
  })
  const { given, withdrawn, objected, unsaid } = lines[0]!
  return { asOf: now.toISOString(), customers: given + withdrawn + objected + unsaid, lines, days }
}
