import type { Catalogue } from '#decide/propositions'
import { beliefsOf, type Count } from './beliefs.ts'
import { shareInterval } from './share.ts'

/** What was known at the end of a day. */
export interface DayEnd {
  readonly on: string
  readonly counts: readonly Count[]
}

/** Offers of one day, treatment and channel, with the likelihood that was believed in the morning. */
interface Foretold {
  readonly on: string
  readonly action: string
  readonly believed: number
  readonly offered: number
  readonly accepted: number
}

/** What was foretold of some offers beside what came; `foretold` is a number of acceptances. */
export interface Tested {
  offered: number
  foretold: number
  accepted: number
  /** 95 % interval of the share taken up (Wilson); null without an offer. */
  interval: [number, number] | null
}

export interface Calibration {
  /** The first and the last day whose offers are tested; null when there is none. */
  from: string | null
  to: string | null
  all: Tested
  /** Offers in groups of about the same size, from the least to the most likely. */
  groups: (Tested & { low: number; high: number })[]
  actions: (Tested & { action: string })[]
}

const GROUPS_MAX = 10
/** Fewer offers than this in a group say next to nothing about a share of a few per cent. */
const OFFERS_PER_GROUP_MIN = 100

/**
 * How far what was believed came true: the offers of each day, foretold with what was known the evening before. No offer
 * is foretold by its own answer. What is inherited is inherited as the catalogue of today says. An answer counts on the
 * day on which it came, which may be later than its offer's.
 */
export function calibrationOf(catalogue: Catalogue, days: readonly DayEnd[], priorOffers: number): Calibration {
  const cells = days.slice(1).flatMap((day, at) => foretoldOf(catalogue, days[at]!, day, priorOffers))
  const byAction = Map.groupBy(cells, ({ action }) => action)
  return {
    from: cells[0]?.on ?? null,
    to: cells.at(-1)?.on ?? null,
    all: sumOf(cells),
    groups: groupsOf(cells),
    actions: [...byAction]
      .map(([action, ofAction]) => ({ action, ...sumOf(ofAction) }))
      .sort((a, b) => b.offered - a.offered || (a.action < b.action ? -1 : 1)),
  }
}

function foretoldOf(catalogue: Catalogue, before: DayEnd, after: DayEnd, priorOffers: number): Foretold[] {
  const known = new Map(before.counts.map((one) => [`${one.treatment} ${one.channel}`, one]))
  const places = new Map(catalogue.treatments.map((one) => [`${one.id} ${one.channel.id}`, one.index]))
  const { alpha, beta } = beliefsOf(catalogue, before.counts, priorOffers)
  return after.counts.flatMap((one) => {
    const key = `${one.treatment} ${one.channel}`
    const index = places.get(key)
    const offered = one.offered - (known.get(key)?.offered ?? 0)
    const accepted = one.accepted - (known.get(key)?.accepted ?? 0)
    // Counts go down when a store was restored; such a day foretells nothing.
    if (index === undefined || offered < 0 || accepted < 0 || offered + accepted === 0) return []
    const believed = alpha[index]! / (alpha[index]! + beta[index]!)
    return [{ on: after.on, action: one.action, believed, offered, accepted }]
  })
}

function sumOf(cells: readonly Foretold[]): Tested {
  const sum = { offered: 0, foretold: 0, accepted: 0 }
  for (const { believed, offered, accepted } of cells) {
    sum.offered += offered
    sum.foretold += believed * offered
    sum.accepted += accepted
  }
  return { ...sum, interval: shareInterval(Math.min(sum.accepted, sum.offered), sum.offered) }
}

function groupsOf(cells: readonly Foretold[]): Calibration['groups'] {
  const all = cells.reduce((sum, { offered }) => sum + offered, 0)
  if (all === 0) return []
  const size = all / Math.max(1, Math.min(GROUPS_MAX, Math.floor(all / OFFERS_PER_GROUP_MIN)))
  const groups: Foretold[][] = []
  let before = 0
  for (const cell of [...cells].sort((a, b) => a.believed - b.believed)) {
    const at = Math.min(Math.floor(before / size), GROUPS_MAX - 1)
    groups[at] = [...(groups[at] ?? []), cell]
    before += cell.offered
  }
  return groups
    .filter((group) => group.some(({ offered }) => offered > 0))
    .map((group) => ({ low: group[0]!.believed, high: group.at(-1)!.believed, ...sumOf(group) }))
}
