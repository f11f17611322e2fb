import type { Beliefs } from '#decide/arbitration'
import type { Effect } from '#trust/playbook'
import type { ActionTrace } from './consider.ts'
import { type Decision, decide } from './engine.ts'
import type { Inputs } from './inputs.ts'
import type { Playbook } from './playbook.ts'
import { reasonsOf, shownBy } from './why.ts'

/** One side of a change: the playbook and what is believed of its treatments. */
export interface Side {
  playbook: Playbook
  beliefs: Beliefs
}

interface Move {
  channel: string
  before: string
  after: string
  because: string
  count: number
}

interface Flow {
  where: string
  before: string
  beforeTitle: string
  after: string
  afterTitle: string
  count: number
}

/** What a change does to a set of customers, gathered customer by customer. */
export interface Tally {
  customers: number
  changed: number
  moves: Map<string, Move>
  /** By channel: how many from which action to which, those who stay included. */
  flows: Map<string, Flow>
}

export const newTally = (): Tally => ({ customers: 0, changed: 0, moves: new Map(), flows: new Map() })

const NOTHING = 'nothing'

/** Decides on every inbound channel before and after, with the same draws, and counts whose first action differs. */
export function compareOne(tally: Tally, from: Side, to: Side, inputs: (side: Side, channel: string) => Inputs): void {
  tally.customers++
  let changed = false
  for (const channel of inboundChannels(from.playbook, to.playbook)) {
    const before = firstOf(decide(from.playbook, from.beliefs, inputs(from, channel)))
    const trace: ActionTrace[] = []
    const after = firstOf(decide(to.playbook, to.beliefs, inputs(to, channel)))
    const flow = tally.flows.get(`${channel} ${before} ${after}`)
    if (flow) flow.count++
    else
      tally.flows.set(`${channel} ${before} ${after}`, {
        where: channel,
        before,
        beforeTitle: titleOf(from, before),
        after,
        afterTitle: titleOf(to, after),
        count: 1,
      })
    if (before === after) continue
    changed = true
    decide(to.playbook, to.beliefs, inputs(to, channel), trace)
    const because = reasonFor(before, after, trace)
    const key = `${channel} ${before} ${after} ${because}`
    const move = tally.moves.get(key)
    if (move) move.count++
    else tally.moves.set(key, { channel, before, after, because, count: 1 })
  }
  if (changed) tally.changed++
}

const titleOf = ({ playbook }: Side, id: string): string =>
  id === NOTHING ? 'Nothing' : (playbook.catalogue.actions.find((action) => action.id === id)?.title ?? id)

const firstOf = (decision: Decision): string => shownBy(decision)[0] ?? NOTHING

function inboundChannels(from: Playbook, to: Playbook): string[] {
  const ids = new Set<string>()
  for (const { catalogue } of [from, to])
    for (const channel of catalogue.channels.values()) if (channel.direction === 'inbound') ids.add(channel.id)
  return [...ids].sort()
}

/** Why the earlier action is no longer first: the clause that now leaves it out, or that another one scores higher. */
function reasonFor(before: string, after: string, trace: readonly ActionTrace[]): string {
  if (before === NOTHING) return `${after} may now be said`
  const lost = trace.find((action) => action.action === before)
  if (!lost) return `${before} is no longer in the playbook`
  const [reason] = reasonsOf(lost)
  if (lost.verdict === 'outranked' || lost.verdict === 'shown') return `${after} scores higher than ${before}`
  return reason ? `${before} is left out: ${reason.stage}, ${reason.title}` : `${before}: ${lost.verdict}`
}

const EXAMPLES_MAX = 30
const FLOWS_MAX = 2000

/** The tally as the review of a draft shows it. `ofCustomers`: how many the bank has, when only some were tried. */
export function effectText(tally: Tally, ofCustomers: number): Effect {
  const moves = [...tally.moves.values()].sort((a, b) => b.count - a.count)
  const whom =
    tally.customers < ofCustomers
      ? `${tally.changed} of ${tally.customers} customers tried (of ${ofCustomers})`
      : `${tally.changed} of ${tally.customers} customers`
  return {
    name: 'decide/decisions:next_actions',
    text: `${whom} would get a different next best action.`,
    figures: [
      { figure: 'customers tried', value: tally.customers, unit: 'customers' },
      { figure: 'customers with another next best action', value: tally.changed, unit: 'customers' },
    ],
    examples: moves.slice(0, EXAMPLES_MAX).map(({ channel, before, after, because, count }) => ({
      what: `${channel}: ${because}`,
      before,
      after,
      count,
    })),
    flows: [...tally.flows.values()].sort((a, b) => b.count - a.count).slice(0, FLOWS_MAX),
  }
}
