import type { Action, Catalogue, Treatment } from '#decide/propositions'

/** What was counted for one treatment on one channel. */
export interface Count {
  readonly action: string
  readonly treatment: string
  readonly channel: string
  readonly offered: number
  readonly accepted: number
}

/** The counts that decisions are made with, immutable and named by their content. */
export interface Model {
  readonly version: string
  readonly counts: readonly Count[]
}

/**
 * What is believed of each treatment's propensity, as a Beta distribution; by the treatment's place in the catalogue.
 * Typed arrays, because they are read for every candidate of every decision.
 */
export interface Beliefs {
  readonly alpha: Float64Array
  readonly beta: Float64Array
}

/** Taken for granted of an action of which neither its document nor its channel says anything. */
const BASE_RATE = 0.01

interface Sum {
  offered: number
  accepted: number
}

/**
 * Beliefs from counts, each level inheriting from the one above it: a treatment begins where the other treatments of
 * its action are, an action where its document, its group or its channel is. What is inherited weighs `priorOffers`
 * offers, so that a new treatment neither floods nor starves. A treatment's own counts are left out of what it
 * inherits, so that no answer counts twice. (Beta-binomial conjugacy; empirical Bayes over two levels.)
 */
export function beliefsOf(catalogue: Catalogue, counts: readonly Count[], priorOffers: number): Beliefs {
  const byTreatment = new Map<string, Sum>()
  const byAction = new Map<string, Sum>()
  const byGroup = new Map<string, Sum>()
  for (const count of counts) {
    add(byTreatment, `${count.treatment} ${count.channel}`, count)
    add(byAction, count.action, count)
    const action = catalogue.actionById.get(count.action)
    if (action) add(byGroup, action.group, count)
  }
  const alpha = new Float64Array(catalogue.treatments.length)
  const beta = new Float64Array(catalogue.treatments.length)
  for (const treatment of catalogue.treatments) {
    const own = byTreatment.get(`${treatment.id} ${treatment.channel.id}`) ?? NOTHING
    const ofAction = byAction.get(treatment.action.id) ?? NOTHING
    const ofGroup = byGroup.get(treatment.action.group) ?? NOTHING
    const start = startOf(treatment, minus(ofGroup, ofAction), priorOffers)
    const inherited = mean(minus(ofAction, own), start, priorOffers)
    alpha[treatment.index] = own.accepted + priorOffers * inherited
    beta[treatment.index] = own.offered - own.accepted + priorOffers * (1 - inherited)
  }
  return { alpha, beta }
}

const NOTHING: Sum = { offered: 0, accepted: 0 }
const minus = (all: Sum, part: Sum): Sum => ({
  offered: all.offered - part.offered,
  accepted: all.accepted - part.accepted,
})
const mean = (sum: Sum, before: number, weight: number): number =>
  (sum.accepted + weight * before) / (sum.offered + weight)

function startOf(treatment: Treatment, restOfGroup: Sum, priorOffers: number): number {
  const said = treatment.action.document.prior ?? treatment.channel.prior
  if (treatment.action.document.prior) return rate(treatment.action)
  return mean(restOfGroup, said ? said.accepted / said.offered : BASE_RATE, priorOffers)
}

const rate = (action: Action): number => action.document.prior!.accepted / action.document.prior!.offered

function add(sums: Map<string, Sum>, key: string, count: Sum): void {
  const sum = sums.get(key)
  if (sum) {
    sum.offered += count.offered
    sum.accepted += count.accepted
  } else sums.set(key, { offered: count.offered, accepted: count.accepted })
}
